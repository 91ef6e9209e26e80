#include "archive/status_history.h"

namespace certbridge::host {
namespace {

std::string joined(const std::string& left, const std::string& right) {
  return left.empty() || right.empty() ? left + right : left + " " + right;
}

StatusRow row_of(const DossierMessage& message, const std::string& effect) {
  const StoredMessage& stored = message.stored;
  StatusRow row;
  row.message = stored.message.id;
  row.entered = stored.message.created;
  row.occurred = header_of(stored.message, "occurred-at");
  row.event = header_of(stored.message, "life-event");
  if (row.event.empty()) row.event = "issue";
  row.effect = effect;
  row.word = header_of(stored.message, "status-word");
  row.before = header_of(stored.message, "status-before");
  row.reason = header_of(stored.message, "life-reason");
  row.restriction = joined(header_of(stored.message, "restriction-kind"),
                           header_of(stored.message, "restriction-case"));
  row.case_no = header_of(stored.message, "case-no");
  for (const StoredDelivery& delivery : message.deliveries) {
    row.told.push_back({delivery.endpoint, to_text(delivery.state), delivery.changed});
  }
  return row;
}

}  // namespace

std::vector<StatusRow> status_history(const Dossier& dossier) {
  std::vector<StatusRow> rows;
  for (const DossierMessage& message : dossier.messages) {
    const std::string effect = header_of(message.stored.message, "life-effect");
    if (!effect.empty()) rows.push_back(row_of(message, effect));
  }
  return rows;
}

}  // namespace certbridge::host

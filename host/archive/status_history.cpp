#include "archive/status_history.h"

namespace certbridge::host {
namespace {

std::string header(const StoredMessage& stored, const char* name) {
  const auto found = stored.message.headers.find(name);
  return found == stored.message.headers.end() ? std::string() : found->second;
}

std::string joined(const std::string& left, const std::string& right) {
  return left.empty() || right.empty() ? left + right : left + " " + right;
}

StatusRow row_of(const DossierMessage& message, const std::string& effect) {
  const StoredMessage& stored = message.stored;
  StatusRow row;
  row.message = stored.message.id;
  row.entered = stored.message.created;
  row.occurred = header(stored, "occurred-at");
  row.event = header(stored, "life-event");
  if (row.event.empty()) row.event = "issue";
  row.effect = effect;
  row.word = header(stored, "status-word");
  row.before = header(stored, "status-before");
  row.reason = header(stored, "life-reason");
  row.restriction = joined(header(stored, "restriction-kind"), header(stored, "restriction-case"));
  row.case_no = header(stored, "case-no");
  for (const StoredDelivery& delivery : message.deliveries) {
    row.told.push_back({delivery.endpoint, to_text(delivery.state), delivery.changed});
  }
  return row;
}

}  // namespace

std::vector<StatusRow> status_history(const Dossier& dossier) {
  std::vector<StatusRow> rows;
  for (const DossierMessage& message : dossier.messages) {
    const std::string effect = header(message.stored, "life-effect");
    if (!effect.empty()) rows.push_back(row_of(message, effect));
  }
  return rows;
}

}  // namespace certbridge::host

#include "recheck.h"

#include <algorithm>
#include <charconv>

#include "records_client.h"

namespace certbridge::registration {
namespace {

std::int64_t event_order(const CaseRow& event) {
  const std::string& text = event.text("order");
  std::int64_t order = 0;
  std::from_chars(text.data(), text.data() + text.size(), order);
  return order;
}

// Whether the last word about the case is that it was returned.
bool returned(const CaseRows& rows) {
  const auto& events = rows.set("events");
  const auto last =
      std::max_element(events.begin(), events.end(), [](const CaseRow& left, const CaseRow& right) {
        return event_order(left) < event_order(right);
      });
  return last != events.end() && last->text("type") == "returned";
}

bool still_there(const CaseRows& rows, const std::string& certificate_id) {
  const auto& all = rows.set("certificates");
  return std::any_of(all.begin(), all.end(), [&](const CaseRow& row) {
    return row.text("id") == certificate_id && row.text("state") != "withdrawn";
  });
}

}  // namespace

Result<std::vector<Message>> Recheck::process(const Message& message, const Call& call) {
  const auto header = [&](const char* name) { return header_of(message, name); };
  if (header("case-no").empty()) {
    return Error::permanent("registration.event", "the message names no case (header case-no)");
  }
  auto answer = ask_for_case(records_, mapping_, header("case-no"), call);
  if (!answer) return answer.error();
  if (returned(answer.value().rows)) {
    return Error::permanent(kCodeWithdrawn,
                            "the case was returned before the certificate was sealed");
  }
  if (!still_there(answer.value().rows, header("certificate-id"))) {
    return Error::permanent(kCodeWithdrawn, "the certificate was withdrawn before it was sealed");
  }
  if (answer.value().digest != header("record-digest")) {
    return Error::retryable(
        "registration.record_changed",
        "the record changed after the certificate was prepared; it is prepared anew");
  }
  return std::vector<Message>{message};
}

}  // namespace certbridge::registration

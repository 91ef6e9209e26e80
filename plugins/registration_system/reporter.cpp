#include "reporter.h"

#include "case_rows.h"
#include "certbridge/record.h"
#include "certbridge/text.h"
#include "dates.h"

namespace certbridge::registration {
namespace {

std::optional<std::string> or_null(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

Error ours(const Error& error) {
  Error mine = error;
  mine.message = "writing the result: " + error.code + ": " + error.message;
  switch (error.severity) {
    case Severity::kRetryable:
      mine.code = "registration.results_unavailable";
      break;
    case Severity::kPermanent:
      mine.code = "registration.results_refused";
      break;
    case Severity::kFault:
      mine.code = "registration.results_fault";
      break;
  }
  return mine;
}

struct Stage {
  std::string name{};
  std::string code{};
  std::string library_id{};
  std::string message{};  // of the refusal
  std::string said{};     // what a clerk is told of it, where that is no place in a record
};

// What a library that took it has done.
std::string done_by_library(const Message& message) {
  if (message.type != "certificate.status") return "collected";
  return header_of(message, "status-word") == "voided" ? "voided" : "changed";
}

Stage stage_of(const Message& message, const EarlierDelivery& earlier) {
  if (earlier.state == "delivered") return {done_by_library(message), {}, earlier.remote_id};
  if (earlier.state == "not-held") return {"not_held", earlier.error_code, {}};
  if (earlier.state == "open") return {"received", {}, earlier.remote_id};
  if (earlier.state == "parked" || earlier.state == "repair")
    return {"refused", earlier.error_code, {}};
  // A later event of the certificate came before it: docs/life.md.
  if (earlier.error_code.starts_with("order.")) return {"not_published", earlier.error_code, {}};
  return {"withdrawn", earlier.error_code, {}};
}

// Behind the first colon: what the platform says, or each place that is wrong.
std::string said_in(const std::string& message) {
  const auto colon = message.find(": ");
  std::string said = colon == std::string::npos ? message : message.substr(colon + 2);
  std::erase_if(said, [](char c) { return c == '{' || c == '}'; });
  return shortened(said);
}

// What became of a booking at the provincial platform.
Stage stage_of_booking(const EarlierDelivery& earlier) {
  if (earlier.state == "delivered") return {"accepted", {}, earlier.remote_id};
  if (earlier.state == "open") return {"received", {}, earlier.remote_id};
  if (earlier.state != "parked" && earlier.state != "repair") {
    return {"withdrawn", earlier.error_code, {}};
  }
  const std::string said = said_in(earlier.error_message);
  if (earlier.error_code == kCodeRejected) {
    return {"rejected", "provincial.rejected", earlier.remote_id, {}, said};
  }
  return {"refused", earlier.error_code, earlier.remote_id, {}, said};
}

// It was taken up once more since: there is nothing to tell yet.
bool is_under_way(const Call& call) {
  if (call.earlier.empty()) return false;
  const std::string& state = call.earlier.front().state;
  return state == "waiting" || state == "ready" || state == "sending" || state == "retry-at" ||
         state == "unknown";
}

Error told_later() {
  return Error::retryable("registration.results_unavailable",
                          "the delivery that this tells of has been taken up once more; what it "
                          "comes to is told");
}

std::vector<Stage> stages_of(const Message& message, const Call& call) {
  if (message.type == "registration.refusal") {
    return {
        {"refused", header_of(message, "refusal-code"), {}, header_of(message, "refusal-message")}};
  }
  const bool booked = message.type == "registration.booked";
  if (booked && !call.earlier.empty()) return {stage_of_booking(call.earlier.front())};
  if (!call.earlier.empty()) return {stage_of(message, call.earlier.front())};
  const std::string effect = header_of(message, "life-effect");
  if (effect == "not-held") return {{"not_held", "life.not_held", {}}};
  if (effect == "not-published") return {{"not_published", "life.not_published", {}}};
  if (effect == "superseded") return {{"not_published", "life.superseded", {}}};
  if (message.type == "certificate.status") return {{effect, {}, {}}};
  return {{"prepared", {}, {}}, {"sealed", {}, {}}};
}

std::string sentence_for(const Stage& stage, const Mapping& mapping) {
  if (stage.code.empty()) return {};
  return mapping.sentence(stage.code,
                          stage.said.empty() ? place_for_clerks(stage.message) : stage.said);
}

Record row_of(const Message& message, const Stage& stage, const Mapping& mapping, Timestamp now) {
  const bool booked = message.type == "registration.booked";
  Record row;
  row.set("result_key", message.id + ":" + stage.name);
  row.set("case_no", header_of(message, "case-no"));
  row.set("cert_id", or_null(header_of(message, booked ? "booking" : "certificate-id")));
  row.set("cert_no", or_null(header_of(message, "certificate-number")));
  row.set("stage", stage.name);
  row.set("identifier", or_null(header_of(message, "identifier")));
  row.set("version", or_null(header_of(message, "version")));
  row.set("file_sm3", or_null(header_of(message, "file-digest")));
  row.set("library_id", or_null(stage.library_id));
  row.set("code", or_null(stage.code));
  row.set("sentence", or_null(sentence_for(stage, mapping)));
  row.set("happened_at", local_time(now));
  return row;
}

}  // namespace

Message Reporter::rows_for(const Message& message, const Call& call) const {
  RecordSet rows;
  rows.name = "parameters";
  for (const Stage& stage : stages_of(message, call)) {
    rows.records.push_back(row_of(message, stage, mapping_, clock_.now()));
  }
  Message written;
  written.id = message.id;
  written.type = statement_;
  written.media_type = kRecordsMediaType;
  written.body = content_of(write_records({rows}));
  return written;
}

Result<Receipt> Reporter::send(const Message& message, const Call& call) {
  if (header_of(message, "case-no").empty()) {
    return Error::permanent("registration.event", "the message names no case (header case-no)");
  }
  if (is_under_way(call)) return told_later();
  auto receipt = results_.send(rows_for(message, call), call);
  if (!receipt) return ours(receipt.error());
  return receipt;
}

Result<Confirmation> Reporter::confirm(const Message& message, const Call& call) {
  if (is_under_way(call)) return told_later();
  auto confirmation = results_.confirm(rows_for(message, call), call);
  if (!confirmation) return ours(confirmation.error());
  return confirmation;
}

}  // namespace certbridge::registration

#include "booking/rows_asked.h"

namespace certbridge::provincial_platform {
namespace {

Error rows_failed(const std::string& group, const Error& cause) {
  Error error = cause;
  error.message =
      "asking for the rows of `" + group + "`: " + cause.message + " (" + cause.code + ")";
  error.code = cause.severity == Severity::kRetryable   ? "provincial.records_unavailable"
               : cause.severity == Severity::kPermanent ? "provincial.records_refused"
                                                        : "provincial.records";
  return error;
}

}  // namespace

Result<std::vector<RecordSet>> ask_rows(Responder& records, const std::string& group,
                                        Record parameters, const Call& call) {
  Message question;
  question.type = group;
  question.media_type = kRecordsMediaType;
  question.body = content_of(write_records({{"parameters", {std::move(parameters)}}}));
  const auto answer = records.answer(question, call);
  if (!answer) return rows_failed(group, answer.error());
  if (answer.value().body == nullptr) {
    return Error::fault("provincial.records", "the rows of `" + group + "` came without a body");
  }
  const auto bytes = read_all(*answer.value().body, kLargestRecords);
  if (!bytes) return rows_failed(group, bytes.error());
  auto sets = parse_records(bytes.value());
  if (!sets) return rows_failed(group, sets.error());
  return sets;
}

}  // namespace certbridge::provincial_platform

#include "records_client.h"

#include "certbridge_sm/sm3.h"

namespace certbridge::registration {
namespace {

constexpr std::uint64_t kLargestAnswer = 64ULL << 20;  // plans are in it

// A place in an answer, "parties row 2", in the vendor's words: "mw_case_party row 2".
std::string in_their_words(std::string message, const Mapping& mapping) {
  for (const SetMapping& set : mapping.sets) {
    const std::string place = set.query + " row ";
    if (message.starts_with(place)) return set.called + message.substr(set.query.size());
  }
  return message;
}

// The lent endpoint's own codes are declared elsewhere: they become ours, and stay in the words.
Error ours(const Error& error, const Mapping& mapping) {
  Error mine = error;
  mine.message =
      "asking for the case: " + error.code + ": " + in_their_words(error.message, mapping);
  switch (error.severity) {
    case Severity::kRetryable:
      mine.code = "registration.records_unavailable";
      break;
    case Severity::kPermanent:
      mine.code = "registration.records_refused";
      break;
    case Severity::kFault:
      mine.code = "registration.records_fault";
      break;
  }
  return mine;
}

Message question_for(const std::string& group, const Record& values) {
  const RecordSet parameters{"parameters", {values}};
  Message question;
  question.type = group;
  question.media_type = kRecordsMediaType;
  question.body = content_of(write_records({parameters}));
  return question;
}

Result<std::vector<RecordSet>> ask(Responder& records, const Mapping& mapping,
                                   const Message& question, const Call& call) {
  auto answer = records.answer(question, call);
  if (!answer) return ours(answer.error(), mapping);
  if (answer.value().body == nullptr) {
    return Error::fault("registration.records_fault", "the records came without a body");
  }
  auto bytes = read_all(*answer.value().body, kLargestAnswer);
  if (!bytes) return ours(bytes.error(), mapping);
  auto sets = parse_records(bytes.value());
  if (!sets) return ours(sets.error(), mapping);
  return sets;
}

std::string digest_of(const std::vector<RecordSet>& sets, const Mapping& mapping) {
  const SetMapping* events = mapping.set("events");
  std::vector<RecordSet> digested;
  for (const RecordSet& set : sets) {
    if (events == nullptr || set.name != events->query) digested.push_back(set);
  }
  return sm3_hex(write_records(digested));
}

}  // namespace

std::string sm3_hex(std::string_view bytes) { return to_hex(sm::sm3(bytes)); }

Result<CaseAnswer> ask_for_case(Responder& records, const Mapping& mapping,
                                const std::string& case_no, const Call& call,
                                std::string_view only) {
  Record parameters;
  parameters.set(mapping.parameter, case_no);
  auto sets = ask(records, mapping, question_for(mapping.group, parameters), call);
  if (!sets) return sets.error();
  auto rows = map_rows(sets.value(), mapping, only);
  if (!rows) return rows.error();
  return CaseAnswer{std::move(rows).value(), digest_of(sets.value(), mapping)};
}

Result<std::vector<RecordSet>> ask_for_sets(Responder& records, const Mapping& mapping,
                                            const std::string& group, const Record& parameters,
                                            const Call& call) {
  return ask(records, mapping, question_for(group, parameters), call);
}

Result<CaseRows> ask_for_rows(Responder& records, const Mapping& mapping, const std::string& group,
                              const Record& parameters, const Call& call) {
  auto sets = ask(records, mapping, question_for(group, parameters), call);
  if (!sets) return sets.error();
  return map_rows(sets.value(), mapping);
}

}  // namespace certbridge::registration

#include "cases.h"

#include "case_facts.h"
#include "certbridge/query.h"
#include "records_client.h"

namespace certbridge::registration {
namespace {

constexpr std::uint64_t kLargestQuestion = 64ULL << 10;

Error no_question(const std::string& reason) {
  return Error::permanent("registration.question", "asking how a case stands: " + reason);
}

Result<CaseQuestion> question_in(const Message& message) {
  if (message.type != kCaseQuestion || message.media_type != kQueryMediaType ||
      message.body == nullptr) {
    return no_question(std::string("the question must be of type ") + kCaseQuestion +
                       " with a body of " + kQueryMediaType);
  }
  auto bytes = read_all(*message.body, kLargestQuestion);
  if (!bytes) return no_question(bytes.error().message);
  auto question = parse_case_question(bytes.value());
  if (!question) return no_question(question.error().message);
  return question;
}

// The query compares each with a column of its own, and nothing has an empty number.
Record parameters_of(const CaseQuestion& question) {
  Record parameters;
  parameters.set("case_no", question.provisional ? "" : question.case_no);
  parameters.set("provisional_no", question.provisional ? question.case_no : "");
  return parameters;
}

}  // namespace

Cases::Cases(Mapping mapping, Responder& records, std::optional<ItemDirectory> items)
    : mapping_(std::move(mapping)), records_(records), items_(std::move(items)) {
  mapping_.sets = mapping_.cases_sets;
}

Result<Message> Cases::answer(const Message& question, const Call& call) {
  auto asked = question_in(question);
  if (!asked) return asked.error();
  auto rows =
      ask_for_rows(records_, mapping_, mapping_.cases_group, parameters_of(asked.value()), call);
  if (!rows) return rows.error();
  auto facts = facts_of(rows.value(), asked.value(), items_ ? &*items_ : nullptr);
  if (!facts) return facts.error();
  std::string xml = write_case_facts(facts.value());
  // A case of thousands of parties, or a text without end, is told here and not where it is read.
  if (auto readable = parse_case_facts(xml); !readable) {
    return Error::permanent(
        "registration.records_refused",
        "asking for the case: its answer cannot be told: " + readable.error().message);
  }
  Message answer;
  answer.type = kCaseQuestion;
  answer.media_type = kQueryMediaType;
  answer.body = content_of(std::move(xml));
  return answer;
}

}  // namespace certbridge::registration

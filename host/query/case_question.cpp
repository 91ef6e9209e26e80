#include "query/case_question.h"

#include "journal/content_file.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestFacts = 1024UL * 1024;

}  // namespace

CaseAsked case_question(const std::string& number, bool provisional) {
  CaseAsked asked;
  asked.body = write_case_question({number, provisional});
  asked.message.type = kCaseQuestion;
  asked.message.media_type = kQueryMediaType;
  asked.message.body = content_of(asked.body);
  return asked;
}

Result<CaseFacts> case_facts_in(const Result<Message>& answer) {
  if (!answer) return answer.error();
  if (answer.value().body == nullptr) {
    return Error::permanent("case.damaged", "the answer has no body");
  }
  const auto body = read_all(*answer.value().body, kLargestFacts);
  if (!body) return body.error();
  return parse_case_facts(body.value());
}

}  // namespace certbridge::host

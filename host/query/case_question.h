// How a case stands, as a responder is asked and answers.
#pragma once

#include <string>

#include "certbridge/query.h"

namespace certbridge::host {

struct CaseAsked {
  Message message{};
  std::string body{};  // equal for equal questions
};
CaseAsked case_question(const std::string& number, bool provisional);
// "case.damaged" for what is no answer; else the responder's own errors and those of reading it.
Result<CaseFacts> case_facts_in(const Result<Message>& answer);

}  // namespace certbridge::host

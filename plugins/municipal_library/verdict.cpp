#include "verdict.h"

#include "asked_file.h"
#include "certbridge/identifiers.h"
#include "certbridge_sm/sm3.h"
#include "find.h"
#include "found.h"

namespace certbridge::municipal_library {
namespace {

// Without the library's words: they may name the holder.
std::string reason_of(VerifyAnswer::Verdict verdict, const std::string& result) {
  const std::string said = " (result " + scrub(result) + ")";
  if (verdict == VerifyAnswer::Verdict::kGenuine) return "the library verified the file" + said;
  if (verdict == VerifyAnswer::Verdict::kNotGenuine) {
    return "the library says that the file is not what its issuer issued" + said;
  }
  return "the library cannot tell" + said;
}

VerifyAnswer read_verdict(const Dialect& dialect, const Answer& answer) {
  const AskedVerdictRule& rule = dialect.ask.verdict;
  const std::string result = answer.field(rule.result).value_or("");
  const auto known = rule.verdicts.find(result);
  VerifyAnswer verdict;
  if (known != rule.verdicts.end()) verdict.verdict = known->second;
  verdict.reason = reason_of(verdict.verdict, result);
  if (verdict.verdict == VerifyAnswer::Verdict::kCannotTell) return verdict;
  const auto member = [&](const std::string& path) {
    return path.empty() ? std::string() : answer.field(path).value_or("");
  };
  const auto identifier = CertificateIdentifier::parse_lenient(member(rule.identifier));
  if (identifier) verdict.identifier = identifier.value().text();
  verdict.status = status_of(dialect, member(rule.state), false);
  return verdict;
}

}  // namespace

Result<VerifyAnswer> verify_file(LibraryCaller& caller, const VerifyQuestion& question,
                                 std::string_view file, const Call& call) {
  const AskedVerdictRule& rule = caller.dialect().ask.verdict;
  if (rule.call.path.empty()) return not_offered("a file that is verified");
  Asked asked;
  asked.asked_for = question.asked_for;
  Subject subject;
  subject.asked = &asked;
  subject.file_bytes = file;
  subject.file_digest = to_hex(sm::sm3(file));
  subject.file_name = "certificate." + extension_of(file.substr(0, 16));
  auto reply = caller.ask(rule.call, subject, call);
  if (!reply) return reply.error();
  const Answer& answer = reply.value().answer;
  if (reply.value().meaning == AnswerClass::kOk) return read_verdict(caller.dialect(), answer);
  if (reply.value().meaning == AnswerClass::kNotFound) {
    return VerifyAnswer{VerifyAnswer::Verdict::kCannotTell,
                        "the library does not know the certificate of this file",
                        {},
                        {}};
  }
  return error_of(reply.value().meaning, rule.call.name, answer.code(), answer.words());
}

}  // namespace certbridge::municipal_library

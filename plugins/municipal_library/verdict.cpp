#include "verdict.h"

#include "asked_file.h"
#include "certbridge/identifiers.h"
#include "certbridge_sm/sm3.h"
#include "file_body.h"
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

Result<std::string> first_bytes(const Content& file) {
  std::string bytes(16, '\0');
  auto count = file.read(0, std::as_writable_bytes(std::span(bytes)));
  if (!count) return count.error();
  bytes.resize(count.value());
  return bytes;
}

// What is sent of the file; its bytes go into `whole` where they are needed at once.
Result<void> describe(Subject& subject, const std::shared_ptr<const Content>& file,
                      const Dialect& dialect, std::string& whole) {
  auto begin = first_bytes(*file);
  if (!begin) return begin.error();
  subject.file_name = "certificate." + extension_of(begin.value());
  auto digest = sm::sm3_of(*file);
  if (!digest) return digest.error();
  subject.file_digest = to_hex(digest.value());
  if (sends_files_in_pieces(dialect)) {
    subject.file = file;
    return {};
  }
  auto bytes = read_all(*file, file->size());
  if (!bytes) return bytes.error();
  whole = std::move(bytes).value();
  subject.file_bytes = whole;
  return {};
}

}  // namespace

Result<VerifyAnswer> verify_file(LibraryCaller& caller, const VerifyQuestion& question,
                                 const std::shared_ptr<const Content>& file, std::uint64_t largest,
                                 const Call& call) {
  const AskedVerdictRule& rule = caller.dialect().ask.verdict;
  if (rule.call.path.empty()) return not_offered("a file that is verified");
  if (file->size() > largest) {
    return Error::permanent("content.too_large", "the file to be verified is above max-file (" +
                                                     std::to_string(largest) + " bytes)");
  }
  Asked asked;
  asked.asked_for = question.asked_for;
  Subject subject;
  subject.asked = &asked;
  std::string whole;
  if (auto described = describe(subject, file, caller.dialect(), whole); !described) {
    return described.error();
  }
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

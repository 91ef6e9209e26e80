#include "status.h"

#include "collect.h"
#include "holdings.h"

namespace certbridge::municipal_library {
namespace {

const StatusWord* word_of(const Dialect& dialect, const std::string& word) {
  const auto found = dialect.words.find(word);
  return found == dialect.words.end() ? nullptr : &found->second;
}

Error unknown_word(const std::string& word) {
  return Error::permanent("municipal.record", "\"" + word + "\" is no status that is told");
}

Error not_held() {
  return Error::permanent(kCodeNotHeld,
                          "the library never had this certificate: there is nothing to change");
}

// Whether whoever asks the library hears what it is to say. Of two ends the first one stays.
bool is_so(const Held& held, const std::string& word, const StatusWord& wanted) {
  if (held.word == wanted.to) return true;
  const bool ends =
      word == "cancelled" || word == "revoked" || word == "abolished" || word == "voided";
  return ends && held.state.ended;
}

// Whether the call may be spared: the library may say the same already, or never was told before.
bool may_be_so(const Dialect& dialect, const StatusChange& change, const StatusWord& wanted) {
  const StatusWord* before = word_of(dialect, change.before);
  return before == nullptr || before->to.empty() || before->to == wanted.to;
}

Result<std::optional<Receipt>> already_so(LibraryCaller& caller, const Subject& subject,
                                          const StatusChange& change, const StatusWord& wanted,
                                          Timestamp now, const Call& context) {
  auto held = ask_holdings(caller, subject, context);
  if (!held) return held.error();
  if (!held.value().found) return not_held();
  if (!is_so(held.value(), change.word, wanted)) return std::optional<Receipt>();
  return std::optional(settled_receipt(held.value().remote_id, now));
}

// "Already" is success only when it is so.
Result<void> check_duplicate(LibraryCaller& caller, const Subject& subject,
                             const StatusChange& change, const StatusWord& wanted,
                             const RemoteCall& call, const Reply& said, const Call& context) {
  auto held = ask_holdings(caller, subject, context);
  if (!held) return held.error();
  if (!held.value().found) return not_held();
  if (is_so(held.value(), change.word, wanted)) return {};
  return error_of(AnswerClass::kStateConflict, call.name, said.answer.code(), said.answer.words());
}

}  // namespace

Result<Receipt> tell_status(LibraryCaller& caller, Subject& subject, const StatusChange& change,
                            Timestamp now, const Call& context) {
  const Dialect& dialect = caller.dialect();
  const StatusWord* wanted = word_of(dialect, change.word);
  if (wanted == nullptr) return unknown_word(change.word);
  if (subject.identifier().empty()) return not_held();
  if (wanted->to.empty()) return settled_receipt("", now);
  subject.status_word = wanted->to;
  if (subject.status_reason.empty()) subject.status_reason = wanted->reason;
  if (may_be_so(dialect, change, *wanted)) {
    auto already = already_so(caller, subject, change, *wanted, now, context);
    if (!already) return already.error();
    if (already.value()) return *already.value();
  }
  for (const RemoteCall& call : dialect.status) {
    auto reply = caller.ask(call, subject, context);
    if (!reply) return reply.error();
    const Reply& said = reply.value();
    if (said.meaning == AnswerClass::kReceived) return open_receipt(dialect, said.answer, "", now);
    if (said.meaning == AnswerClass::kNotFound) return not_held();
    if (said.meaning != AnswerClass::kDuplicate) continue;
    auto same = check_duplicate(caller, subject, change, *wanted, call, said, context);
    if (!same) return same.error();
  }
  return settled_receipt("", now);
}

Result<Confirmation> confirm_status(LibraryCaller& caller, const Subject& subject,
                                    const StatusChange& change, Timestamp now,
                                    const Call& context) {
  const StatusWord* wanted = word_of(caller.dialect(), change.word);
  if (wanted == nullptr) return unknown_word(change.word);
  if (subject.identifier().empty()) return not_held();
  Confirmation answer;
  answer.state = Confirmation::State::kPresent;
  if (wanted->to.empty()) {
    answer.receipt = settled_receipt("", now);
    return answer;
  }
  auto held = ask_holdings(caller, subject, context);
  if (!held) return held.error();
  if (!held.value().found) return not_held();
  if (is_so(held.value(), change.word, *wanted)) {
    answer.receipt = settled_receipt(held.value().remote_id, now);
  } else {
    answer.state =
        held.value().known ? Confirmation::State::kAbsent : Confirmation::State::kCannotTell;
  }
  return answer;
}

}  // namespace certbridge::municipal_library

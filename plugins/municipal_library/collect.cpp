#include "collect.h"

#include "holdings.h"

namespace certbridge::municipal_library {

Receipt settled_receipt(std::string remote_id, Timestamp now) {
  Receipt receipt;
  receipt.state = Receipt::State::kSettled;
  receipt.remote_id = std::move(remote_id);
  receipt.when = now;
  return receipt;
}

Result<Receipt> open_receipt(const Dialect& dialect, const Answer& answer, std::string remote_id,
                             Timestamp now) {
  const auto number = answer.field(dialect.receipt_number);
  if (!number) {
    return Error::retryable("municipal.garbled",
                            "the library says \"received\" without a receipt number");
  }
  Receipt receipt = settled_receipt(std::move(remote_id), now);
  receipt.state = Receipt::State::kOpen;
  receipt.correlation = *number;
  receipt.expected_by = now + dialect.receipt_expected;
  return receipt;
}

namespace {

// The walk through the calls of one attempt.
class Walk {
 public:
  Walk(LibraryCaller& caller, Subject& subject, ProgressBook& book, Timestamp now,
       const Call& context)
      : caller_(caller), subject_(subject), book_(book), now_(now), context_(context) {}

  Result<Receipt> run() {
    auto loaded = book_.load();
    if (!loaded) return loaded.error();
    progress_ = std::move(loaded).value();
    // All calls were made, and a verdict has come since: whoever sends again begins anew.
    if (progress_.calls_done >= calls().size()) progress_ = Progress{};
    bool restarted = progress_.calls_done == 0;
    while (progress_.calls_done < calls().size()) {
      const RemoteCall& call = calls()[progress_.calls_done];
      subject_.carried = progress_.carried;
      auto reply = caller_.ask(call, subject_, context_);
      if (!reply) return reply.error();
      const Reply& said = reply.value();
      if (said.meaning == AnswerClass::kNotFound) {
        // The library has forgotten what an earlier attempt left there.
        if (restarted) return refusal(call, said);
        restarted = true;
        progress_ = Progress{};
        continue;
      }
      if (said.meaning == AnswerClass::kReceived) return received(said.answer);
      const auto next =
          said.meaning == AnswerClass::kDuplicate ? duplicate(call, said) : note(call, said.answer);
      if (!next) return next.error();
      if (finished_) break;
    }
    if (auto cleared = book_.clear(); !cleared) return cleared.error();
    return settled_receipt(remote_id(), now_);
  }

 private:
  const std::vector<RemoteCall>& calls() const { return caller_.dialect().issue; }
  std::string remote_id() const {
    const auto found = progress_.carried.find(caller_.dialect().held.carries);
    return found == progress_.carried.end() ? std::string() : found->second;
  }
  static Error refusal(const RemoteCall& call, const Reply& said) {
    return error_of(said.meaning, call.name, said.answer.code(), said.answer.words());
  }

  Result<Receipt> received(const Answer& answer) {
    auto receipt = open_receipt(caller_.dialect(), answer, remote_id(), now_);
    if (!receipt) return receipt;
    progress_.calls_done = calls().size();
    if (auto noted = book_.note(progress_); !noted) return noted.error();
    return receipt;
  }

  Result<void> note(const RemoteCall& call, const Answer& answer) {
    for (const Carry& carry : call.carries) {
      const auto value = answer.field(carry.answer);
      if (!value) {
        return Error::retryable("municipal.garbled", "the library's answer to the call " +
                                                         call.name + " lacks " + carry.answer);
      }
      progress_.carried[carry.name] = *value;
    }
    return step();
  }
  Result<void> step() {
    ++progress_.calls_done;
    // What the last call answers commits with the receipt.
    if (progress_.calls_done == calls().size()) return {};
    return book_.save(progress_);
  }

  // "There already" is success only when it is ours; half done, the walk goes on from there.
  Result<void> duplicate(const RemoteCall& call, const Reply& said) {
    auto held = ask_holdings(caller_, subject_, context_);
    if (!held) return held.error();
    if (!held.value().found) return refusal(call, said);
    if (!same_file(held.value(), subject_.file_digest)) {
      return Error::permanent(
          "municipal.different",
          "the library holds another file under this identifier (digest begins " +
              held.value().digest.substr(0, 12) + ")");
    }
    progress_.carried[caller_.dialect().held.carries] = held.value().remote_id;
    const Holding state = held.value().state.issue;
    if (state == Holding::kPresent) {
      finished_ = true;
      return {};
    }
    if (state == Holding::kInProgress && &call != &calls().back()) return step();
    return Error::retryable("municipal.in_progress",
                            "the library is still working on this certificate");
  }

  LibraryCaller& caller_;
  Subject& subject_;
  ProgressBook& book_;
  Timestamp now_;
  const Call& context_;
  Progress progress_{};
  bool finished_ = false;
};

Confirmation with_state(Confirmation::State state) {
  Confirmation confirmation;
  confirmation.state = state;
  return confirmation;
}

Confirmation present(const Held& held, Timestamp now) {
  Confirmation confirmation = with_state(Confirmation::State::kPresent);
  confirmation.receipt = settled_receipt(held.remote_id, now);
  return confirmation;
}

}  // namespace

Result<Receipt> collect(LibraryCaller& caller, Subject& subject, ProgressBook& book, Timestamp now,
                        const Call& context) {
  return Walk(caller, subject, book, now, context).run();
}

Result<Confirmation> confirm_collected(LibraryCaller& caller, const Subject& subject,
                                       ProgressBook& book, Timestamp now, const Call& context) {
  auto progress = book.load();
  if (!progress) return progress.error();
  const bool all_called = progress.value().calls_done >= caller.dialect().issue.size();
  auto held = ask_holdings(caller, subject, context);
  if (!held) return held.error();
  if (!held.value().found) return with_state(Confirmation::State::kAbsent);
  if (!same_file(held.value(), subject.file_digest)) {
    Confirmation different = with_state(Confirmation::State::kDifferent);
    different.held = held.value().digest;
    return different;
  }
  switch (held.value().state.issue) {
    case Holding::kPresent:
      return present(held.value(), now);
    case Holding::kAbsent:
      return with_state(Confirmation::State::kAbsent);
    case Holding::kInProgress:
      return with_state(caller.dialect().issue.size() > 1 && !all_called
                            ? Confirmation::State::kAbsent
                            : Confirmation::State::kInProgress);
    default:
      return with_state(Confirmation::State::kCannotTell);
  }
}

}  // namespace certbridge::municipal_library

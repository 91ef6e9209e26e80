#include "index_reporter.h"

#include <charconv>

#include "caller_settings.h"
#include "certbridge/certificate_type.h"
#include "collect.h"
#include "holdings.h"
#include "index_attempt.h"
#include "types.h"

namespace certbridge::municipal_library {
namespace {

// What the platform says of an entry.
struct HeldEntry {
  std::uint64_t version = 0;  // 0: it has nothing
  bool deleted = false;
  std::string digest{};
};

Confirmation in_state(Confirmation::State state) {
  Confirmation confirmation;
  confirmation.state = state;
  return confirmation;
}

class IndexReporter final : public Sink {
 public:
  IndexReporter(Context& context, CallerSettings settings, Responder& transport)
      : context_(context),
        caller_(
            std::move(settings), transport, [&context] { return context.clock().now(); },
            [&context] { return context.clock().steady(); }, &random_bytes),
        report_{"report", rule().report_path, rule().row, {}} {}

  Result<Receipt> send(const Message& message, const Call& call) override {
    auto receipt = message.type == kCertificateTypeMessage
                       ? tell_type_of(caller_, message, context_.clock().now(), call)
                       : send_entry(message, call);
    return receipt ? std::move(receipt) : Result<Receipt>(for_the_host(receipt.error()));
  }

  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    // Saying it again changes nothing there.
    if (message.type == kCertificateTypeMessage) return in_state(Confirmation::State::kAbsent);
    return confirm_entry(message, call);
  }

 private:
  Result<Receipt> send_entry(const Message& message, const Call& call) {
    auto attempt = open(message, call);
    if (!attempt) return attempt.error();
    if (attempt.value().is_in_doubt()) {
      if (auto learnt = learn(attempt.value(), call); !learnt) return learnt.error();
    }
    auto receipt = tell(attempt.value(), call);
    if (receipt || receipt.error().code != "municipal.not_found") return receipt;
    // The platform has lost the entry: it is told as a new one, once.
    attempt.value().forget();
    return tell(attempt.value(), call);
  }

  Result<Confirmation> confirm_entry(const Message& message, const Call& call) {
    auto attempt = open(message, call);
    if (!attempt) return attempt.error();
    auto row = attempt.value().row();
    if (!row) return row.error();
    const bool spared = !row.value() && !attempt.value().is_overtaken();
    if (spared && attempt.value().own_version() == 0) return present();
    auto held = ask(attempt.value().entry_name(), call);
    if (!held) return held.error();
    return weigh(attempt.value(), row.value(), held.value());
  }

  const IndexRule& rule() const { return caller_.dialect().index; }
  Receipt settled() const { return settled_receipt("", context_.clock().now()); }
  Result<IndexAttempt> open(const Message& message, const Call& call) {
    return IndexAttempt::open(caller_.dialect(), context_.memory(), message, context_.clock().now(),
                              call.step_key);
  }

  Result<void> learn(IndexAttempt& attempt, const Call& call) {
    auto held = ask(attempt.entry_name(), call);
    if (!held) return held.error();
    attempt.learn(held.value().version, held.value().version > 0 && !held.value().deleted);
    return {};
  }

  Result<Receipt> tell(IndexAttempt& attempt, const Call& call) {
    auto row = attempt.begin();
    if (!row) return row.error();
    if (!row.value()) return settled();
    auto receipt = report(*row.value(), attempt.entry(), call);
    const bool refused = !receipt && receipt.error().severity == Severity::kPermanent;
    const bool told = receipt && receipt.value().state == Receipt::State::kSettled;
    const auto noted = refused ? attempt.refused() : told ? attempt.end() : Result<void>();
    if (!noted) return noted.error();
    return receipt;
  }

  Result<Receipt> report(const IndexRow& row, const IndexEntry& entry, const Call& call) {
    Subject subject;
    subject.index = &row.step;
    subject.row = &row.texts;
    auto reply = caller_.ask(report_, subject, call);
    if (!reply) return reply.error();
    const Reply& said = reply.value();
    if (said.meaning == AnswerClass::kReceived) {
      return open_receipt(caller_.dialect(), said.answer, "", context_.clock().now());
    }
    if (said.meaning == AnswerClass::kDuplicate) return same_or_refused(row, said, call);
    if (said.meaning == AnswerClass::kOk) return settled();
    if (entry.deletes) return settled();  // what is not there needs not be taken away
    return refusal(said);
  }

  // "There already" is success only when it is ours.
  Result<Receipt> same_or_refused(const IndexRow& row, const Reply& said, const Call& call) {
    auto held = ask(row.step.entry, call);
    if (!held) return held.error();
    if (is_same(held.value(), row)) return settled();
    return refusal(said);
  }
  static Error refusal(const Reply& said) {
    return error_of(said.meaning, "report", said.answer.code(), said.answer.words());
  }
  static bool is_same(const HeldEntry& held, const IndexRow& row) {
    return held.version == row.step.version &&
           (held.digest.empty() || row.step.digest.empty() || held.digest == row.step.digest);
  }

  Result<HeldEntry> ask(const std::string& name, const Call& call) {
    IndexStep step;
    step.entry = name;
    Subject subject;
    subject.index = &step;
    auto reply = caller_.ask(rule().query, subject, call);
    if (!reply) return reply.error();
    if (reply.value().meaning == AnswerClass::kNotFound) return HeldEntry{};
    const std::vector<Texts> entries = reply.value().answer.list(rule().list);
    for (const Texts& entry : entries) {
      if (member(entry, rule().entry) == name) return read_held(entry);
    }
    if (entries.empty()) return HeldEntry{};
    return Error::retryable("municipal.garbled",
                            "the platform was asked for one entry and answered with others");
  }
  Result<HeldEntry> read_held(const Texts& entry) const {
    HeldEntry held;
    const std::string version = member(entry, rule().version);
    const auto [end, problem] =
        std::from_chars(version.data(), version.data() + version.size(), held.version);
    if (problem != std::errc() || end != version.data() + version.size() || held.version == 0) {
      return Error::retryable("municipal.garbled", "the platform tells no version of the entry");
    }
    held.digest = lower(member(entry, rule().digest));
    held.deleted = member(entry, rule().operation) == rule().operations.at(IndexOperation::kDelete);
    return held;
  }

  Confirmation present() const {
    Confirmation confirmation = in_state(Confirmation::State::kPresent);
    confirmation.receipt = settled();
    return confirmation;
  }
  Result<Confirmation> weigh(IndexAttempt& attempt, const std::optional<IndexRow>& row,
                             const HeldEntry& held) {
    const std::uint64_t own = attempt.own_version();
    if (held.version == 0) {
      if (attempt.entry().deletes && own > 0) return ended(attempt);
      if (auto noted = own == 0 ? attempt.note_lost() : Result<void>(); !noted) {
        return noted.error();
      }
      return in_state(Confirmation::State::kAbsent);
    }
    if (own == 0) {
      return attempt.is_overtaken() ? present() : in_state(Confirmation::State::kAbsent);
    }
    if (held.version < own) return in_state(Confirmation::State::kAbsent);
    const bool same = row ? is_same(held, *row) : held.version == own;
    if (same) return ended(attempt);
    Confirmation different = in_state(Confirmation::State::kDifferent);
    different.held = "version " + std::to_string(held.version);
    return different;
  }
  Result<Confirmation> ended(IndexAttempt& attempt) {
    if (auto noted = attempt.end(); !noted) return noted.error();
    return present();
  }

  Context& context_;
  LibraryCaller caller_;
  RemoteCall report_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_index_reporter(Context& context) {
  auto settings = read_caller_settings(context.config());
  if (!settings) return settings.error();
  if (settings.value().dialect.index.report_path.empty()) {
    return Error::fault("municipal.option",
                        "the dialect has no index that is told over HTTP (<row path=\"...\">)");
  }
  auto transport = context.responder("library");
  if (!transport) return transport.error();
  return std::unique_ptr<Sink>(
      std::make_unique<IndexReporter>(context, std::move(settings).value(), *transport.value()));
}

}  // namespace certbridge::municipal_library

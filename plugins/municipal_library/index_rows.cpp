#include "index_rows.h"

#include "answer.h"
#include "caller_settings.h"
#include "certbridge/certificate_type.h"
#include "certbridge/record.h"
#include "collect.h"
#include "index_attempt.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::uint64_t kLargestVerdict = 1'000'000;

// What the tables say of one row.
struct RowVerdict {
  bool written = false;
  bool worked_off = false;
  std::optional<std::string> refusal{};
  AnswerClass meaning = AnswerClass::kUnknown;  // of the refusal
};

// The adapter's codes are another component's: they stand in the message, under a code of ours.
Error of_tables(const Error& cause) {
  const std::string said = "the front-end tables: " + cause.code + ": " + cause.message;
  if (cause.severity == Severity::kFault) return Error::fault("municipal.rows", said);
  if (cause.severity == Severity::kPermanent) {
    return Error::permanent("municipal.rows_refused", said);
  }
  return Error::retryable("municipal.rows_unavailable", said);
}

Message with_parameters(const std::string& type, Record row) {
  Message message;
  message.type = type;
  message.media_type = kRecordsMediaType;
  message.body = content_of(write_records({{"parameters", {std::move(row)}}}));
  return message;
}

Result<RowVerdict> row_verdict_of(const IndexRule& rule, const Message& answer) {
  if (answer.body == nullptr) {
    return Error::retryable("municipal.garbled", "the query for a verdict has no answer");
  }
  auto bytes = read_all(*answer.body, kLargestVerdict);
  if (!bytes) return bytes.error();
  auto sets = parse_records(bytes.value());
  if (!sets) return Error::retryable("municipal.garbled", sets.error().message);
  RowVerdict verdict;
  for (const RecordSet& set : sets.value()) {
    if (set.records.empty()) continue;
    const Record& row = set.records.front();
    if (set.name == "error") {
      const std::string remark = row.text_or_empty("reason");
      verdict.refusal = scrub(remark);
      verdict.meaning = rule.class_of_remark(remark);
    }
    if (set.name != "row") continue;
    const std::string processed = row.text_or_empty("processed");
    verdict.written = true;
    verdict.worked_off = !processed.empty() && processed != "0";
  }
  return verdict;
}

class IndexRows final : public Sink {
 public:
  IndexRows(Context& context, Dialect dialect, Sink& rows, Responder& verdicts)
      : context_(context), dialect_(std::move(dialect)), rows_(rows), verdicts_(verdicts) {}

  Result<Receipt> send(const Message& message, const Call& call) override {
    auto opened = open(message, call);
    if (!opened) return opened.error();
    IndexAttempt& attempt = opened.value();
    if (attempt.is_in_doubt()) {
      if (auto resolved = resolve(attempt, call); !resolved) return resolved.error();
    }
    auto row = attempt.begin();
    if (!row) return row.error();
    if (!row.value()) return settled_receipt("", context_.clock().now());
    auto written = rows_.send(statement_of(*row.value()), call);
    if (written) return open_receipt_of(row.value()->step.key);
    if (written.error().severity == Severity::kPermanent) {
      if (auto noted = attempt.refused(); !noted) return noted.error();
    }
    return of_tables(written.error());
  }

  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    auto opened = open(message, call);
    if (!opened) return opened.error();
    IndexAttempt& attempt = opened.value();
    auto row = attempt.row();
    if (!row) return row.error();
    const std::uint64_t own = attempt.own_version();
    if (own == 0) return confirm_told(attempt, row.value().has_value(), call);
    const std::string key = index_key(attempt.entry_name(), own);
    auto verdict = ask(key, call);
    if (!verdict) return verdict.error();
    return judged(attempt, verdict.value(), key);
  }

 private:
  // No row of this message counts any more, but what it told may have been refused since.
  Result<Confirmation> confirm_told(IndexAttempt& attempt, bool has_row, const Call& call) {
    auto told = attempt.told();
    if (!told) return told.error();
    const bool is_told = told.value().version > 0;
    if (is_told) {
      const std::string key = index_key(attempt.entry_name(), told.value().version);
      auto verdict = ask(key, call);
      if (!verdict) return verdict.error();
      if (verdict.value().refusal) return judged(attempt, verdict.value(), key);
    }
    if (is_told || !has_row || attempt.is_overtaken())
      return present(settled_receipt("", context_.clock().now()));
    return Confirmation{Confirmation::State::kAbsent, {}, {}};
  }
  Result<IndexAttempt> open(const Message& message, const Call& call) {
    return IndexAttempt::open(dialect_, context_.memory(), message, context_.clock().now(),
                              call.step_key);
  }
  static Confirmation present(Receipt receipt) {
    return {Confirmation::State::kPresent, std::move(receipt), {}};
  }
  Receipt open_receipt_of(const std::string& key) const {
    const Timestamp now = context_.clock().now();
    return {Receipt::State::kOpen, key, key, now, now + dialect_.index.verdict_expected};
  }

  // Every field of the row is a parameter; what there is none of is null.
  Message statement_of(const IndexRow& row) const {
    Record record;
    for (const Field& field : dialect_.index.row) {
      const auto found = row.texts.find(field.name);
      record.set(field.name,
                 found == row.texts.end() ? std::nullopt : std::optional(found->second));
    }
    Message message = with_parameters(dialect_.index.statement, std::move(record));
    message.id = row.step.key;
    return message;
  }

  Result<RowVerdict> ask(const std::string& key, const Call& call) {
    Record parameter;
    parameter.set("key", key);
    auto answer =
        verdicts_.answer(with_parameters(dialect_.index.verdict, std::move(parameter)), call);
    if (!answer) return of_tables(answer.error());
    return row_verdict_of(dialect_.index, answer.value());
  }

  // What another message's row came to. A row that was refused keeps its key: the next one takes a
  // new one.
  Result<void> resolve(IndexAttempt& attempt, const Call& call) {
    const std::uint64_t begun = attempt.entry().begun_version;
    auto verdict = ask(index_key(attempt.entry_name(), begun), call);
    if (!verdict) return verdict.error();
    const RowVerdict& said = verdict.value();
    if (!said.written || said.refusal) {
      attempt.use_up();
      return {};
    }
    if (!said.worked_off) {
      return Error::retryable("municipal.in_progress",
                              "an earlier row of the same certificate has no verdict yet");
    }
    attempt.learn(begun, !attempt.entry().deletes);
    return {};
  }

  Result<Confirmation> judged(IndexAttempt& attempt, const RowVerdict& verdict,
                              const std::string& key) {
    if (verdict.refusal) {
      if (auto noted = attempt.refused(); !noted) return noted.error();
      const bool type = verdict.meaning == AnswerClass::kTypeUnregistered;
      return Error::permanent(type ? kCodeTypeNotRegistered : kCodeRejected,
                              "the platform refuses the row: " + *verdict.refusal);
    }
    if (!verdict.written) return Confirmation{Confirmation::State::kAbsent, {}, {}};
    if (!verdict.worked_off) return present(open_receipt_of(key));
    if (auto noted = attempt.end(); !noted) return noted.error();
    return present(settled_receipt(key, context_.clock().now()));
  }

  Context& context_;
  Dialect dialect_;
  Sink& rows_;
  Responder& verdicts_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_index_rows(Context& context) {
  auto dialect = read_dialect(context.config());
  if (!dialect) return dialect.error();
  if (dialect.value().index.statement.empty()) {
    return Error::fault(
        "municipal.option",
        "the dialect has no index that is told by tables (<row statement=\"...\">)");
  }
  auto rows = context.sink("rows");
  if (!rows) return rows.error();
  auto verdicts = context.responder("verdicts");
  if (!verdicts) return verdicts.error();
  return std::unique_ptr<Sink>(std::make_unique<IndexRows>(context, std::move(dialect).value(),
                                                           *rows.value(), *verdicts.value()));
}

}  // namespace certbridge::municipal_library

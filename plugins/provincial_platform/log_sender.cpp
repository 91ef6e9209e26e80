#include "log_sender.h"

#include "certbridge_sm/sm3.h"
#include "exchange_options.h"
#include "finding.h"
#include "log_kept.h"
#include "log_reply.h"
#include "log_text.h"
#include "schema.h"

namespace certbridge::provincial_platform {
namespace {

constexpr int kLastVersion = 999'999;

struct SenderParts {
  LogForm form{};
  MessageSchema schema{};
  SigningKey key{};
  std::unique_ptr<Transport> transport{};
  std::string bookings{};  // the endpoint that bookings are delivered to
};

std::string rows_digest(const Message& message) {
  const auto bytes = read_all(*message.body, message.body->size());
  return bytes ? to_hex(sm::sm3(bytes.value())) : std::string();
}

class LogSender final : public Sink {
 public:
  LogSender(Context& context, SenderParts parts) : context_(context), parts_(std::move(parts)) {}

  // The bytes that were kept as long as they are about the same rows; a version of its own for
  // what was rejected or says something else; nothing for what was said already.
  Result<Receipt> send(const Message& message, const Call& call) override {
    const auto day = read_booked_day(message);
    if (!day) return day.error();
    LogMemory memory(context_.memory(), day.value().of, call.step_key);
    const auto last = memory.last();
    if (!last) return last.error();
    const std::string rows = rows_digest(message);
    if (last.value() && is_resend(*last.value(), rows, call)) {
      const Prepared& kept = last.value()->prepared;
      return kept.bytes.empty() ? receipt(Receipt::State::kSettled, kept.number)
                                : put(memory, kept, call);
    }
    const auto content = content_of_day(day.value());
    if (!content) return content.error();
    const std::string said = to_hex(sm::sm3(write_log(parts_.form, content.value(), 0)));
    if (last.value() && !last.value()->refused && last.value()->content == said) {
      return said_already(memory, *last.value(), call);
    }
    const int version = last.value() ? last.value()->version + 1 : 1;
    auto made = make(content.value(), version);
    if (!made) return made.error();
    made.value().prepared.facts = rows;
    made.value().content = said;
    made.value().step = call.step_key;
    if (auto kept = memory.keep(made.value()); !kept) return kept.error();
    return put(memory, made.value().prepared, call);
  }

  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    const auto of = area_day_of(message);
    if (!of) return of.error();
    LogMemory memory(context_.memory(), of.value(), call.step_key);
    const auto number = memory.own_number();
    if (!number) return number.error();
    if (number.value().empty()) return Confirmation{Confirmation::State::kAbsent, {}, {}};
    const auto last = memory.last();
    if (!last) return last.error();
    const bool is_last = last.value() && last.value()->prepared.number == number.value();
    Prepared sent{number.value(), of.value().area, {}, {}, false};
    if (is_last) sent.bytes = last.value()->prepared.bytes;
    const auto bytes = parts_.transport->response(sent, call);
    if (!bytes) return bytes.error();
    if (!bytes.value()) return unanswered(memory, sent, call);
    const auto reply = parse_log_reply(parts_.form.reply, bytes.value()->bytes);
    if (!reply) return reply.error();
    if (reply.value().accepted && is_last) {
      if (auto dropped = memory.drop_bytes(*last.value()); !dropped) return dropped.error();
    }
    return judged(memory, sent, of.value(), reply.value());
  }

 private:
  static bool is_resend(const KeptLog& last, const std::string& rows, const Call& call) {
    return last.step == call.step_key && last.prepared.facts == rows && !last.refused;
  }

  // Unless the delivery that made it was given up before anything left: then this one sends it.
  Result<Receipt> said_already(LogMemory& memory, KeptLog last, const Call& call) {
    const auto sent = memory.was_sent(last.prepared.number);
    if (!sent) return sent.error();
    if (sent.value()) return receipt(Receipt::State::kSettled, last.prepared.number);
    last.step = call.step_key;
    if (auto kept = memory.keep(last); !kept) return kept.error();
    return put(memory, last.prepared, call);
  }

  Result<LogContent> content_of_day(const BookedDay& day) const {
    auto accesses = accesses_of(context_.facts(), parts_.bookings, day);
    if (!accesses) return accesses.error();
    return log_content_of(day, std::move(accesses).value());
  }

  Result<KeptLog> make(const LogContent& content, int version) const {
    if (version > kLastVersion) {
      return Error::fault("provincial.numbers",
                          content.of.sentence() + " has used up the numbers of its daily log");
    }
    KeptLog log;
    log.version = version;
    log.prepared.number = log_number(content.of, version);
    log.prepared.area = content.of.area;
    log.prepared.bytes = write_log(parts_.form, content, version);
    const auto findings = parts_.schema.check(log.prepared.bytes);
    if (!findings.empty()) {
      return error_of("provincial.schema",
                      "the daily log of " + content.of.sentence() + " is not valid", findings);
    }
    if (!parts_.form.is_signed()) return log;
    auto bytes = sealed(log.prepared.bytes, log.prepared.number, parts_.key);
    if (!bytes) return bytes.error();
    log.prepared.bytes = std::move(bytes).value();
    return log;
  }

  Result<Receipt> put(LogMemory& memory, const Prepared& prepared, const Call& call) {
    if (auto sent = parts_.transport->put(prepared, call); !sent) return sent.error();
    if (auto noted = memory.note_sent(prepared.number); !noted) return noted.error();
    context_.logger().log(LogLevel::kInfo, "daily_log.sent", {{"number", prepared.number}});
    return receipt(Receipt::State::kOpen, prepared.number);
  }

  Receipt receipt(Receipt::State state, const std::string& number) const {
    const Timestamp now = context_.clock().now();
    if (state == Receipt::State::kSettled) return {state, number, number, now, {}};
    return {state, number, number, now, now + parts_.form.times.reply};
  }

  // A rejection is told once. After that a person has seen it: who sends the day again sends
  // another version.
  Result<Confirmation> judged(LogMemory& memory, const Prepared& sent, const AreaDay& of,
                              const LogReply& reply) {
    if (reply.accepted) {
      return Confirmation{
          Confirmation::State::kPresent, receipt(Receipt::State::kSettled, sent.number), {}};
    }
    const auto told = memory.was_refused(sent.number);
    if (!told) return told.error();
    if (told.value()) return Confirmation{Confirmation::State::kAbsent, {}, {}};
    if (auto noted = memory.note_refused(sent.number); !noted) return noted.error();
    return Error::permanent(kCodeRejected, "the platform rejects the daily log of " +
                                               of.sentence() + ", " + sent.number + ": code " +
                                               reply.code + ", " + reply.words);
  }

  Result<Confirmation> unanswered(LogMemory& memory, const Prepared& sent, const Call& call) {
    // A later version took its place: what was sent was sent.
    if (sent.bytes.empty()) return Confirmation{Confirmation::State::kInProgress, {}, {}};
    const auto lies = parts_.transport->lies(sent, call);
    if (!lies) return lies.error();
    if (lies.value() == Confirmation::State::kPresent) {
      return Confirmation{
          Confirmation::State::kPresent, receipt(Receipt::State::kOpen, sent.number), {}};
    }
    const auto taken = memory.was_sent(sent.number);
    if (!taken) return taken.error();
    if (taken.value() && lies.value() == Confirmation::State::kAbsent) {
      return Confirmation{Confirmation::State::kInProgress, {}, {}};
    }
    return Confirmation{lies.value(), {}, {}};
  }

  Context& context_;
  SenderParts parts_;
};

}  // namespace

Result<LogForm> log_form_of(const Config& config) {
  const auto file = read_option_file(config, "form");
  if (!file) return file.error();
  return parse_log_form(file.value().text, file.value().path);
}

Result<std::unique_ptr<Sink>> make_log_sender(Context& context) {
  auto form = log_form_of(context.config());
  if (!form) return form.error();
  auto schema = MessageSchema::compile(log_schema_text(form.value()));
  if (!schema) return schema.error();
  auto key = signing_key_of(context.config(), form.value().least_key_bits);
  if (!key) return key.error();
  auto transport = transport_of(context, form.value().files);
  if (!transport) return transport.error();
  auto bookings = context.config().text("bookings");
  if (!bookings) return bookings.error();
  return std::unique_ptr<Sink>(std::make_unique<LogSender>(
      context,
      SenderParts{std::move(form).value(), std::move(schema).value(), std::move(key).value(),
                  std::move(transport).value(), std::move(bookings).value()}));
}

}  // namespace certbridge::provincial_platform

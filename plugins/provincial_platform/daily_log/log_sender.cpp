#include "daily_log/log_sender.h"

#include <cstdlib>

#include "certbridge/options.h"
#include "certbridge_sm/sm3.h"
#include "daily_log/log_kept.h"
#include "daily_log/log_reply.h"
#include "daily_log/log_text.h"
#include "exchange/exchange_options.h"
#include "profile/finding.h"
#include "profile/schema.h"

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
  // what was rejected or says something else. What was said already, and what a later hand-over of
  // the day has said since, has the last version's verdict for its own.
  Result<Receipt> send(const Message& message, const Call& call) override {
    const auto day = read_booked_day(message);
    if (!day) return day.error();
    LogMemory memory(context_.memory(), day.value().of, call.step_key);
    const auto last = memory.last();
    if (!last) return last.error();
    const std::string rows = rows_digest(message);
    const bool said_since = last.value() && message.order_number < last.value()->order;
    if (said_since || (last.value() && is_resend(*last.value(), rows, call))) {
      return share(memory, *last.value(), call);
    }
    const auto content = content_of_day(day.value());
    if (!content) return content.error();
    KeptLog next;
    next.prepared.facts = rows;
    next.order = message.order_number;
    next.content = to_hex(sm::sm3(write_log(parts_.form, content.value(), 0)));
    next.step = call.step_key;
    if (last.value() && !last.value()->refused && last.value()->content == next.content) {
      return share(memory, *last.value(), call);
    }
    return send_next(memory, last.value(), content.value(), std::move(next), call);
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
    const bool accepted = last.value() && last.value()->accepted;
    // Whatever is said of this one, a later one reports the day.
    if (accepted && !is_last) return accepted_as(last.value()->prepared.number);
    Prepared sent{number.value(), of.value().area, {}, {}, false, {}, {}, false};
    if (is_last) sent.bytes = last.value()->prepared.bytes;
    const auto bytes = parts_.transport->response(sent, call);
    if (!bytes) return bytes.error();
    if (!bytes.value() && accepted) return accepted_as(sent.number);
    if (!bytes.value()) return unanswered(memory, sent, call);
    const auto reply = parse_log_reply(parts_.form.reply, bytes.value()->bytes);
    if (!reply) return reply.error();
    return judged(memory, sent, of.value(), reply.value());
  }

 private:
  static bool is_resend(const KeptLog& last, const std::string& rows, const Call& call) {
    return last.step == call.step_key && last.prepared.facts == rows && !last.refused;
  }

  // The version's verdict is this delivery's too. One that never left, because the delivery that
  // made it was given up, is sent by this one.
  Result<Receipt> share(LogMemory& memory, const KeptLog& last, const Call& call) {
    const std::string& number = last.prepared.number;
    if (auto noted = memory.note_own(number); !noted) return noted.error();
    if (last.accepted) return receipt(Receipt::State::kSettled, number);
    const auto sent = memory.was_sent(number);
    if (!sent) return sent.error();
    if (!sent.value() || last.step == call.step_key) return put(memory, last.prepared, call);
    return receipt(Receipt::State::kOpen, number);
  }

  Result<Receipt> send_next(LogMemory& memory, const std::optional<KeptLog>& last,
                            const LogContent& content, KeptLog next, const Call& call) {
    if (last) {
      if (auto left = send_first(memory, *last, call); !left) return left.error();
    }
    next.version = last ? last->version + 1 : 1;
    if (auto made = make(content, next); !made) return made.error();
    if (auto kept = memory.keep(next); !kept) return kept.error();
    return put(memory, next.prepared, call);
  }

  // Versions come without a gap: an earlier one that perhaps never left goes before the next.
  Result<void> send_first(LogMemory& memory, const KeptLog& earlier, const Call& call) {
    const auto sent = memory.was_sent(earlier.prepared.number);
    if (!sent) return sent.error();
    if (sent.value()) return {};
    const auto put_down = put(memory, earlier.prepared, call);
    if (!put_down) return put_down.error();
    return {};
  }

  Result<LogContent> content_of_day(const BookedDay& day) const {
    auto accesses = accesses_of(context_.facts(), parts_.bookings, day, context_.clock().now());
    if (!accesses) return accesses.error();
    return log_content_of(day, std::move(accesses).value());
  }

  // Number and bytes of the log's version.
  Result<void> make(const LogContent& content, KeptLog& log) const {
    if (log.version > kLastVersion) {
      return Error::fault("provincial.log_numbers",
                          content.of.sentence() + " has used up the numbers of its daily log");
    }
    log.prepared.number = log_number(content.of, log.version);
    log.prepared.area = content.of.area;
    log.prepared.bytes = write_log(parts_.form, content, log.version);
    const auto findings = parts_.schema.check(log.prepared.bytes);
    if (!findings.empty()) {
      return error_of("provincial.schema",
                      "the daily log of " + content.of.sentence() + " is not valid", findings);
    }
    if (!parts_.form.is_signed()) return {};
    auto bytes = sealed(log.prepared.bytes, log.prepared.number, parts_.key);
    if (!bytes) return bytes.error();
    log.prepared.bytes = std::move(bytes).value();
    return {};
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

  Confirmation accepted_as(const std::string& number) const {
    return {Confirmation::State::kPresent, receipt(Receipt::State::kSettled, number), {}};
  }

  // A rejection is told once for each delivery. After that a person has seen it: who sends the day
  // again sends another version.
  Result<Confirmation> judged(LogMemory& memory, const Prepared& sent, const AreaDay& of,
                              const LogReply& reply) {
    if (reply.accepted) {
      if (auto noted = memory.note_accepted(sent.number); !noted) return noted.error();
      return accepted_as(sent.number);
    }
    const auto told = memory.was_told(sent.number);
    if (!told) return told.error();
    if (told.value()) return Confirmation{Confirmation::State::kAbsent, {}, {}};
    if (auto noted = memory.note_refused(sent.number); !noted) return noted.error();
    if (auto noted = memory.note_told(sent.number); !noted) return noted.error();
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
      if (auto noted = memory.note_sent(sent.number); !noted) return noted.error();
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
  auto transport = transport_of(context, form.value().files, form.value().http);
  if (!transport) return transport.error();
  auto bookings = context.config().text("bookings");
  if (!bookings) return bookings.error();
  return std::unique_ptr<Sink>(std::make_unique<LogSender>(
      context,
      SenderParts{std::move(form).value(), std::move(schema).value(), std::move(key).value(),
                  std::move(transport).value(), std::move(bookings).value()}));
}

}  // namespace certbridge::provincial_platform

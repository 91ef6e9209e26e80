#include <algorithm>
#include <array>
#include <mutex>

#include "booking/booking_decision.h"
#include "booking/bookings.h"
#include "booking/completeness.h"
#include "booking/rows_asked.h"

namespace certbridge::provincial_platform {
namespace {

struct BookingSettings {
  std::string group{};
  std::string parameter{};
  std::string endpoint{};  // that bookings are delivered to
  AwaitedRows awaited{};
};

bool is_case(const OrderKey& key) { return key.kind == "case" || key.kind.ends_with("-case"); }

// Cases are read one after the other where they might be the same one.
class CaseLocks {
 public:
  std::mutex& of(const std::string& case_number) {
    return mutexes_[std::hash<std::string>{}(case_number) % mutexes_.size()];
  }

 private:
  std::array<std::mutex, 64> mutexes_{};
};

class Bookings final : public Processor {
 public:
  Bookings(Context& context, Responder& records, BookingSettings settings)
      : context_(context), records_(records), settings_(std::move(settings)) {}

  Result<std::vector<Message>> process(const Message& given, const Call& call) override {
    const std::string case_number = header_of(given, "case-no");
    if (case_number.empty()) {
      return Error::permanent("provincial.type", "the event names no case (header case-no)");
    }
    Message event = given;
    if (std::none_of(event.order_keys.begin(), event.order_keys.end(), &is_case)) {
      event.order_keys.push_back({"case", case_number});
    }
    const std::lock_guard lock(locks_.of(case_number));
    return messages_of(event, case_number, call);
  }

 private:
  Result<std::vector<Message>> messages_of(const Message& event, const std::string& case_number,
                                           const Call& call) {
    Record parameters;
    parameters.set(settings_.parameter, case_number);
    const auto sets = ask_rows(records_, settings_.group, std::move(parameters), call);
    if (!sets) return sets.error();
    if (!has_bookings(sets.value())) {
      return Error::retryable("provincial.incomplete", "the case has no rows of a booking yet");
    }
    auto book = CaseBook::load(context_.memory(), call.step_key, case_number);
    if (!book) return book.error();
    const auto key = std::find_if(event.order_keys.begin(), event.order_keys.end(), &is_case);
    const auto sent = sent_bookings(context_.facts(), settings_.endpoint, *key);
    if (!sent) return sent.error();
    const auto bookings = bookings_of(sets.value(), flows_of(book.value(), sent.value()));
    if (!bookings) return bookings.error();
    auto made = decide(event, bookings.value(), book.value(), sent.value());
    if (!made) return made.error();
    if (auto kept = book.value().keep(context_.memory(), call.step_key); !kept) return kept.error();
    return made;
  }

  // An event that runs again makes its messages in the same order, by which the host knows what
  // takes whose place; of what a later event changed since, the host keeps what stands.
  Result<std::vector<Message>> decide(const Message& event, const std::vector<Booking>& bookings,
                                      CaseBook& book, const SentBookings& sent) const {
    const CaseBook before = book;
    const BookingDecision decision(before, sent, event.id);
    std::map<std::string, Message, std::less<>> made;
    for (const Booking& booking : bookings) {
      Message message = booking_message(event, booking);
      const auto entry = decision.of(message);
      if (!entry) return entry.error();
      if (!entry.value()) continue;
      if (auto whole = check_complete(booking.facts, settings_.awaited); !whole)
        return whole.error();
      if (!entry.value()->updates.empty()) {
        message.headers[kResendOf] = entry.value()->updates;
        message.headers[kResendAs] = kAsUpdate;
      }
      made.emplace(booking.key, std::move(message));
      book.enter(*entry.value());
    }
    return in_order(book, event.id, made);
  }

  static Result<std::vector<Message>> in_order(const CaseBook& book, const std::string& event,
                                               std::map<std::string, Message, std::less<>>& made) {
    std::vector<Message> messages;
    for (const std::string& key : book.reported_by(event)) {
      const auto message = made.find(key);
      if (message == made.end()) {
        return Error::permanent("provincial.facts",
                                "the case has no rows any more of a booking that this event "
                                "reported: " +
                                    book.find(key)->flow);
      }
      messages.push_back(std::move(message->second));
    }
    return messages;
  }

  Context& context_;
  Responder& records_;
  BookingSettings settings_;
  CaseLocks locks_{};
};

}  // namespace

Result<std::unique_ptr<Processor>> make_bookings(Context& context) {
  const auto group = context.config().text("group");
  if (!group) return group.error();
  const auto parameter = context.config().text("parameter");
  if (!parameter) return parameter.error();
  const auto endpoint = context.config().text("bookings");
  if (!endpoint) return endpoint.error();
  auto awaited = awaited_rows(context.config());
  if (!awaited) return awaited.error();
  const auto records = context.responder("records");
  if (!records) return records.error();
  return std::unique_ptr<Processor>(
      std::make_unique<Bookings>(context, *records.value(),
                                 BookingSettings{group.value(), parameter.value(), endpoint.value(),
                                                 std::move(awaited).value()}));
}

}  // namespace certbridge::provincial_platform

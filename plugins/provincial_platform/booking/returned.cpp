#include "booking/returned.h"

#include "booking/bookings.h"
#include "booking/delivery_states.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostOfReturnedUnit = 10'000;
constexpr const char* kReported = "reported-message";  // set by the route step `withdraw`

class ReturnedBookings final : public Sink {
 public:
  ReturnedBookings(Context& context, std::string bookings)
      : context_(context), bookings_(std::move(bookings)) {}

  Result<Receipt> send(const Message& message, const Call&) override {
    const auto reported = reported_of(message);
    if (!reported) return reported.error();
    if (is_undecided(reported.value().state)) return undecided(message);
    if (reported.value().state == "delivered") return told(message, reported.value().remote_id);
    return Receipt{Receipt::State::kSettled, {}, {}, context_.clock().now(), {}};
  }

  // Nothing leaves: whoever asks is answered by sending again.
  Result<Confirmation> confirm(const Message&, const Call&) override {
    return Confirmation{Confirmation::State::kAbsent, {}, {}};
  }

 private:
  // Of the delivery that reported it; "provincial.type" for a message that names none.
  Result<DeliveryFact> reported_of(const Message& message) const {
    FactsQuery query;
    query.endpoint = bookings_;
    query.order_key = unit_key_of(message);
    const std::string id = header_of(message, kReported);
    if (id.empty() || !query.order_key) {
      return Error::permanent("provincial.type",
                              "the message names no booking that was reported and returned");
    }
    const auto found = context_.facts().list(query, kMostOfReturnedUnit);
    if (!found) return found.error();
    DeliveryFact last;
    for (const DeliveryFact& fact : found.value()) {
      if (fact.message_id == id) last = fact;
    }
    return last;
  }

  static Error undecided(const Message& message) {
    return Error::retryable("provincial.verdict_open",
                            "the booking of case " + header_of(message, kBookingCase) +
                                " was returned while its message is on its way to the province; "
                                "what becomes of that is waited for");
  }

  Error told(const Message& message, const std::string& number) {
    const std::string case_no = header_of(message, kBookingCase);
    const std::string unit = header_of(message, kBookingUnit);
    context_.metrics().count("bookings_returned_total", {}, 1);
    context_.logger().log(LogLevel::kWarning, "booking.returned",
                          {{"case", case_no},
                           {"unit", unit},
                           {"number", number},
                           {"endpoint_of_bookings", bookings_}});
    return Error::permanent("provincial.returned",
                            "the case " + case_no + " was returned (退回) after its booking of " +
                                unit + " was reported to the province as " + number +
                                "; no message takes that back: settle it with the province, then "
                                "discard this");
  }

  Context& context_;
  std::string bookings_;  // the endpoint that bookings are delivered to
};

}  // namespace

Result<std::unique_ptr<Sink>> make_returned_bookings(Context& context) {
  auto bookings = context.config().text("bookings");
  if (!bookings) return bookings.error();
  return std::unique_ptr<Sink>(
      std::make_unique<ReturnedBookings>(context, std::move(bookings).value()));
}

}  // namespace certbridge::provincial_platform

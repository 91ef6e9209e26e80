#include "booking/booking_decision.h"

namespace certbridge::provincial_platform {
namespace {

using Sent = SentBooking::Standing;

bool is_made_of(const std::string& message_id, const std::string& event) {
  return message_id == event || message_id.starts_with(event + "/");
}

Error waits_for(const SentBooking& sent) {
  const bool open = sent.standing == SentBooking::Standing::kUnderWay;
  const std::string earlier = sent.number.empty() ? "" : " " + sent.number;
  Error error = Error::retryable(
      "provincial.verdict_open",
      "a booking of the case changed while its earlier message" + earlier +
          (open ? " has no verdict yet; the change waits for it"
                : " is set aside; let it be fetched anew, the change waits for that"));
  error.retry_after = std::chrono::seconds(10);
  return error;
}

}  // namespace

Result<std::optional<ReportedBooking>> BookingDecision::of(const Message& booking) const {
  const std::string key = booking_key(booking.headers);
  const std::string digest = booking.headers.at(kBookingDigest);
  ReportedBooking entry{key, booking.headers.at(kBookingCase), digest, event_, {}};
  const ReportedBooking* reported = book_.find(key);
  if (reported != nullptr && book_.did_report(event_, key)) {
    if (reported->event != event_) return std::optional(*reported);
    entry.updates = reported->updates;
    return std::optional(entry);
  }
  const SentBooking sent = last_of(key, reported);
  if (sent.standing == Sent::kNothing) return std::optional(entry);
  if (sent.digest == digest) return std::optional<ReportedBooking>();
  if (sent.standing != Sent::kAccepted) return waits_for(sent);
  entry.updates = sent.number;
  return std::optional(entry);
}

// What another event reported and is not in the journal yet is under way. What is there says what
// it was told itself: of an event that ran again the host may have kept an earlier message.
SentBooking BookingDecision::last_of(const std::string& key,
                                     const ReportedBooking* reported) const {
  const auto found = sent_.find(key);
  const bool told = found != sent_.end() &&
                    (reported == nullptr || is_made_of(found->second.message_id, reported->event));
  if (told) return found->second;
  SentBooking sent;
  if (reported == nullptr) return sent;
  sent.standing = Sent::kUnderWay;
  sent.digest = reported->digest;
  return sent;
}

}  // namespace certbridge::provincial_platform

// What was reported of the bookings of a case so far: kept beside the host's facts, because a
// second event of the case may be read before the messages of the first are in the journal.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "booking/bookings.h"
#include "certbridge/context.h"

namespace certbridge::provincial_platform {

// One booking as its last message had it.
struct ReportedBooking {
  std::string key{};      // booking_key()
  std::string flow{};     // RecFlowID with which it was first reported; it stays
  std::string digest{};   // SM3 of its rows as that event read them last
  std::string event{};    // accepted message that reported it last
  std::string updates{};  // BizMsgID of the accepted message that it changes; empty: of none
};

// The book of one case, in the Memory of the endpoint. One thread.
class CaseBook {
 public:
  // "provincial.memory" (fault) when what is kept cannot be read.
  static Result<CaseBook> load(Memory& memory, const std::string& step_key,
                               const std::string& case_number);
  const ReportedBooking* find(const std::string& key) const;
  void enter(ReportedBooking booking);  // in place of the earlier entry of its key, if any
  const std::vector<ReportedBooking>& bookings() const { return bookings_; }
  // Keys of the bookings that an event reported, in the order in which it did; also of those that
  // a later event changed since.
  std::vector<std::string> reported_by(const std::string& event) const;
  bool did_report(const std::string& event, const std::string& key) const {
    return reports_.contains({event, key});
  }
  // Durable when it returns; nothing is written when nothing was entered.
  Result<void> keep(Memory& memory, const std::string& step_key);

 private:
  std::string case_number_{};
  std::vector<ReportedBooking> bookings_{};
  std::map<std::string, std::size_t, std::less<>> places_{};
  // Event and key to the position among the reports of the case.
  std::map<std::pair<std::string, std::string>, std::uint32_t> reports_{};
  bool changed_ = false;
};

// How the last message of a booking stands at the platform.
struct SentBooking {
  enum class Standing : std::uint8_t {
    kNothing = 1,   // none is on its way, or it was given up
    kUnderWay = 2,  // waits, or has no verdict
    kAccepted = 3,
    kSetAside = 4,  // refused, or waits for a person
  };
  Standing standing = Standing::kNothing;
  std::string message_id{};
  std::string number{};  // BizMsgID; empty while it has none
  std::string flow{};
  std::string digest{};
};

// By booking_key(), the last message of each booking of a case that was handed to the endpoint.
// Messages that a later one took the place of, or that a person gave up, count only where there is
// no other. Codes of Facts, and "provincial.too_many" above 200,000 deliveries of one case.
using SentBookings = std::map<std::string, SentBooking, std::less<>>;
Result<SentBookings> sent_bookings(const Facts& facts, const std::string& endpoint,
                                   const OrderKey& case_key);

// RecFlowIDs that the bookings of a case have already: those of the book, then those of the facts.
Flows flows_of(const CaseBook& book, const SentBookings& sent);

}  // namespace certbridge::provincial_platform

// What becomes of one booking of a case that is read: a message of its own, an update, or nothing.
#pragma once

#include <optional>
#include <string>

#include "booking/case_book.h"

namespace certbridge::provincial_platform {

// For one event. All arguments outlive it. One thread.
class BookingDecision {
 public:
  BookingDecision(const CaseBook& book, const SentBookings& sent, const std::string& event)
      : book_(book), sent_(sent), event_(event) {}

  // The entry for the case's book when a message is to be made; nothing when there is nothing to
  // say. "provincial.verdict_open" (retryable) for what changed and waits for a verdict or a
  // repair.
  Result<std::optional<ReportedBooking>> of(const Message& booking) const;

 private:
  SentBooking last_of(const std::string& key, const ReportedBooking* reported) const;

  const CaseBook& book_;
  const SentBookings& sent_;
  const std::string& event_;
};

}  // namespace certbridge::provincial_platform

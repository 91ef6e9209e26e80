#include "daily_log/fetch_memory.h"

#include <cstdlib>

#include "certbridge/bytes.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kAgain = "again";
constexpr const char* kPassed = "passed";
constexpr std::uint32_t kMostRemembered = 1000;

}  // namespace

bool is_again(const Message& day) { return day.headers.contains(kAgain); }

Message once_more(const Message& day) {
  Message next = day;
  const int run = is_again(day) ? std::atoi(day.headers.at(kAgain).c_str()) : 0;
  next.headers[kAgain] = std::to_string(run + 1);
  return next;
}

FetchMemory::FetchMemory(Memory& memory, const AreaDay& of, const Message& day,
                         std::string step_key)
    : memory_(memory),
      key_(of.order_key()),
      step_(std::move(step_key)),
      made_("made/" + day.id),
      again_(is_again(day)) {}

Result<std::vector<FetchedBooking>> FetchMemory::fetched() {
  const auto held = memory_.get(step_, key_, made_);
  if (!held) return held.error();
  if (!held.value()) return std::vector<FetchedBooking>();
  ByteReader in(*held.value());
  std::vector<FetchedBooking> bookings(in.count(kMostRemembered));
  for (FetchedBooking& booking : bookings) {
    booking.case_number = in.text();
    booking.key = in.text();
  }
  if (in.finish()) return bookings;
  return Error::fault("provincial.memory",
                      "what was kept of the bookings that were fetched for a day cannot be read");
}

Result<std::string> FetchMemory::passed() {
  if (!again_) return std::string();
  auto held = memory_.get(step_, key_, kPassed);
  if (!held) return held.error();
  return std::move(held).value().value_or("");
}

// How far another hand-over has come says nothing of this one.
Result<void> FetchMemory::note(const Fetched& fetched) {
  if (!fetched.bookings.empty()) {
    ByteWriter out;
    out.u32(static_cast<std::uint32_t>(fetched.bookings.size()));
    for (const auto& [number, key] : fetched.bookings) {
      out.text(number);
      out.text(key);
    }
    if (auto put = memory_.put(step_, key_, made_, out.take()); !put) return put;
  }
  if (fetched.whole || (again_ && fetched.passed.empty())) return {};
  return memory_.put(step_, key_, kPassed, fetched.passed);
}

}  // namespace certbridge::provincial_platform

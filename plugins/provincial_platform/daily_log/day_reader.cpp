#include "daily_log/day_reader.h"

#include <algorithm>

#include "daily_log/day_asked.h"
#include "daily_log/log_form.h"
#include "daily_log/log_sender.h"

namespace certbridge::provincial_platform {
namespace {

std::chrono::milliseconds until_then(Timestamp when, Timestamp now) {
  constexpr std::chrono::milliseconds kLongest{std::chrono::hours(1)};
  return std::min(kLongest, std::max(std::chrono::milliseconds(1000), when - now));
}

// How many bookings of the register were not sent yet and may still be.
std::size_t open_bookings(const BookedDay& day, std::vector<Access> accesses, bool also_unknown) {
  AccessFinder finder(std::move(accesses));
  std::size_t open = 0;
  for (const Record& row : day.registered) {
    const Access* access = finder.take(row);
    const bool under_way = access != nullptr && access->standing == Access::Standing::kUnderWay;
    if (under_way || (access == nullptr && also_unknown)) ++open;
  }
  return open;
}

class DayReader final : public Processor {
 public:
  DayReader(const Context& context, DayAsker asker, LogTimes times)
      : context_(context), asker_(std::move(asker)), times_(times) {}

  Result<std::vector<Message>> process(const Message& message, const Call& call) override {
    const auto of = area_day_of(message);
    if (!of) return of.error();
    const Timestamp now = context_.clock().now();
    const Timestamp closes = of.value().begins() + times_.closes;
    if (now < closes) {
      Error early = Error::retryable("provincial.day_open",
                                     of.value().sentence() + " is not over yet for its daily log");
      early.retry_after = until_then(closes, now);
      return early;
    }
    auto day = asker_.registered(of.value(), call);
    if (!day) return day.error();
    if (const Waits waits = waits_for(of.value(), message.created, now); waits != Waits::kNothing) {
      auto accesses = asker_.accesses(day.value());
      if (!accesses) return accesses.error();
      const std::size_t open =
          open_bookings(day.value(), std::move(accesses).value(), waits == Waits::kEverything);
      if (open > 0) return under_way(of.value(), open);
    }
    return std::vector<Message>{write_booked_day(day.value(), message)};
  }

 private:
  enum class Waits : std::uint8_t { kNothing = 1, kWhatIsUnderWay = 2, kEverything = 3 };

  // In time: as long as the form says, and then the deadline is what counts. After that what never
  // came has been fetched, and a hand-over waits for what is on its way, for as long.
  Waits waits_for(const AreaDay& of, Timestamp handed_over, Timestamp now) const {
    if (now < of.begins() + times_.wait) return Waits::kEverything;
    const bool in_time = now < of.begins() + times_.due;
    const bool waited = now >= handed_over + (times_.wait - times_.closes);
    return in_time || waited ? Waits::kNothing : Waits::kWhatIsUnderWay;
  }

  static Error under_way(const AreaDay& of, std::size_t open) {
    return Error::retryable("provincial.day_under_way", "the daily log of " + of.sentence() +
                                                            " waits: " + std::to_string(open) +
                                                            " bookings were not sent yet");
  }

  const Context& context_;
  DayAsker asker_;
  LogTimes times_;
};

}  // namespace

Result<std::unique_ptr<Processor>> make_day_reader(Context& context) {
  const auto form = log_form_of(context.config());
  if (!form) return form.error();
  auto asker = DayAsker::make(context);
  if (!asker) return asker.error();
  return std::unique_ptr<Processor>(
      std::make_unique<DayReader>(context, std::move(asker).value(), form.value().times));
}

}  // namespace certbridge::provincial_platform

#include "missing_bookings.h"

#include <algorithm>
#include <map>
#include <set>

#include "bookings.h"
#include "day_asked.h"
#include "fetched.h"
#include "rows_asked.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostFetched = 1000;  // cases of one hand-over; the next fetches more

// The case of a row: its number, or the field case_no where the register numbers them otherwise.
std::string case_of(const Record& row) {
  const std::string own = row.text_or_empty("case_no");
  return own.empty() ? row.text_or_empty("ywh") : own;
}

// Rows of which nothing ever came, by case. Of a case that was booked on several days only what is
// of this one is missing.
using MissingRows = std::map<std::string, std::vector<Record>>;

MissingRows missing_rows(const BookedDay& day, const std::vector<Access>& accesses) {
  AccessFinder finder(accesses);
  MissingRows rows;
  for (const Record& row : day.registered) {
    if (finder.take(row) != nullptr) continue;
    if (rows.size() == kMostFetched && !rows.contains(case_of(row))) continue;
    rows[case_of(row)].push_back(row);
  }
  return rows;
}

// Takes away the row that the booking is about.
bool is_missing(const Access& booking, std::vector<Record>& rows) {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Record& one) { return booking.is_about(one); });
  if (row == rows.end()) return false;
  rows.erase(row);
  return true;
}

struct MissingSettings {
  std::string group{};
  std::string parameter{};
  std::string keys{};  // in front of the kinds of order keys: "booked-", or empty
};

// What an event of the case would have been, had one come. The unit follows with each booking.
Message event_of(const std::string& case_number, const Message& day, const std::string& keys) {
  Message event;
  event.area = day.area;
  event.created = day.created;
  event.headers = {{kCaseHeader, case_number}, {kFetchedFor, day.headers.at(kDayHeader)}};
  event.order_keys = {{keys + "case", case_number}, {keys + kUnitKey, {}}};
  return event;
}

class MissingBookings final : public Processor {
 public:
  MissingBookings(Context& context, DayAsker asker, MissingSettings settings)
      : context_(context), asker_(std::move(asker)), settings_(std::move(settings)) {}

  Result<std::vector<Message>> process(const Message& message, const Call& call) override {
    const auto of = area_day_of(message);
    if (!of) return of.error();
    const auto day = asker_.registered(of.value(), call);
    if (!day) return day.error();
    const auto accesses = asker_.accesses(day.value());
    if (!accesses) return accesses.error();
    std::set<std::string> known;
    for (const Access& access : accesses.value()) known.insert(access.key());
    std::vector<Message> fetched;
    MissingRows missing = missing_rows(day.value(), accesses.value());
    for (auto& [number, rows] : missing) {
      auto bookings = bookings_of_case(event_of(number, message, settings_.keys), call);
      if (!bookings) return bookings.error();
      for (Message& booking : bookings.value()) {
        const Access access = access_of(booking.headers, of.value());
        if (known.contains(access.key()) || !is_missing(access, rows)) continue;
        fetched.push_back(std::move(booking));
      }
    }
    return fetched;
  }

 private:
  // A case that cannot be made a message of is left to the log, which lists it as not sent.
  Result<std::vector<Message>> bookings_of_case(const Message& event, const Call& call) {
    Record parameters;
    parameters.set(settings_.parameter, event.headers.at(kCaseHeader));
    const auto sets = ask_rows(asker_.records(), settings_.group, std::move(parameters), call);
    if (!sets && sets.error().severity != Severity::kPermanent) return sets.error();
    const auto bookings =
        sets ? bookings_of(sets.value()) : Result<std::vector<Booking>>(sets.error());
    std::vector<Message> messages;
    if (!bookings) {
      context_.logger().log(
          LogLevel::kWarning, "daily_log.not_fetched",
          {{"case", event.headers.at(kCaseHeader)}, {"code", bookings.error().code}});
      return messages;
    }
    for (const Booking& booking : bookings.value()) {
      messages.push_back(booking_message(event, booking));
    }
    return messages;
  }

  Context& context_;
  DayAsker asker_;
  MissingSettings settings_;
};

}  // namespace

Result<std::unique_ptr<Processor>> make_missing_bookings(Context& context) {
  auto asker = DayAsker::make(context);
  if (!asker) return asker.error();
  auto group = context.config().text("group");
  if (!group) return group.error();
  auto parameter = context.config().text("parameter");
  if (!parameter) return parameter.error();
  MissingSettings settings{std::move(group).value(), std::move(parameter).value(), {}};
  if (context.config().has("beside")) {
    const auto route = context.config().text("beside");
    if (!route) return route.error();
    settings.keys = route.value() + "-";
  }
  return std::unique_ptr<Processor>(
      std::make_unique<MissingBookings>(context, std::move(asker).value(), std::move(settings)));
}

}  // namespace certbridge::provincial_platform

#include "missing_bookings.h"

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

// Units by case. Of a case that was booked on several days only what is of this one is missing.
using MissingUnits = std::map<std::string, std::set<std::string>>;

MissingUnits missing_units(const BookedDay& day, const std::vector<Access>& accesses) {
  AccessFinder finder(accesses);
  MissingUnits units;
  for (const Record& row : day.registered) {
    if (finder.take(row) != nullptr) continue;
    if (units.size() == kMostFetched && !units.contains(case_of(row))) continue;
    units[case_of(row)].insert(row.text_or_empty("bdcdyh"));
  }
  return units;
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
  event.headers = {{"case-no", case_number}, {kFetchedFor, day.headers.at(kDayHeader)}};
  event.order_keys = {{keys + "case", case_number}, {keys + kUnitKey, {}}};
  return event;
}

class MissingBookings final : public Processor {
 public:
  MissingBookings(Context& context, DayAsker asker, Responder& cases, MissingSettings settings)
      : context_(context),
        asker_(std::move(asker)),
        cases_(cases),
        settings_(std::move(settings)) {}

  Result<std::vector<Message>> process(const Message& message, const Call& call) override {
    const auto of = area_day_of(message);
    if (!of) return of.error();
    const auto day = asker_.registered(of.value(), call);
    if (!day) return day.error();
    const auto accesses = asker_.accesses(day.value());
    if (!accesses) return accesses.error();
    std::vector<Message> fetched;
    for (const auto& [number, units] : missing_units(day.value(), accesses.value())) {
      auto bookings = bookings_of_case(event_of(number, message, settings_.keys), call);
      if (!bookings) return bookings.error();
      for (Message& booking : bookings.value()) {
        const bool missing = units.contains(booking.headers.at(kBookingUnit));
        if (missing && !is_known(booking, accesses.value())) fetched.push_back(std::move(booking));
      }
    }
    return fetched;
  }

 private:
  // A case that cannot be made a message of is left to the log, which lists it as not sent.
  Result<std::vector<Message>> bookings_of_case(const Message& event, const Call& call) {
    Record parameters;
    parameters.set(settings_.parameter, event.headers.at("case-no"));
    const auto sets = ask_rows(cases_, settings_.group, std::move(parameters), call);
    if (!sets && sets.error().severity != Severity::kPermanent) return sets.error();
    const auto bookings =
        sets ? bookings_of(sets.value()) : Result<std::vector<Booking>>(sets.error());
    std::vector<Message> messages;
    if (!bookings) {
      context_.logger().log(
          LogLevel::kWarning, "daily_log.not_fetched",
          {{"case", event.headers.at("case-no")}, {"code", bookings.error().code}});
      return messages;
    }
    for (const Booking& booking : bookings.value()) {
      messages.push_back(booking_message(event, booking));
    }
    return messages;
  }

  static bool is_known(const Message& booking, const std::vector<Access>& accesses) {
    for (const Access& access : accesses) {
      if (access.case_no == booking.headers.at(kBookingCase) &&
          access.unit == booking.headers.at(kBookingUnit) &&
          access.type == booking.headers.at(kBookingType)) {
        return true;
      }
    }
    return false;
  }

  Context& context_;
  DayAsker asker_;
  Responder& cases_;
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
  const auto cases = context.responder("cases");
  Responder& asked = cases ? *cases.value() : asker.value().records();
  return std::unique_ptr<Processor>(std::make_unique<MissingBookings>(
      context, std::move(asker).value(), asked, std::move(settings)));
}

}  // namespace certbridge::provincial_platform

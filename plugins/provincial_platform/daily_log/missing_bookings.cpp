#include "daily_log/missing_bookings.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "booking/bookings.h"
#include "booking/case_book.h"
#include "booking/completeness.h"
#include "booking/rows_asked.h"
#include "daily_log/day_asked.h"
#include "daily_log/fetch_memory.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostFetched = 500;  // messages of one run; the host takes 1000 of a step
// Told where the register has a row that no booking of its case is like.
constexpr const char* kNoSuchBooking = "provincial.no_such_booking";

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
  std::string endpoint{};  // that bookings are delivered to
  AwaitedRows awaited{};
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
  MissingBookings(Context& context, DayAsker asker, Responder& cases, MissingSettings settings)
      : context_(context),
        asker_(std::move(asker)),
        cases_(cases),
        settings_(std::move(settings)) {}

  // As much as one run makes in half of its time. The rest is for the next: it asks anew what is
  // missing, behind the cases that this one has passed. A message that runs anew, because something
  // that it fetched is to be read again, fetches the same.
  Result<std::vector<Message>> process(const Message& message, const Call& call) override {
    const auto half = (call.deadline - context_.clock().steady()) / 2;
    const auto until = context_.clock().steady() + half;
    const auto of = area_day_of(message);
    if (!of) return of.error();
    FetchMemory memory(context_.memory(), of.value(), message, call.step_key);
    const auto before = memory.fetched();
    if (!before) return before.error();
    if (!before.value().empty()) return fetch_again(message, of.value(), before.value(), call);
    const auto day = asker_.registered(of.value(), call);
    if (!day) return day.error();
    const auto accesses = asker_.accesses(day.value());
    if (!accesses) return accesses.error();
    MissingRows missing = missing_rows(day.value(), accesses.value());
    const auto passed = memory.passed();
    if (!passed) return passed.error();
    missing.erase(missing.begin(), missing.upper_bound(passed.value()));
    auto fetched = fetch(message, {of.value(), known_keys(accesses.value()), until}, missing, call);
    if (!fetched) return fetched.error();
    if (auto noted = memory.note(fetched.value()); !noted) return noted.error();
    if (!fetched.value().whole) fetched.value().messages.push_back(once_more(message));
    return std::move(fetched.value().messages);
  }

 private:
  struct Run {
    AreaDay of{};
    std::set<std::string> known{};  // keys of bookings that came
    std::chrono::steady_clock::time_point until{};
  };

  static std::set<std::string> known_keys(const std::vector<Access>& accesses) {
    std::set<std::string> keys;
    for (const Access& access : accesses) keys.insert(access.key());
    return keys;
  }

  // In the same order, each booking as its rows are now: the host knows by its place what it takes
  // the place of. It ends at one that is no longer there.
  Result<std::vector<Message>> fetch_again(const Message& message, const AreaDay& of,
                                           const std::vector<FetchedBooking>& before,
                                           const Call& call) {
    std::map<std::string, std::map<std::string, Message>> cases;
    std::vector<Message> fetched;
    for (const auto& [number, key] : before) {
      const auto [found, is_new] = cases.try_emplace(number);
      if (is_new) {
        auto bookings = bookings_of_case(event_of(number, message, settings_.keys), call);
        if (!bookings) return bookings.error();
        for (Message& booking : bookings.value()) {
          found->second.emplace(access_of(booking.headers, of).key(), std::move(booking));
        }
      }
      const auto booking = found->second.find(key);
      if (booking == found->second.end()) break;
      fetched.push_back(std::move(booking->second));
    }
    return fetched;
  }

  // What fails behind the first case is for the next run, which is told so itself.
  Result<Fetched> fetch(const Message& message, const Run& run, MissingRows& missing,
                        const Call& call) {
    Fetched fetched;
    for (auto& [number, rows] : missing) {
      const bool first = fetched.passed.empty();
      fetched.whole = false;
      const bool full = fetched.messages.size() >= kMostFetched;
      if (!first && (full || context_.clock().steady() >= run.until)) return fetched;
      const Message event = event_of(number, message, settings_.keys);
      auto bookings = bookings_of_case(event, call);
      if (!bookings && first) return bookings.error();
      const bool any = bookings && !bookings.value().empty();
      if (!bookings || !take(number, std::move(bookings).value(), run, rows, fetched)) {
        return fetched;
      }
      if (any && !rows.empty()) note_not_fetched(event, kNoSuchBooking);
      fetched.passed = number;
      fetched.whole = true;
    }
    return fetched;
  }

  // False: there are more of the case than one run makes.
  static bool take(const std::string& number, std::vector<Message> bookings, const Run& run,
                   std::vector<Record>& rows, Fetched& fetched) {
    for (Message& booking : bookings) {
      const Access access = access_of(booking.headers, run.of);
      if (run.known.contains(access.key()) || !is_missing(access, rows)) continue;
      if (fetched.messages.size() >= kMostFetched) return false;
      fetched.bookings.push_back({number, access.key()});
      fetched.messages.push_back(std::move(booking));
    }
    return true;
  }

  // What cannot be made a message of, or still lacks rows, is left to its event and to the log,
  // which lists it as not sent.
  Result<std::vector<Message>> bookings_of_case(const Message& event, const Call& call) {
    Record parameters;
    parameters.set(settings_.parameter, event.headers.at(kCaseHeader));
    const auto sets = ask_rows(cases_, settings_.group, std::move(parameters), call);
    if (!sets && sets.error().severity != Severity::kPermanent) return sets.error();
    const auto sent = sent_bookings(context_.facts(), settings_.endpoint, event.order_keys.front());
    if (!sent) return sent.error();
    const auto bookings = sets ? bookings_of(sets.value(), flows_of(CaseBook(), sent.value()))
                               : Result<std::vector<Booking>>(sets.error());
    std::vector<Message> messages;
    if (!bookings) {
      note_not_fetched(event, bookings.error().code);
      return messages;
    }
    for (const Booking& booking : bookings.value()) {
      if (const auto whole = check_complete(booking.facts, settings_.awaited); !whole) {
        note_not_fetched(event, whole.error().code);
        continue;
      }
      messages.push_back(booking_message(event, booking));
    }
    return messages;
  }

  void note_not_fetched(const Message& event, const std::string& code) {
    context_.logger().log(LogLevel::kWarning, "daily_log.not_fetched",
                          {{"case", event.headers.at(kCaseHeader)}, {"code", code}});
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
  auto endpoint = context.config().text("bookings");
  if (!endpoint) return endpoint.error();
  auto awaited = awaited_rows(context.config());
  if (!awaited) return awaited.error();
  MissingSettings settings{std::move(group).value(),
                           std::move(parameter).value(),
                           std::move(endpoint).value(),
                           std::move(awaited).value(),
                           {}};
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

// Comparing the books of a day, and cases that never arrived.
#include "reconcile/reconciler.h"

#include "engine/reading.h"
#include "observe/clock.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kDayLength = 10;  // "2026-11-27"
constexpr std::size_t kAreaLength = 6;
constexpr std::int64_t kMostDays = 31;

std::string again(const Difference& it) {
  return "certbridge deliveries again " + it.message + " --endpoint " + it.books;
}

// What a person may start, as he would type it where there is something to type.
std::string proposal_of(const Difference& it) {
  switch (it.proposal) {
    case Proposal::kHandOver:
      return "let the registration system hand over the event that is missing";
    case Proposal::kSeeParked:
      return "certbridge parked show " + it.message;
    case Proposal::kReplay:
      return "certbridge replay preview --endpoint " + it.books + ", then replay start";
    case Proposal::kDeliverAgain:
      return "ask its staff what became of it, then " + again(it);
    case Proposal::kLookThere:
      return it.books == "registration" ? "a person looks at the registration system"
                                        : "a person looks at the library";
    case Proposal::kTellAgain:
      if (it.message.empty()) return "ask its staff who changed it: nobody here told it so";
      return "ask its staff who changed it, then " + again(it);
    case Proposal::kNewRevision:
      return "let the registration system make a new revision, which is read, sealed and sent";
    case Proposal::kCountByHand:
      return "let its staff name what it counts";
    case Proposal::kAskForwarder:
      return "ask the city's library what it forwarded: nothing is sent to the province from here";
  }
  return {};
}

AnswerTable asked_table(const Comparison& found) {
  AnswerTable table{"books", {"books", "asked", "can", "differences", "under way", "remark"}, {}};
  for (const BooksAsked& one : found.asked) {
    table.rows.push_back({one.books, one.answered, one.answered ? to_word(one.kind) : std::string(),
                          count_field(one.differences), count_field(one.under_way), one.reason});
  }
  return table;
}

AnswerTable tally_table(const Comparison& found) {
  AnswerTable table{"counts", {"books", "area", "type", "state", "number"}, {}};
  for (const BooksTally& one : found.tallies) {
    table.rows.push_back({one.books, one.area, one.type_code, one.state, count_field(one.number)});
  }
  return table;
}

AnswerTable difference_table(const Comparison& found, std::size_t limit) {
  AnswerTable table{"differences",
                    {"books", "difference", "case", "identifier", "number", "area", "type", "here",
                     "there", "proposal"},
                    {}};
  for (const Difference& one : found.differences) {
    if (table.rows.size() >= limit) break;
    table.rows.push_back({one.books, to_word(one.sort), one.case_no, one.identifier,
                          masked(one.number), one.area, one.type_code, one.here, one.there,
                          proposal_of(one)});
  }
  return table;
}

Error needs_host() {
  return Error::permanent("reconcile.no_host",
                          "the books are asked for by the running host: start it with `certbridge "
                          "run`");
}

// Six digits, or nothing.
Result<std::string> area_of(const OperationCall& call) {
  const std::string area = call.text("area");
  const bool digits =
      std::all_of(area.begin(), area.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (area.empty() || (area.size() == kAreaLength && digits)) return area;
  return Error::permanent("operate.parameter", "`area` must be a division code of six digits");
}

Result<std::chrono::year_month_day> day_of(const OperationCall& call) {
  const auto when = call.time("day");
  if (!when || call.text("day").size() != kDayLength) {
    return Error::permanent("operate.parameter", "`day` must be a day as 2026-11-27");
  }
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*when));
}

Result<OperationAnswer> reconcile_books(const OperationCall& call) {
  const auto day = day_of(call);
  if (!day) return day.error();
  const auto area = area_of(call);
  if (!area) return area.error();
  if (call.services.reconciler == nullptr) return needs_host();
  const auto found = call.services.reconciler->compare(day.value(), area.value());
  if (!found) return found.error();
  const std::size_t limit = limit_of(call);
  OperationAnswer answer;
  answer.values = {{"day", call.text("day")},
                   {"area", area.value()},
                   {"found", count_field(found.value().differences.size())}};
  if (found.value().differences.size() > limit) {
    answer.values.emplace_back("named", count_field(limit));
  }
  answer.tables = {asked_table(found.value()), tally_table(found.value()),
                   difference_table(found.value(), limit)};
  return answer;
}

Result<OperationAnswer> list_missing_arrivals(const OperationCall& call) {
  if (call.services.reconciler == nullptr) return needs_host();
  const auto& sweep = call.services.configuration.reconcile.sweep.value_or(SweepConfig{});
  std::chrono::milliseconds older_than = sweep.older_than;
  if (older_than.count() == 0) older_than = std::chrono::hours(4);
  if (!call.text("hours").empty()) older_than = std::chrono::hours(call.number("hours", 0));
  const auto days = std::min(call.number("days", sweep.days), kMostDays);
  const auto found = call.services.reconciler->never_arrived(older_than, static_cast<int>(days));
  if (!found) return found.error();
  OperationAnswer answer;
  answer.values = {{"cases", count_field(found.value().size())}};
  AnswerTable table{"missing", {"case", "area", "booked", "proposal"}, {}};
  for (const BookedCase& one : found.value()) {
    if (table.rows.size() >= limit_of(call)) break;
    table.rows.push_back({one.case_no, one.area, time_field(one.booked),
                          "let the registration system hand over the case"});
  }
  answer.tables.push_back(std::move(table));
  return answer;
}

}  // namespace

std::vector<Operation> reconcile_operations() {
  return {
      {"arrivals",
       "missing",
       Effect::kReads,
       kLookers,
       "cases that the registration system booked a while ago and that never came",
       {{"hours", ParameterType::kNumber, false, false, "booked longer ago than so many hours (4)"},
        {"days", ParameterType::kNumber, false, false, "booked within so many days (3)"},
        kLimit},
       &list_missing_arrivals},
      {"reconcile",
       "",
       Effect::kReads,
       kLookers,
       "compare the books of one day: registration system, journal and counterparts",
       {{"day", ParameterType::kTime, true, false, "the day, as 2026-11-27"},
        {"area", ParameterType::kText, false, false, "only of this division code"},
        {"limit", ParameterType::kNumber, false, false, "name at most so many that differ (100)"}},
       &reconcile_books},
  };
}

}  // namespace certbridge::host

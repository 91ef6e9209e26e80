#include <charconv>

#include "engine/life_step.h"

namespace certbridge::host {
namespace {

// The number that the text begins with at `at`, of exactly `count` digits.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return {};
  int number = 0;
  const char* first = text.data() + at;
  const auto [end, problem] = std::from_chars(first, first + count, number);
  if (problem != std::errc() || end != first + count || number < 0) return {};
  return number;
}

}  // namespace

std::string to_text(LifeOutcome outcome) {
  switch (outcome) {
    case LifeOutcome::kIssued:
      return "issued";
    case LifeOutcome::kChanged:
      return "changed";
    case LifeOutcome::kNoted:
      return "noted";
    case LifeOutcome::kUnchanged:
      return "unchanged";
    case LifeOutcome::kNotHeld:
      return "not-held";
    case LifeOutcome::kNotPublished:
      return "not-published";
    case LifeOutcome::kSuperseded:
      return "superseded";
  }
  return "";
}

std::string told_word(const LifeState& state, const std::set<RestrictionKind>& suspending) {
  LifeState told = state;
  if (told.base.base == Status::Base::kIssued) told.base.base = Status::Base::kValid;
  return status_word(told, suspending);
}

std::optional<Timestamp> parse_event_time(std::string_view text) {
  using namespace std::chrono;
  const auto year_number = digits(text, 0, 4), month_number = digits(text, 5, 2),
             day_number = digits(text, 8, 2), hour = digits(text, 11, 2),
             minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if (!year_number || !month_number || !day_number || !hour || !minute || !second) return {};
  const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return {};
  const Timestamp read = sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second);
  return text.ends_with('Z') ? read : read - hours(8);
}

}  // namespace certbridge::host

#include "agenda.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace certbridge::calendar {
namespace {

constexpr std::chrono::hours kZone{8};
constexpr std::size_t kAreaDigits = 6;
constexpr std::size_t kMostAreas = 1000;
constexpr std::size_t kMostTimes = 10;
constexpr std::chrono::hours kLatest{60 * 24};
constexpr std::size_t kMostRepeats = 100;
constexpr std::size_t kDayLength = 10;  // "2026-11-02"

Error wrong_option(const std::string& why) { return Error::fault("calendar.option", why); }

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int value_of(std::string_view digits) {
  int value = -1;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t\r\n", at)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

std::optional<std::chrono::milliseconds> parse_time(std::string_view word) {
  if (word.size() < 2 || word.size() > 6) return {};
  const std::string_view digits = word.substr(0, word.size() - 1);
  if (!is_number(digits)) return {};
  const int number = value_of(digits);
  switch (word.back()) {
    case 'm':
      return std::chrono::minutes(number);
    case 'h':
      return std::chrono::hours(number);
    case 'd':
      return std::chrono::hours(number * 24);
    default:
      return {};
  }
}

// "411324/2026-11-02", or with a number behind it.
std::optional<Repeat> parse_repeat(std::string_view word) {
  constexpr std::size_t kLength = kAreaDigits + 1 + kDayLength;
  if (word.size() < kLength || word[kAreaDigits] != '/') return {};
  const auto day = parse_calendar_day(word.substr(kAreaDigits + 1, kDayLength));
  if (!day) return {};
  Repeat repeat{std::string(word.substr(0, kAreaDigits)), day.value()};
  if (word.size() == kLength) return repeat;
  const std::string_view number = word.substr(kLength + 1);
  if (word[kLength] != '/' || !is_number(number) || number.size() > 2) return {};
  repeat.number = value_of(number);
  if (repeat.number == 0) return {};
  return repeat;
}

Timestamp begin_of(Day day) { return Timestamp(day) - kZone; }

}  // namespace

Day day_of(Timestamp moment) { return std::chrono::floor<std::chrono::days>(moment + kZone); }

std::string day_text(Day day) {
  const std::chrono::year_month_day date(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

Result<Day> parse_calendar_day(std::string_view text) {
  const bool formed = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                      is_number(text.substr(0, 4)) && is_number(text.substr(5, 2)) &&
                      is_number(text.substr(8, 2));
  if (formed) {
    const std::chrono::year_month_day date{
        std::chrono::year(value_of(text.substr(0, 4))),
        std::chrono::month(static_cast<unsigned>(value_of(text.substr(5, 2)))),
        std::chrono::day(static_cast<unsigned>(value_of(text.substr(8, 2))))};
    if (date.ok() && date.year() >= std::chrono::year(2000)) return Day(date);
  }
  return wrong_option("since is a day as 2026-12-01");
}

Result<std::vector<std::string>> parse_areas(std::string_view text) {
  std::vector<std::string> areas;
  for (const std::string_view word : words(text)) {
    if (word.size() != kAreaDigits || !is_number(word)) {
      return wrong_option("areas are six-digit codes with blanks between them");
    }
    if (std::find(areas.begin(), areas.end(), word) != areas.end()) {
      return wrong_option("an area stands twice in areas");
    }
    areas.emplace_back(word);
  }
  if (areas.empty() || areas.size() > kMostAreas) {
    return wrong_option("areas names 1 to 1000 areas");
  }
  return areas;
}

Result<std::vector<std::chrono::milliseconds>> parse_times(std::string_view text) {
  std::vector<std::chrono::milliseconds> times;
  for (const std::string_view word : words(text)) {
    const auto time = parse_time(word);
    if (!time || *time > kLatest || (!times.empty() && *time <= times.back())) {
      return wrong_option(
          "times are numbers of m, h or d as `24h 25h 3d`, each later than the one before and "
          "none above 60d");
    }
    times.push_back(*time);
  }
  if (times.empty() || times.size() > kMostTimes) return wrong_option("times has 1 to 10 times");
  return times;
}

Result<std::vector<Repeat>> parse_repeats(std::string_view text,
                                          const std::vector<std::string>& areas) {
  std::vector<Repeat> repeats;
  for (const std::string_view word : words(text)) {
    auto repeat = parse_repeat(word);
    if (!repeat || std::find(areas.begin(), areas.end(), repeat->area) == areas.end()) {
      return wrong_option(
          "again has areas of `areas` with days as 411324/2026-11-02, with blanks between them; "
          "411324/2026-11-02/2 is the second time");
    }
    repeats.push_back(std::move(*repeat));
  }
  if (repeats.size() > kMostRepeats) return wrong_option("again has 100 days at most");
  return repeats;
}

Agenda::Agenda(AgendaSettings settings, const std::map<std::string, Day>& open_from)
    : settings_(std::move(settings)) {
  for (const std::string& name : settings_.areas) {
    const Day known = open_from.at(name);
    areas_[name].open_from = std::max(settings_.since.value_or(known), known);
  }
}

std::optional<Turn> Agenda::due_turn(const std::string& name, const Area& area, Day day,
                                     Timestamp now, Steady steady) const {
  const auto known = area.days.find(day);
  const Progress progress = known == area.days.end() ? Progress{} : known->second;
  const auto next = static_cast<std::size_t>(progress.handed);
  if (next >= settings_.times.size() || begin_of(day) + settings_.times[next] > now) return {};
  if (progress.last && steady < *progress.last + settings_.apart) return {};
  return Turn{name, day, progress.handed + 1};
}

std::vector<Turn> Agenda::due(Timestamp now, Steady steady, std::size_t limit) const {
  std::vector<Turn> turns;
  for (const auto& [name, area] : areas_) {
    for (Day day = area.open_from; begin_of(day) <= now; day += std::chrono::days(1)) {
      const auto turn = due_turn(name, area, day, now, steady);
      if (turn) turns.push_back(*turn);
      if (turns.size() >= limit) return turns;
    }
  }
  return turns;
}

void Agenda::note_handed(const Turn& turn, bool fresh, Steady steady) {
  Area& area = areas_[turn.area];
  Progress& progress = area.days[turn.day];
  progress.handed = turn.number;
  if (fresh) progress.last = steady;
  const int all = static_cast<int>(settings_.times.size());
  for (auto first = area.days.find(area.open_from);
       first != area.days.end() && first->second.handed >= all;
       first = area.days.find(area.open_from)) {
    area.days.erase(first);
    area.open_from += std::chrono::days(1);
  }
}

Day Agenda::open_from(const std::string& area) const { return areas_.at(area).open_from; }

}  // namespace certbridge::calendar

// Which days are to be handed over, and when. Knows nothing of host and clock.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::calendar {

using Day = std::chrono::sys_days;  // of the calendar at +08:00
using Steady = std::chrono::steady_clock::time_point;

struct AgendaSettings {
  std::vector<std::string> areas{};
  std::optional<Day> since{};                      // no day before it
  std::vector<std::chrono::milliseconds> times{};  // since the day's beginning, growing
  std::chrono::milliseconds apart{0};
};

// A day of an area for one of its times.
struct Turn {
  std::string area{};
  Day day{};
  int number = 0;  // 1 for the first time
  auto operator<=>(const Turn&) const = default;
};

std::string day_text(Day day);  // "2026-11-27"
Day day_of(Timestamp moment);
// "calendar.option" for anything else than such a text.
Result<Day> parse_calendar_day(std::string_view text);
Result<std::vector<std::string>> parse_areas(std::string_view text);
// "24h 25h 3d": one to ten, growing, 60 days at most.
Result<std::vector<std::chrono::milliseconds>> parse_times(std::string_view text);

// A day of an area that people want handed over once more.
struct Repeat {
  std::string area{};
  Day day{};
  int number = 1;  // the first time, the second...
  auto operator<=>(const Repeat&) const = default;
};
// "411324/2026-11-02 411324/2026-11-02/2": 100 at most, each of one of `areas`.
Result<std::vector<Repeat>> parse_repeats(std::string_view text,
                                          const std::vector<std::string>& areas);

// One thread.
class Agenda {
 public:
  // `open_from` has the first day of each area of which not every turn was handed over; with an
  // earlier one than `since` the area begins with that.
  Agenda(AgendaSettings settings, const std::map<std::string, Day>& open_from);

  // Turns whose time has come, those of each area in the order of days; at most `limit`. Of one
  // day the next turn only, and not sooner than `apart` after the last that was new.
  std::vector<Turn> due(Timestamp now, Steady steady, std::size_t limit) const;
  // The host has it. `fresh`: it had not been handed over before.
  void note_handed(const Turn& turn, bool fresh, Steady steady);
  Day open_from(const std::string& area) const;

 private:
  struct Progress {
    int handed = 0;
    std::optional<Steady> last{};
  };
  struct Area {
    Day open_from{};
    std::map<Day, Progress> days{};  // since open_from; those that are not there have none
  };
  std::optional<Turn> due_turn(const std::string& name, const Area& area, Day day, Timestamp now,
                               Steady steady) const;

  AgendaSettings settings_;
  std::map<std::string, Area> areas_{};
};

}  // namespace certbridge::calendar

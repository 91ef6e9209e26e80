// When days are due: each turn once, missed days made up for, turns of one day apart.
#include "agenda.h"

#include <gtest/gtest.h>

namespace certbridge::calendar {
namespace {

using namespace std::chrono_literals;

Timestamp at(const char* text) { return parse_message_time(text).value(); }
Day day(const char* text) { return parse_calendar_day(text).value(); }

AgendaSettings settings() {
  return {{"990101"}, day("2026-11-20"), {24h, 25h}, std::chrono::minutes(10)};
}

// As on the first day.
Agenda fresh(const AgendaSettings& settings) {
  return {settings, {{"990101", settings.since.value()}}};
}

std::vector<std::string> words(const std::vector<Turn>& turns) {
  std::vector<std::string> text;
  for (const Turn& turn : turns) {
    text.push_back(turn.area + " " + day_text(turn.day) + " " + std::to_string(turn.number));
  }
  return text;
}

const Steady kStart{};

TEST(Agenda, ADayIsDueAtItsEndOfPlus8) {
  const Agenda agenda = fresh(settings());
  EXPECT_TRUE(agenda.due(at("2026-11-20T15:59:59Z"), kStart, 256).empty());
  EXPECT_EQ(words(agenda.due(at("2026-11-20T16:00:00Z"), kStart, 256)),
            std::vector<std::string>{"990101 2026-11-20 1"});
}

TEST(Agenda, EachTurnIsDueOnceAndTheNextAtItsTime) {
  Agenda agenda = fresh(settings());
  agenda.note_handed({"990101", day("2026-11-20"), 1}, true, kStart);
  EXPECT_TRUE(agenda.due(at("2026-11-20T16:59:59Z"), kStart + 1h, 256).empty());
  EXPECT_EQ(words(agenda.due(at("2026-11-20T17:00:00Z"), kStart + 1h, 256)),
            std::vector<std::string>{"990101 2026-11-20 2"});
  agenda.note_handed({"990101", day("2026-11-20"), 2}, true, kStart);
  EXPECT_TRUE(agenda.due(at("2026-11-20T18:00:00Z"), kStart + 2h, 256).empty());
  EXPECT_EQ(agenda.open_from("990101"), day("2026-11-21"));
}

TEST(Agenda, MissedDaysAreMadeUpForInTheirOrderAndTheirTurnsKeepApart) {
  Agenda agenda(settings(), {{"990101", day("2026-11-22")}});
  const Timestamp now = at("2026-11-24T20:00:00Z");
  const auto turns = agenda.due(now, kStart, 256);
  EXPECT_EQ(words(turns), (std::vector<std::string>{"990101 2026-11-22 1", "990101 2026-11-23 1",
                                                    "990101 2026-11-24 1"}));
  for (const Turn& turn : turns) agenda.note_handed(turn, true, kStart);
  EXPECT_TRUE(agenda.due(now, kStart + 9min, 256).empty());
  EXPECT_EQ(agenda.due(now, kStart + 10min, 256).size(), 3);
}

TEST(Agenda, ATurnThatTheHostHadAlreadyIsFollowedAtOnce) {
  Agenda agenda = fresh(settings());
  agenda.note_handed({"990101", day("2026-11-20"), 1}, false, kStart);
  EXPECT_EQ(words(agenda.due(at("2026-11-20T20:00:00Z"), kStart, 256)),
            std::vector<std::string>{"990101 2026-11-20 2"});
}

TEST(Agenda, ManyDaysComeInPortions) {
  const Agenda agenda = fresh(settings());
  EXPECT_EQ(agenda.due(at("2036-11-20T20:00:00Z"), kStart, 256).size(), 256);
}

TEST(Agenda, AnAreaIsNotOpenBeforeItsFirstDay) {
  AgendaSettings later = settings();
  later.since = day("2026-12-01");
  const Agenda agenda(later, {{"990101", day("2026-11-01")}});
  EXPECT_TRUE(agenda.due(at("2026-11-30T00:00:00Z"), kStart, 256).empty());
}

TEST(Agenda, OptionsAreReadStrictly) {
  EXPECT_EQ(parse_times("90m 24h 3d").value(),
            (std::vector<std::chrono::milliseconds>{90min, 24h, 72h}));
  for (const char* times : {"", "24", "24h 24h", "25h 24h", "-1h", "61d", "24 h", "1s",
                            "1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 11m"}) {
    EXPECT_EQ(parse_times(times).error().code, "calendar.option") << times;
  }
  EXPECT_EQ(parse_areas("990101 990102").value().size(), 2);
  for (const char* areas : {"", "99010", "99010a", "990101 990101", "990101,990102"}) {
    EXPECT_EQ(parse_areas(areas).error().code, "calendar.option") << areas;
  }
  EXPECT_EQ(
      parse_repeats("990101/2026-11-02 990101/2026-11-02/2", {"990101"}).value(),
      (std::vector<Repeat>{{"990101", day("2026-11-02"), 1}, {"990101", day("2026-11-02"), 2}}));
  for (const char* again :
       {"990102/2026-11-02", "990101", "990101/2026-11-31", "990101/2026-11-02/",
        "990101/2026-11-02/0", "990101/2026-11-02/100", "990101|2026-11-02"}) {
    EXPECT_EQ(parse_repeats(again, {"990101"}).error().code, "calendar.option") << again;
  }
  for (const char* since : {"", "2026-13-01", "2026-02-30", "26-01-01", "2026/01/01"}) {
    EXPECT_EQ(parse_calendar_day(since).error().code, "calendar.option") << since;
  }
}

}  // namespace
}  // namespace certbridge::calendar

// Which bookings of a day the platform was sent, by the host's facts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "certbridge/context.h"
#include "daily_log/booked_day.h"

namespace certbridge::provincial_platform {

// One booking that came here, as its last delivery stands.
struct Access {
  enum class Standing : std::uint8_t {
    kUnderWay = 1,
    kSent = 2,    // delivered, with a verdict or without
    kFailed = 3,  // parked, rejected or given up
  };
  std::string id{};          // of the booking at the registration system; empty where it has none
  std::string event_case{};  // number of the case
  std::string case_no{};     // RecFlowID: the case number, with "-1", "-2"… for one of several
  std::string unit{};
  std::string type{};       // registration type
  std::string right{};      // right type
  std::string number{};     // BizMsgID; empty while it has none
  bool of_the_day = false;  // it was booked on the day in the area, by its own word
  Standing standing = Standing::kUnderWay;

  // Whether it is what a row of the register says, by the id (field `booking`) where both have one,
  // and else by case, unit, registration type and right type. What one of them does not say does
  // not tell them apart.
  bool is_about(const Record& registered) const;
  // The same for all messages about one booking: several of a case may be numbered anew when there
  // is one more, their ids stay.
  std::string key() const;
};

// As the headers of a booking have it; no number, under way.
Access access_of(const Headers& booking, const AreaDay& day);

// Of the bookings that were accepted from the day before until 40 days later, and in the last three
// days before `now` (days that are made up for are fetched then), those of the day and
// those of units that the register has; one for each booking: what was sent, else the last.
// "provincial.too_many" above a million deliveries of one day, and the codes
// of Facts.
Result<std::vector<Access>> accesses_of(const Facts& facts, const std::string& endpoint,
                                        const BookedDay& day, Timestamp now);

// Finds each booking at most once.
class AccessFinder {
 public:
  explicit AccessFinder(std::vector<Access> accesses);
  // That of a row of the register. Null when nothing of it ever came.
  const Access* take(const Record& registered);
  // Those of the day that no row was found for.
  std::vector<Access> left_of_the_day() const;

 private:
  struct Entry {
    Access access{};
    bool taken = false;
  };
  std::multimap<std::string, Entry> by_unit_{};
};

}  // namespace certbridge::provincial_platform

#include "day_samples.h"

#include <cstdio>

#include "booking/bookings.h"
#include "booking_samples.h"

namespace certbridge::provincial_platform::testing {

LogForm shipped_form(const std::string& name) {
  return parse_log_form(profile_text(name + ".xml"), name + ".xml").value();
}

std::string sample_unit(int n) {
  char text[8];
  std::snprintf(text, sizeof text, "%04d", n);
  return "990101001001GB00001F0001" + std::string(text);
}

Record registered_row(int n, const std::string& type, const std::string& right) {
  Record row;
  row.set("ywh", "C" + std::to_string(n));
  row.set("djlx", type);
  row.set("qllx", right);
  row.set("bdcdyh", sample_unit(n));
  row.set("zszmh", "示(2024)示例不动产权第000000" + std::to_string(n) + "号");
  return row;
}

AreaDay sample_day() { return {"990101", parse_day("2024-03-18").value()}; }

Message day_message() {
  Message message;
  message.id = "d1";
  message.type = kCalendarDay;
  message.area = "990101";
  message.headers = {{"day", "2024-03-18"}, {"turn", "1"}};
  message.order_keys = {sample_day().order_key()};
  return message;
}

Message booked_day_message(const std::vector<Record>& registered) {
  BookedDay day;
  day.of = sample_day();
  day.facts.set("areaname", "示例区");
  day.registered = registered;
  return write_booked_day(day, day_message());
}

certbridge::testing::KnownDelivery sent_booking(int n, const std::string& type,
                                                const std::string& state,
                                                const std::string& suffix) {
  certbridge::testing::KnownDelivery known;
  known.fact.message_id = "m" + std::to_string(n);
  known.fact.endpoint = "province";
  known.fact.type = kBookedType;
  known.fact.state = state;
  known.fact.remote_id = "99010124031800000" + std::to_string(n);
  known.fact.headers = {{kBookingCase, "C" + std::to_string(n) + suffix},
                        {kBookingUnit, sample_unit(n)},
                        {kBookingType, type},
                        {kBookingRight, "4"},
                        {kBookingTime, "2024-03-18T10:30:18"}};
  known.order_keys = {{"case", "C" + std::to_string(n)}, {"unit", sample_unit(n)}};
  known.area = "990101";
  known.accepted = parse_message_time("2024-03-18T03:00:00Z").value();
  return known;
}

}  // namespace certbridge::provincial_platform::testing

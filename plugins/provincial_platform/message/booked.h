// The facts of one booked right on one unit: what a message is made of.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/record.h"

namespace certbridge::provincial_platform {

// Null and empty values are as if they were not there. Names of fields are lower case.
struct Booked {
  Record head{};  // values of the head, as "estatenum"
  std::map<std::string, std::vector<Record>, std::less<>> tables{};  // rows by the profile's name

  const std::vector<Record>& rows(std::string_view table) const;  // empty when there are none
};

// Reads records (certbridge/record.h): the set "head" with one row, every other set a table. Codes:
// those of parse_records(), and "provincial.facts" without a head or when a set stands twice.
Result<Booked> parse_booked(std::string_view xml);

std::string lower_case(std::string_view name);

}  // namespace certbridge::provincial_platform

// The lines on which the province is told: each is on or off by itself.
#pragma once

#include <string>
#include <vector>

#include "config/place.h"

namespace certbridge::host {

inline constexpr const char* kCityForwards = "city-forwards";
inline constexpr const char* kECertificateLine = "e-certificate";
inline constexpr const char* kSectorLine = "sector";

struct UpwardLine {
  // kCityForwards: the city's library tells the e-certificate platform, and nothing is sent from
  // here. kECertificateLine: we tell it. kSectorLine: we tell the sector's platform.
  std::string name{};
  bool on = false;
  std::string endpoint{};           // the sink on which it is told; the city's line has none
  std::string books{};              // responder that tells what the province shows; may be empty
  std::string of{};                 // of the city's line: the sink of the library that forwards
  std::vector<std::string> also{};  // other endpoints of the line, on and off with it
  Place place{};
};

}  // namespace certbridge::host

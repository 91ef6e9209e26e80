// The types of certificates that are issued here: where their files lie, and where they have to be
// registered.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "config/delivery_policy.h"
#include "config/place.h"

namespace certbridge::host {

// Under this name the host hands changes of the catalogue to itself, as messages of type
// "catalogue.type".
inline constexpr const char* kCatalogueSource = "catalogue";

struct RegisteredAt {
  std::string deliveries{};  // the sink whose counterpart takes certificates of approved types only
  std::string faces{};       // responder that answers "catalogue.face"; empty: it publishes none
};

// <catalogue> of certbridge.xml. Without it no type has versions, and none is waited for.
struct CatalogueConfig {
  bool given = false;
  std::string types_folder{};
  std::string templates_folder{};
  std::vector<RegisteredAt> registered{};
  std::chrono::milliseconds look{10'000};  // how often the files are looked at for a change
  // Of a lane that a counterpart's "not registered" holds: the first after so long, then doubled.
  std::chrono::milliseconds first_probe{60'000};
  std::chrono::milliseconds longest_probe{1'800'000};
  DeliveryPolicy calendar{};  // its zone, and the hours in which published fields are fetched
  bool scheduled = false;     // hours are given
  Place place{};
};

}  // namespace certbridge::host

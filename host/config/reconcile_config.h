// How the books are compared: whom to ask, when, and what counts as never arrived.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "config/delivery_policy.h"

namespace certbridge::host {

struct ReconcileCounterpart {
  std::string books{};       // responder that answers "books.day" (certbridge/books.h)
  std::string deliveries{};  // the sink for which it speaks
  std::string name{};        // under which its differences are told; empty: `deliveries`
  // Somebody else told it of what was delivered to the sink: nothing is ever sent from here.
  bool only_compared = false;
  bool newest_only = false;  // it shows the newest version of a certificate, and no earlier one

  const std::string& shown() const { return name.empty() ? deliveries : name; }
};

// Asks the registration system, now and then, for cases that never came.
struct SweepConfig {
  std::chrono::milliseconds older_than{};    // booked longer ago than this
  std::chrono::milliseconds every{900'000};  // pause between two looks
  int days = 3;                              // booked today or so many days before
};

struct ReconcileConfig {
  bool given = false;
  std::string registration{};  // responder that answers "books.day"
  std::vector<ReconcileCounterpart> counterparts{};
  DeliveryPolicy calendar{};  // its zone, and the hours in which the day before is compared
  bool scheduled = false;     // hours are given
  std::chrono::milliseconds timeout{20'000};  // for all pages of one counterpart
  std::optional<SweepConfig> sweep{};
};

}  // namespace certbridge::host

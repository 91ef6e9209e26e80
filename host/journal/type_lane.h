// Why certificates of one type wait at one endpoint, for restarts and for people. While its lane is
// held the type's deliveries there use up no attempts, and those of other types go on.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "certbridge/message.h"

namespace certbridge::host {

struct TypeLaneName {
  std::string endpoint{};
  std::string type{};  // type code
  int version = 0;     // of the type; 0: whatever the version is
  auto operator<=>(const TypeLaneName&) const = default;
};
// "type 11100000MB03271699001 at endpoint library", for people.
std::string lane_text(const TypeLaneName& name);

// A delivery that waits in a lane.
struct LaneWait {
  TypeLaneName lane{};
  bool issues = true;  // a certificate of the type: as a probe it goes before what does not
};

enum class LaneCause : std::uint8_t {
  kCatalogue = 1,    // the catalogue says that the version waits for approval, or is suspended
  kCounterpart = 2,  // it does not know the type, or not yet: it is probed
};
std::string to_text(LaneCause cause);  // "catalogue", "counterpart"

struct TypeLane {
  TypeLaneName name{};
  LaneCause cause = LaneCause::kCounterpart;
  Timestamp since{};
  std::optional<Timestamp> next_probe{};  // of kCounterpart
  int probes = 0;                         // that were refused since
  std::optional<std::int64_t> probe{};    // delivery that was let through; its answer is awaited
  std::string reason{};                   // for people; no personal data
  std::uint64_t waiting = 0;              // deliveries that wait in it; set when it is read
};

// What has become of the delivery that was let through as a probe.
enum class ProbeState : std::uint8_t {
  kUnderWay = 1,  // also as long as its receipt is open and the verdict is not overdue
  kAnswered = 2,  // taken, or refused for another reason than its type: the type is known there
  kGone = 3,      // somebody has given it up, or its verdict is overdue: it tells nothing
};

// What is held, in the journal; a part of the store. Any thread.
class TypeLaneBook {
 public:
  virtual ~TypeLaneBook() = default;
  // In place of what was noted of it.
  virtual Result<void> hold(const TypeLane& lane) = 0;
  // Makes the earliest delivery that waits in it due now, notes it as the lane's probe and answers
  // it; none when none waits. What issues no certificate only when nothing else waits: a
  // counterpart may answer it without a look at the type.
  virtual Result<std::optional<std::int64_t>> probe(const TypeLaneName& name) = 0;
  virtual Result<ProbeState> probe_state(std::int64_t delivery, Timestamp now) = 0;
  // Makes those that wait in it due now, `most` at once, the earliest first, and lets go of the
  // lane once none is left; answers whether it did.
  virtual Result<bool> release(const TypeLaneName& name, std::size_t most) = 0;
  virtual Result<std::vector<TypeLane>> lanes() = 0;
};

}  // namespace certbridge::host

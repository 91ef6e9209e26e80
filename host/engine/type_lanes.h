// Certificates of one type that wait at one endpoint, while all others go on: because the catalogue
// says that the version of their type waits for approval, or because the counterpart does not know
// the type, or not yet. Only what issues one is held, which is bound to a version of its type: what
// ends or changes a certificate that the counterpart has is told at once (article 9 of the
// measures), and behind its own certificate where that waits.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "engine/engine_services.h"
#include "journal/type_lane.h"

namespace certbridge::host {

// What holds a delivery back.
struct LaneHold {
  TypeLaneName lane{};
  bool issues = true;                      // a certificate of the type
  Error error = Error::retryable({}, {});  // for people
};

// Each lane is one alarm: a log line when it begins and when it ends, a metric, and a row of the
// journal, which /health/ready shows and a restart goes on with. Any thread.
class TypeLanes {
 public:
  // References of `services` outlive it; `services.type_lanes` is not looked at.
  explicit TypeLanes(EngineServices services) : services_(services) {}

  // Takes up what the journal knows from before a restart. Before anything else; where the journal
  // cannot be read, look() does it.
  void restore();

  // Why the delivery of this message may not be sent; none when it may. A lane that the catalogue
  // demands begins here. What was let through as a probe is not held.
  std::optional<LaneHold> hold_of(const std::string& endpoint, const Message& message,
                                  std::int64_t delivery);
  // The same without beginning a lane, and for whatever has no delivery yet.
  bool would_hold(const std::string& endpoint, const Message& message);

  // The counterpart said that it does not know the type: the lane begins, or goes on, and what was
  // refused waits in it, whatever it is. None for a message that is of no type.
  std::optional<LaneHold> refused(const std::string& endpoint, const Message& message,
                                  std::int64_t delivery, const Error& error);
  // It answered otherwise, and for good: when that was a probe, all that wait in the lane may go. A
  // receipt that is open says nothing yet; its verdict is found by look().
  void answered(const std::string& endpoint, const Message& message, std::int64_t delivery);
  // Something has changed there: its lane is probed at the next look.
  void probe_soon(const std::string& endpoint, const std::string& type);

  // Lets go what the catalogue approves by now and whose probe was answered, and probes what is
  // due. One thread, now and then.
  void look();

 private:
  struct Held {
    TypeLane lane{};
    bool saved = true;  // as it is; otherwise it is tried again
  };
  using Lanes = std::map<TypeLaneName, Held>;

  std::optional<LaneHold> by_catalogue(const std::string& endpoint, const Message& message) const;
  bool still_waits(const TypeLaneName& name) const;
  void begin(TypeLane lane);
  void end(const TypeLaneName& name);
  bool is_over(Held& held);
  bool is_answered(Held& held);
  bool is_empty(Held& held);
  void read_known();
  void save(Held& held);
  void show(const TypeLaneName& name, bool held);
  void note_failure(const Error& error);
  std::chrono::milliseconds pause_after(int probes) const;

  EngineServices services_;
  // Guards the lanes; held while the journal is asked, so nobody takes it on a thread of that.
  std::mutex mutex_{};
  Lanes lanes_{};
  bool knows_ = false;  // what the journal knows from before
};

}  // namespace certbridge::host

#include "engine/type_lanes.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "engine/type_catalogue.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kReleasedAtOnce = 1000;
constexpr const char* kCodeHeld = "catalogue.type_held";

std::string header_text(const Message& message, std::string_view name) {
  const auto found = message.headers.find(name);
  return found == message.headers.end() ? std::string() : found->second;
}

// 0 for a message that is bound to none: it issues nothing, or there is no catalogue.
int bound_version(const Message& message) {
  const std::string text = header_text(message, "type-version");
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

LaneHold held_by(const TypeLaneName& name, const std::string& reason) {
  return {name, true,
          Error::retryable(kCodeHeld, "the lane of " + lane_text(name) + " is held: " + reason +
                                          "; it resumes by itself")};
}

// What the catalogue says of a version that may not be delivered; empty when it may.
std::string why_not(TypeState state) {
  switch (state) {
    case TypeState::kApproved:
      return {};
    case TypeState::kSuspended:
      return "the version is suspended in the catalogue";
    case TypeState::kDraft:
      return "the catalogue has nothing but a draft of the type";
    case TypeState::kSubmitted:
      break;
  }
  return "the version waits for approval";
}

}  // namespace

void TypeLanes::restore() {
  const std::lock_guard lock(mutex_);
  read_known();
}

// A lane that began meanwhile stays as it is.
void TypeLanes::read_known() {
  if (knows_) return;
  const auto known = services_.store.type_lanes().lanes();
  if (!known) return note_failure(known.error());
  knows_ = true;
  for (const TypeLane& lane : known.value()) {
    if (lanes_.emplace(lane.name, Held{lane, true}).second) show(lane.name, true);
  }
}

std::optional<LaneHold> TypeLanes::by_catalogue(const std::string& endpoint,
                                                const Message& message) const {
  const int number = bound_version(message);
  if (number == 0 || services_.types == nullptr) return {};
  const auto& registered = services_.configuration.catalogue.registered;
  const bool counts =
      std::any_of(registered.begin(), registered.end(),
                  [&](const RegisteredAt& one) { return one.deliveries == endpoint; });
  if (!counts) return {};
  const std::string code = header_text(message, "type-code");
  const auto types = services_.types->types();
  const CertificateType* type = types->by_code(code);
  const TypeVersion* version = type == nullptr ? nullptr : type->version(number);
  // What the catalogue has dropped since finishes on its own.
  const std::string reason = version == nullptr ? std::string() : why_not(version->state);
  if (reason.empty()) return {};
  return held_by({endpoint, code, number}, reason);
}

std::optional<LaneHold> TypeLanes::hold_of(const std::string& endpoint, const Message& message,
                                           std::int64_t delivery) {
  const std::string type = header_text(message, "type-code");
  if (type.empty() || bound_version(message) == 0) return {};
  auto wanted = by_catalogue(endpoint, message);
  const std::lock_guard lock(mutex_);
  if (wanted) {
    TypeLane lane;
    lane.name = wanted->lane;
    lane.cause = LaneCause::kCatalogue;
    lane.reason = wanted->error.message;
    begin(std::move(lane));
    return wanted;
  }
  const auto found = lanes_.find({endpoint, type, 0});
  if (found == lanes_.end() || found->second.lane.probe == delivery) return {};
  return held_by(found->first, found->second.lane.reason);
}

bool TypeLanes::would_hold(const std::string& endpoint, const Message& message) {
  const std::string type = header_text(message, "type-code");
  if (type.empty() || bound_version(message) == 0) return false;
  if (by_catalogue(endpoint, message)) return true;
  const std::lock_guard lock(mutex_);
  return lanes_.contains({endpoint, type, 0});
}

std::optional<LaneHold> TypeLanes::refused(const std::string& endpoint, const Message& message,
                                           std::int64_t delivery, const Error& error) {
  const TypeLaneName name{endpoint, header_text(message, "type-code"), 0};
  if (name.type.empty()) return {};
  const std::lock_guard lock(mutex_);
  const auto known = lanes_.find(name);
  if (known == lanes_.end()) {
    TypeLane lane;
    lane.name = name;
    lane.reason = error.message;
    lane.next_probe = services_.clock.now() + pause_after(0);
    begin(std::move(lane));
  } else if (known->second.lane.probe == delivery) {
    TypeLane& lane = known->second.lane;
    lane.probe.reset();
    ++lane.probes;
    lane.reason = error.message;
    lane.next_probe = services_.clock.now() + pause_after(lane.probes);
    save(known->second);
  }
  LaneHold hold = held_by(name, error.message);
  hold.issues = bound_version(message) != 0;
  return hold;
}

void TypeLanes::answered(const std::string& endpoint, const Message& message,
                         std::int64_t delivery) {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find({endpoint, header_text(message, "type-code"), 0});
  if (found != lanes_.end() && found->second.lane.probe == delivery)
    end(TypeLaneName(found->first));
}

void TypeLanes::probe_soon(const std::string& endpoint, const std::string& type) {
  const std::lock_guard lock(mutex_);
  const auto found = lanes_.find({endpoint, type, 0});
  if (found == lanes_.end()) return;
  found->second.lane.next_probe = services_.clock.now();
  found->second.saved = false;
}

void TypeLanes::look() {
  const std::lock_guard lock(mutex_);
  read_known();
  std::vector<TypeLaneName> over;
  for (auto& [name, held] : lanes_) {
    if (!held.saved) save(held);
    const bool by_catalogue = held.lane.cause == LaneCause::kCatalogue;
    if (by_catalogue ? !still_waits(name) : is_over(held)) over.push_back(name);
  }
  for (const TypeLaneName& name : over) end(name);
}

bool TypeLanes::still_waits(const TypeLaneName& name) const {
  Message like;
  like.headers = {{"type-code", name.type}, {"type-version", std::to_string(name.version)}};
  return by_catalogue(name.endpoint, like).has_value();
}

// One certificate probes at a time.
bool TypeLanes::is_over(Held& held) {
  if (!held.saved) return false;
  if (held.lane.probe && is_answered(held)) return true;
  return !held.lane.probe && is_empty(held);
}

// Whether its probe was. One that tells nothing makes room for the next.
bool TypeLanes::is_answered(Held& held) {
  TypeLane& lane = held.lane;
  const Timestamp now = services_.clock.now();
  const auto state = services_.store.type_lanes().probe_state(*lane.probe, now);
  if (!state) {
    note_failure(state.error());
    return false;
  }
  if (state.value() == ProbeState::kGone) {
    lane.probe.reset();
    lane.next_probe = now;
    save(held);
  }
  return state.value() == ProbeState::kAnswered;
}

// Probes it when that is due; true when nothing waits in it any more.
bool TypeLanes::is_empty(Held& held) {
  TypeLane& lane = held.lane;
  if (lane.next_probe && *lane.next_probe > services_.clock.now()) return false;
  const auto delivery = services_.store.type_lanes().probe(lane.name);
  if (!delivery) {
    note_failure(delivery.error());
    return false;
  }
  lane.probe = delivery.value();
  return !lane.probe;
}

void TypeLanes::begin(TypeLane lane) {
  if (lanes_.contains(lane.name)) return;
  lane.since = services_.clock.now();
  services_.logger.log(LogLevel::kError, "type_lane.held",
                       {{"endpoint", lane.name.endpoint},
                        {"type", lane.name.type},
                        {"version", std::to_string(lane.name.version)},
                        {"cause", to_text(lane.cause)},
                        {"reason", lane.reason}});
  services_.metrics.count("type_lanes_held_total", {{"endpoint", lane.name.endpoint}}, 1);
  show(lane.name, true);
  const TypeLaneName name = lane.name;
  Held& held = lanes_[name];
  held.lane = std::move(lane);
  save(held);
}

// What the journal does not let go now is tried again at the next look.
void TypeLanes::end(const TypeLaneName& name) {
  for (bool done = false; !done;) {
    const auto released = services_.store.type_lanes().release(name, kReleasedAtOnce);
    if (!released) return note_failure(released.error());
    done = released.value();
  }
  lanes_.erase(name);
  services_.logger.log(LogLevel::kInfo, "type_lane.released",
                       {{"endpoint", name.endpoint},
                        {"type", name.type},
                        {"version", std::to_string(name.version)}});
  show(name, false);
}

void TypeLanes::save(Held& held) {
  const auto saved = services_.store.type_lanes().hold(held.lane);
  held.saved = saved.ok();
  if (!saved) note_failure(saved.error());
}

void TypeLanes::show(const TypeLaneName& name, bool held) {
  services_.metrics.gauge(
      "type_lane_held",
      {{"endpoint", name.endpoint}, {"type", name.type}, {"version", std::to_string(name.version)}},
      held ? 1 : 0);
}

void TypeLanes::note_failure(const Error& error) {
  services_.logger.log(LogLevel::kWarning, "journal.failed",
                       {{"code", error.code}, {"reason", error.message}});
}

// Doubled with each probe that was refused.
std::chrono::milliseconds TypeLanes::pause_after(int probes) const {
  const CatalogueConfig& catalogue = services_.configuration.catalogue;
  std::chrono::milliseconds pause = catalogue.first_probe;
  for (int i = 0; i < probes && pause < catalogue.longest_probe; ++i) pause *= 2;
  return std::min(pause, catalogue.longest_probe);
}

}  // namespace certbridge::host

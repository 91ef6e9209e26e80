#include "journal/store.h"

namespace certbridge::host {

std::string to_text(MessageState state) {
  switch (state) {
    case MessageState::kAccepted:
      return "accepted";
    case MessageState::kIncomplete:
      return "incomplete";
    case MessageState::kInReview:
      return "in-review";
    case MessageState::kRouted:
      return "routed";
    case MessageState::kDone:
      return "done";
    case MessageState::kParked:
      return "parked";
    case MessageState::kSuperseded:
      return "superseded";
    case MessageState::kWithdrawn:
      return "withdrawn";
    case MessageState::kDiscarded:
      return "discarded";
    case MessageState::kNotHeld:
      return "not-held";
  }
  return "unknown-state";
}

std::string to_text(DeliveryState state) {
  switch (state) {
    case DeliveryState::kWaiting:
      return "waiting";
    case DeliveryState::kReady:
      return "ready";
    case DeliveryState::kSending:
      return "sending";
    case DeliveryState::kDelivered:
      return "delivered";
    case DeliveryState::kOpen:
      return "open";
    case DeliveryState::kRetryAt:
      return "retry-at";
    case DeliveryState::kUnknown:
      return "unknown";
    case DeliveryState::kNotHeld:
      return "not-held";
    case DeliveryState::kDiscarded:
      return "discarded";
    case DeliveryState::kSuperseded:
      return "superseded";
    case DeliveryState::kParked:
      return "parked";
    case DeliveryState::kRepair:
      return "repair";
  }
  return "unknown-state";
}

bool is_final(DeliveryState state) {
  return state == DeliveryState::kDelivered || state == DeliveryState::kNotHeld ||
         state == DeliveryState::kDiscarded || state == DeliveryState::kSuperseded;
}

bool falls_due(DeliveryState state) {
  return state == DeliveryState::kOpen || state == DeliveryState::kRetryAt ||
         state == DeliveryState::kUnknown;
}

bool is_settled_or_parked(DeliveryState state) {
  return is_final(state) || state == DeliveryState::kParked || state == DeliveryState::kRepair;
}

std::string to_text(Lane lane) {
  if (lane == Lane::kRevocation) return "revocation";
  return lane == Lane::kLive ? "live" : "bulk";
}

std::optional<Lane> lane_named(std::string_view name) {
  for (const Lane lane : {Lane::kRevocation, Lane::kLive, Lane::kBulk}) {
    if (to_text(lane) == name) return lane;
  }
  return {};
}

std::string to_text(ParkedKind kind) {
  if (kind == ParkedKind::kMessage) return "message";
  return kind == ParkedKind::kDelivery ? "delivery" : "repair";
}

std::string to_text(ReplayState state) {
  switch (state) {
    case ReplayState::kRunning:
      return "running";
    case ReplayState::kPaused:
      return "paused";
    case ReplayState::kStopped:
      return "stopped";
    case ReplayState::kFinished:
      return "finished";
  }
  return "unknown-state";
}

std::string to_text(ReplayItemState state) {
  if (state == ReplayItemState::kWaiting) return "waiting";
  return state == ReplayItemState::kReplayed ? "replayed" : "skipped";
}

std::string to_text(ReviewState state) {
  switch (state) {
    case ReviewState::kWaiting:
      return "waiting";
    case ReviewState::kReleased:
      return "released";
    case ReviewState::kReturned:
      return "returned";
    case ReviewState::kSuperseded:
      return "superseded";
  }
  return "unknown-state";
}

std::string to_text(LinkedState state) {
  if (state == LinkedState::kUnderWay) return "under-way";
  return state == LinkedState::kComplete ? "complete" : "given-up";
}

std::string to_text(ChangePolicy policy) {
  return policy == ChangePolicy::kAtBooking ? "at-booking" : "after-collection";
}

std::string to_text(LinkedStanding standing) {
  switch (standing) {
    case LinkedStanding::kStands:
      return "stands";
    case LinkedStanding::kEnded:
      return "ended";
    case LinkedStanding::kAwaited:
      return "awaited";
    case LinkedStanding::kCollected:
      return "collected";
    case LinkedStanding::kFailed:
      return "failed";
    case LinkedStanding::kOver:
      return "over";
  }
  return "unknown-standing";
}

std::string review_step_key(const std::string& subject, const std::string& step,
                            const Sm3Digest& digest) {
  return subject + "/" + step + "/review/" + to_hex(digest);
}

}  // namespace certbridge::host

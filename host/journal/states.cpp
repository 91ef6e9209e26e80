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

}  // namespace certbridge::host

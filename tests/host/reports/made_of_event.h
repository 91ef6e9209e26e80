// What the engine makes of an event, for tests of what reports read.
#pragma once

#include <string>
#include <utility>

#include "journal/store.h"

namespace certbridge::host::testing {

// One message of the event, with a delivery to the library.
inline Transition made_of_event(Store& store, const std::string& event, const std::string& type) {
  Transition transition;
  MessageChange change;
  change.id = event;
  change.state = MessageState::kRouted;
  transition.messages.push_back(std::move(change));
  RoutedChild child;
  child.message = store.message(event).value().message;
  child.message.id = event + "/0";
  child.message.type = type;
  child.route = "issue";
  child.deliveries = {{"library", "library", "issue", {}}};
  transition.children.push_back(std::move(child));
  return transition;
}

}  // namespace certbridge::host::testing

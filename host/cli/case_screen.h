// Everything about one case, on one screen: what came in, what was made of it, where it went.
#pragma once

#include <string>
#include <vector>

#include "cli/screen.h"
#include "journal/store.h"

namespace certbridge::host {

// One message of the case with what the journal knows of it.
struct CaseMessage {
  StoredMessage stored{};
  std::vector<TraceEntry> trace{};
  std::vector<StoredDelivery> deliveries{};
};

// `messages` in the order to show them, parents before their children. A few lines for each, so
// that a case of five certificates still fits; nothing personal is written.
void show_case(const std::string& number, const std::vector<CaseMessage>& messages, Screen& out);

// "settled 4711", "open 4711", or empty.
std::string receipt_of(const StoredDelivery& delivery);
// "code: message", or empty.
std::string error_of(const std::string& code, const std::string& message);
// Why it is not taken up: "held by ...", "waits for ...", or empty.
std::string waits_of(const StoredDelivery& delivery);

}  // namespace certbridge::host

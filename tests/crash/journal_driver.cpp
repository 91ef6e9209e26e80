// journal_driver FOLDER COUNT: accepts, routes, sends and delivers made-up messages, and says on
// standard output what it was promised, one write for each line. Made to be killed.
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "crash_support.h"

namespace {

using namespace certbridge;
using namespace certbridge::host;

void say(const std::string& line) {
  const std::string text = line + "\n";
  if (write(1, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
}

bool move(Store& store, const DeliveryChange& change) {
  Transition transition;
  transition.delivery_changes = {change};
  return store.apply(transition).ok();
}

bool route(Store& store, const std::string& id) {
  MessageChange change;
  change.id = id;
  change.expected = {MessageState::kAccepted};
  change.state = MessageState::kRouted;
  Transition transition;
  transition.messages = {change};
  transition.deliveries = {{"library", "library", "main", {}}};
  return store.apply(transition).ok();
}

// Sent, and then what the counterpart says of it; of the last kind it never says anything.
void deliver(Store& store, int index, const std::string& id) {
  const auto deliveries = store.deliveries(id);
  if (!deliveries || deliveries.value().empty()) return;
  const std::int64_t delivery = deliveries.value()[0].id;
  if (!move(store, crash::outcome_of("sending", delivery, id))) return;
  say("sending " + id);
  static const char* const kOutcomes[] = {"delivered", "open", "refused", ""};
  const std::string outcome = kOutcomes[index / 4 % 4];
  if (outcome.empty() || !move(store, crash::outcome_of(outcome, delivery, id))) return;
  say(outcome + " " + id);
}

void work(Store& store, int from, int count) {
  for (int index = from; index < count; index += 2) {
    const auto answer = store.accept("driver", {crash::message_of(index)});
    const std::string& id = answer[0].id;
    if (answer[0].verdict == Acceptance::Verdict::kRefused) {
      say("parked " + std::to_string(index) + " " + id);
      continue;
    }
    if (answer[0].verdict != Acceptance::Verdict::kAccepted) continue;
    say("accepted " + std::to_string(index) + " " + id);
    if (index % 4 > 1 || !route(store, id)) continue;
    say("routed " + id);
    if (index % 4 == 0) deliver(store, index, id);
  }
}

}  // namespace

int main(int, char** arguments) {
  const crash::SystemClock clock;
  auto store = open_sqlite_store(crash::settings_of(arguments[1], clock));
  if (!store) return 3;
  const int count = std::atoi(arguments[2]);
  std::thread second([&] { work(*store.value(), 1, count); });
  work(*store.value(), 0, count);
  second.join();
  store.value()->close();
  return 0;
}

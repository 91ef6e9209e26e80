#include "engine/left_over.h"

#include <cstdlib>

namespace certbridge::host {

int run_of(const Message& message) {
  const auto found = message.headers.find(kAgain);
  return found == message.headers.end() ? 0 : std::atoi(found->second.c_str());
}

bool is_left_over(const Message& made, const Message& accepted) {
  return made.type == accepted.type && run_of(made) == run_of(accepted) + 1;
}

Result<void> accept_left_over(Store& store, const StoredMessage& accepted) {
  const std::string mark = std::string("|") + kAgain + "-";
  Message next = accepted.message;
  const int run = run_of(next);
  const std::string own = mark + std::to_string(run);
  if (run > 0 && next.source_key.ends_with(own)) {
    next.source_key.resize(next.source_key.size() - own.size());
  }
  next.id.clear();
  next.order_number = 0;
  next.headers[kAgain] = std::to_string(run + 1);
  next.source_key += mark + std::to_string(run + 1);
  const Acceptance answer = store.accept(accepted.source, {std::move(next)}).at(0);
  if (answer.verdict == Acceptance::Verdict::kAccepted) return {};
  if (answer.verdict == Acceptance::Verdict::kSame) return {};
  return Error::retryable("engine.left_over",
                          "what a step left for another run is not taken now: " + answer.message +
                              " (" + answer.code + ")");
}

}  // namespace certbridge::host

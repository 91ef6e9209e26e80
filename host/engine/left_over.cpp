#include "engine/left_over.h"

#include <algorithm>
#include <charconv>

namespace certbridge::host {
namespace {

constexpr const char* kNotTaken = "engine.left_over";

}  // namespace

int run_of(const Message& message) {
  const auto found = message.headers.find(kAgain);
  if (found == message.headers.end()) return 0;
  int run = 0;
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), run);
  return std::clamp(run, 0, kMostRuns + 1);
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
  const std::string text =
      "what a step left for another run is not taken: " + answer.message + " (" + answer.code + ")";
  if (answer.verdict == Acceptance::Verdict::kBusy) return Error::retryable(kNotTaken, text);
  return Error::permanent(kNotTaken, text);
}

}  // namespace certbridge::host

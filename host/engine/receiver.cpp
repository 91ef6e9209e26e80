#include "engine/receiver.h"

namespace certbridge::host {
namespace {

const char* verdict_name(Acceptance::Verdict verdict) {
  switch (verdict) {
    case Acceptance::Verdict::kAccepted:
      return "accepted";
    case Acceptance::Verdict::kSame:
      return "same";
    case Acceptance::Verdict::kConflict:
      return "conflict";
    case Acceptance::Verdict::kRefused:
      return "refused";
    case Acceptance::Verdict::kBusy:
      return "busy";
  }
  return "busy";
}

constexpr std::size_t kLargestBatch = 256;

Acceptance busy(const Error& error) {
  Acceptance answer;
  answer.code = error.code;
  answer.message = error.message;
  answer.retry_after = error.retry_after.value_or(std::chrono::milliseconds(0));
  return answer;
}

}  // namespace

std::vector<Acceptance> HostReceiver::accept(std::vector<Message> messages) {
  if (messages.empty() || messages.size() > kLargestBatch) {
    Acceptance wrong;
    wrong.code = "receiver.batch_size";
    wrong.message = "a batch has 1 to 256 messages";
    return std::vector<Acceptance>(messages.size(), wrong);
  }
  if (const auto refusal = limit_.refusal(messages.size())) {
    metrics_.count("accepted_total", {{"source", source_}, {"verdict", "busy"}},
                   static_cast<double>(messages.size()));
    return std::vector<Acceptance>(messages.size(), busy(*refusal));
  }
  for (Message& message : messages) {
    if (message.created == Timestamp{}) message.created = clock_.now();
  }
  const std::size_t handed_over = messages.size();
  beside_.add_to(messages, source_);
  TakenIn taken = store_.take_in(source_, std::move(messages));
  taken.answers.resize(handed_over);
  hand_over_(std::move(taken.ready));
  for (const Acceptance& answer : taken.answers) note(answer);
  return std::move(taken.answers);
}

void HostReceiver::note(const Acceptance& answer) {
  metrics_.count("accepted_total", {{"source", source_}, {"verdict", verdict_name(answer.verdict)}},
                 1);
  if (answer.verdict == Acceptance::Verdict::kAccepted) return;
  if (answer.verdict == Acceptance::Verdict::kSame) return;
  logger_.log(LogLevel::kWarning, "intake." + std::string(verdict_name(answer.verdict)),
              {{"message", answer.id}, {"code", answer.code}, {"reason", answer.message}});
}

Result<void> HostReceiver::settle(const Correlation& correlation, const Outcome& outcome) {
  auto settled = store_.settle(correlation, outcome);
  if (deliveries_ != nullptr) deliveries_->fetch_add(1);
  metrics_.count("verdicts_total", {{"endpoint", correlation.endpoint}}, 1);
  return settled;
}

}  // namespace certbridge::host

#include "outbox_poller.h"

#include <algorithm>

namespace certbridge::sql {

OutboxPoller::OutboxPoller(Pool& pool, OutboxTable table, PollerSettings settings,
                           const Clock& clock, StepObserver observer)
    : pool_(pool),
      table_(std::move(table)),
      settings_(settings),
      clock_(clock),
      observer_(std::move(observer)) {}

Result<std::vector<Record>> OutboxPoller::claim() {
  auto session = pool_.lease(deadline());
  if (!session) return session.error();
  const Timestamp now = clock_.now();
  return table_.claim(*session.value(), settings_.batch, wall_clock(now),
                      wall_clock(now + settings_.lease), deadline());
}

RowOutcome OutboxPoller::outcome_of(const Acceptance& answer) const {
  using Verdict = Acceptance::Verdict;
  const auto pause = std::max(answer.retry_after, std::chrono::milliseconds(100));
  switch (answer.verdict) {
    case Verdict::kAccepted:
    case Verdict::kSame:
      return {kTakenOver, {}, {}};
    case Verdict::kConflict:
      return {kRefused, "the same event id came before with other content: raise the revision", {}};
    case Verdict::kRefused:
      return {kRefused, (answer.code + ": " + answer.message).substr(0, 2000), {}};
    case Verdict::kBusy:
      break;
  }
  return {kRetry, {}, wall_clock(clock_.now() + pause)};
}

Result<void> OutboxPoller::conclude(const std::vector<Record>& rows,
                                    const std::vector<Acceptance>& answers) {
  std::vector<RowOutcome> outcomes;
  std::transform(answers.begin(), answers.end(), std::back_inserter(outcomes),
                 [this](const Acceptance& answer) { return outcome_of(answer); });
  auto session = pool_.lease(deadline());
  if (!session) return session.error();
  auto written =
      table_.conclude(*session.value(), rows, outcomes, wall_clock(clock_.now()), deadline());
  if (!written) return written.error();
  return {};
}

Result<std::size_t> OutboxPoller::poll(Receiver& receiver) {
  auto rows = claim();
  if (!rows) return rows.error();
  if (rows.value().empty()) return std::size_t{0};
  observer_("claimed");
  std::vector<Message> messages;
  for (const Record& row : rows.value()) messages.push_back(message_of(table_.envelope(), row));
  const std::vector<Acceptance> answers = receiver.accept(std::move(messages));
  if (answers.size() != rows.value().size()) {
    return Error::fault("sql.failed",
                        "the host answered another number of messages than it was given");
  }
  observer_("accepted");
  if (auto done = conclude(rows.value(), answers); !done) return done.error();
  observer_("concluded");
  return rows.value().size();
}

}  // namespace certbridge::sql

#include "certbridge/testing/fakes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <thread>

#include "certbridge/encoding.h"

namespace certbridge::testing {
namespace {

using Lock = std::lock_guard<std::mutex>;

template <class T>
std::optional<T> pop(std::deque<T>& script) {
  if (script.empty()) return std::nullopt;
  T front = std::move(script.front());
  script.pop_front();
  return front;
}

}  // namespace

Timestamp FakeClock::now() const {
  const Lock lock(mutex_);
  return now_;
}
std::chrono::steady_clock::time_point FakeClock::steady() const {
  const Lock lock(mutex_);
  return steady_;
}
void FakeClock::set(Timestamp now) {
  const Lock lock(mutex_);
  now_ = now;
}
void FakeClock::advance(std::chrono::milliseconds by) {
  const Lock lock(mutex_);
  now_ += by;
  steady_ += by;
}

void RecordingLogger::log(LogLevel level, std::string_view event, const LogFields& fields) {
  const Lock lock(mutex_);
  entries_.push_back({level, std::string(event), fields});
}
std::vector<LogEntry> RecordingLogger::entries() const {
  const Lock lock(mutex_);
  return entries_;
}
std::string RecordingLogger::all_text() const {
  std::string text;
  for (const LogEntry& entry : entries()) {
    text += entry.event;
    for (const auto& [name, value] : entry.fields) text += " " + name + "=" + value;
    text += "\n";
  }
  return text;
}

void RecordingMetrics::count(std::string_view name, const MetricLabels&, double amount) {
  const Lock lock(mutex_);
  values_[std::string(name)] += amount;
}
void RecordingMetrics::gauge(std::string_view name, const MetricLabels&, double value) {
  const Lock lock(mutex_);
  values_[std::string(name)] = value;
}
void RecordingMetrics::observe(std::string_view name, const MetricLabels&, double) {
  const Lock lock(mutex_);
  values_[std::string(name)] += 1;
}
double RecordingMetrics::value(std::string_view name) const {
  const Lock lock(mutex_);
  const auto found = values_.find(name);
  return found == values_.end() ? 0 : found->second;
}

Result<std::optional<std::string>> FakeMemory::get(std::string_view step_key, const OrderKey& key,
                                                   std::string_view name) {
  const Lock lock(mutex_);
  const Name wanted{key, std::string(name)};
  if (const auto mine = pending_.find(step_key); mine != pending_.end()) {
    const auto put = mine->second.values.find(wanted);
    if (put != mine->second.values.end()) return std::optional(put->second);
  }
  const auto found = values_.find(wanted);
  return found == values_.end() ? std::optional<std::string>() : std::optional(found->second);
}

Result<void> FakeMemory::put(std::string_view step_key, const OrderKey& key, std::string_view name,
                             std::string_view value) {
  const Lock lock(mutex_);
  pending_[std::string(step_key)].values[{key, std::string(name)}] = std::string(value);
  return {};
}

Result<std::uint64_t> FakeMemory::next(std::string_view step_key, std::string_view counter) {
  const Lock lock(mutex_);
  const auto before = numbers_.find({std::string(step_key), std::string(counter)});
  if (before != numbers_.end()) return before->second;
  Pending& mine = pending_[std::string(step_key)];
  if (const auto found = mine.numbers.find(counter); found != mine.numbers.end()) {
    return found->second;
  }
  const std::uint64_t number = ++counters_[std::string(counter)];
  mine.numbers.emplace(counter, number);
  return number;
}

Result<void> FakeMemory::flush(std::string_view step_key) {
  commit(step_key);
  const Lock lock(mutex_);
  ++flushes_;
  return {};
}

void FakeMemory::commit(std::string_view step_key) {
  const Lock lock(mutex_);
  const auto mine = pending_.find(step_key);
  if (mine == pending_.end()) return;
  for (auto& [name, value] : mine->second.values) values_[name] = value;
  for (auto& [counter, number] : mine->second.numbers) {
    numbers_[{std::string(step_key), counter}] = number;
  }
  pending_.erase(mine);
}

void FakeMemory::forget(std::string_view step_key) {
  const Lock lock(mutex_);
  const auto mine = pending_.find(step_key);
  if (mine == pending_.end()) return;
  // Gapless: the last numbers that were never committed are given again.
  for (auto& [counter, number] : mine->second.numbers) {
    if (counters_[counter] == number) --counters_[counter];
  }
  pending_.erase(mine);
}

int FakeMemory::flushes() const {
  const Lock lock(mutex_);
  return flushes_;
}

namespace {
bool matches(const KnownDelivery& known, const FactsQuery& query) {
  const auto unless_empty = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
  };
  return unless_empty(query.endpoint, known.fact.endpoint) &&
         unless_empty(query.type, known.fact.type) && unless_empty(query.area, known.area) &&
         (!query.order_key || std::find(known.order_keys.begin(), known.order_keys.end(),
                                        *query.order_key) != known.order_keys.end()) &&
         (!query.accepted_from || known.accepted >= *query.accepted_from) &&
         (!query.accepted_before || known.accepted < *query.accepted_before);
}
}  // namespace

void FakeFacts::add(KnownDelivery delivery) {
  const Lock lock(mutex_);
  deliveries_.push_back(std::move(delivery));
}
Result<std::uint64_t> FakeFacts::count(const FactsQuery& query) const {
  const Lock lock(mutex_);
  return static_cast<std::uint64_t>(
      std::count_if(deliveries_.begin(), deliveries_.end(),
                    [&query](const KnownDelivery& known) { return matches(known, query); }));
}
Result<std::vector<DeliveryFact>> FakeFacts::list(const FactsQuery& query,
                                                  std::size_t limit) const {
  const Lock lock(mutex_);
  std::vector<DeliveryFact> found;
  for (const KnownDelivery& known : deliveries_) {
    if (found.size() < limit && matches(known, query)) found.push_back(known.fact);
  }
  return found;
}

Result<Receipt> FakeSink::send(const Message& message, const Call&) {
  const Lock lock(mutex_);
  sent_.push_back(message);
  if (auto scripted = pop(answers_)) return *scripted;
  Receipt receipt;
  receipt.remote_id = "fake-" + std::to_string(sent_.size());
  return receipt;
}
Result<Confirmation> FakeSink::confirm(const Message&, const Call&) {
  const Lock lock(mutex_);
  ++confirms_;
  if (auto scripted = pop(confirmations_)) return *scripted;
  return Confirmation{};
}
void FakeSink::will_answer(Result<Receipt> answer) {
  const Lock lock(mutex_);
  answers_.push_back(std::move(answer));
}
void FakeSink::will_confirm(Result<Confirmation> answer) {
  const Lock lock(mutex_);
  confirmations_.push_back(std::move(answer));
}
std::vector<Message> FakeSink::sent() const {
  const Lock lock(mutex_);
  return sent_;
}
int FakeSink::confirms() const {
  const Lock lock(mutex_);
  return confirms_;
}

Result<Message> FakeResponder::answer(const Message& question, const Call& call) {
  Handler handler;
  {
    const Lock lock(mutex_);
    questions_.push_back(question);
    if (auto scripted = pop(script_)) return *scripted;
    handler = handler_;
  }
  if (handler) return handler(question, call);
  ADD_FAILURE() << "a question that the script does not expect: " << question.type;
  return Error::fault("fake.unexpected", "no answer is scripted for this question");
}
void FakeResponder::will_answer(Result<Message> answer) {
  const Lock lock(mutex_);
  script_.push_back(std::move(answer));
}
void FakeResponder::answers_with(Handler handler) {
  const Lock lock(mutex_);
  handler_ = std::move(handler);
}
std::vector<Message> FakeResponder::questions() const {
  const Lock lock(mutex_);
  return questions_;
}

std::vector<Acceptance> FakeReceiver::accept(std::vector<Message> messages) {
  const Lock lock(mutex_);
  if (messages.empty() || messages.size() > 256) {
    ADD_FAILURE() << "a source hands over 1 to 256 messages, not " << messages.size();
  }
  std::vector<Acceptance> answers;
  answers.reserve(messages.size());
  for (const Message& message : messages) answers.push_back(answer_to(message));
  return answers;
}

Acceptance FakeReceiver::answer_to(const Message& message) {
  if (auto scripted = pop(script_)) return *scripted;
  Acceptance acceptance;
  acceptance.verdict = Acceptance::Verdict::kAccepted;
  for (std::size_t i = 0; i < accepted_.size(); ++i) {
    if (message.source_key.empty() || accepted_[i].source_key != message.source_key) continue;
    const bool same = encode_message(accepted_[i]) == encode_message(message);
    acceptance.verdict = same ? Acceptance::Verdict::kSame : Acceptance::Verdict::kConflict;
    acceptance.id = "m" + std::to_string(i + 1);
    return acceptance;
  }
  accepted_.push_back(message);
  acceptance.id = "m" + std::to_string(accepted_.size());
  return acceptance;
}

Result<void> FakeReceiver::settle(const Correlation& correlation, const Outcome& outcome) {
  const Lock lock(mutex_);
  settled_.emplace_back(correlation, outcome);
  return {};
}
void FakeReceiver::will_answer(Acceptance acceptance) {
  const Lock lock(mutex_);
  script_.push_back(std::move(acceptance));
}
std::vector<Message> FakeReceiver::accepted() const {
  const Lock lock(mutex_);
  return accepted_;
}
std::vector<std::pair<Correlation, Outcome>> FakeReceiver::settled() const {
  const Lock lock(mutex_);
  return settled_;
}
bool FakeReceiver::wait_for(std::size_t count, std::chrono::milliseconds longest) const {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (accepted().size() < count) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace certbridge::testing

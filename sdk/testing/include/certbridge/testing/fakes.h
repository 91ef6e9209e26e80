// Stand-ins for what the host gives a component. All are safe to call from several threads.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "certbridge/context.h"

namespace certbridge::testing {

// Stands still until a test moves it.
class FakeClock final : public Clock {
 public:
  Timestamp now() const override;
  std::chrono::steady_clock::time_point steady() const override;
  void set(Timestamp now);
  void advance(std::chrono::milliseconds by);  // both clocks

 private:
  mutable std::mutex mutex_{};
  Timestamp now_{std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)};
  std::chrono::steady_clock::time_point steady_ = std::chrono::steady_clock::now();
};

struct LogEntry {
  LogLevel level = LogLevel::kInfo;
  std::string event{};
  LogFields fields{};
};
class RecordingLogger final : public Logger {
 public:
  void log(LogLevel level, std::string_view event, const LogFields& fields) override;
  std::vector<LogEntry> entries() const;
  // Everything logged as one text: to look for what must never stand in a log.
  std::string all_text() const;

 private:
  mutable std::mutex mutex_{};
  std::vector<LogEntry> entries_{};
};

class RecordingMetrics final : public Metrics {
 public:
  void count(std::string_view name, const MetricLabels& labels, double amount) override;
  void gauge(std::string_view name, const MetricLabels& labels, double value) override;
  void observe(std::string_view name, const MetricLabels& labels, double value) override;
  // Sum of counts, last gauge or number of observations, over all labels; 0 when never named.
  double value(std::string_view name) const;

 private:
  mutable std::mutex mutex_{};
  std::map<std::string, double, std::less<>> values_{};
};

// Memory as the host keeps it: what is put under a step key is seen under it at once and by others
// after flush() or commit(); forget() is a crash before the commit.
class FakeMemory final : public Memory {
 public:
  Result<std::optional<std::string>> get(std::string_view step_key, const OrderKey& key,
                                         std::string_view name) override;
  Result<void> put(std::string_view step_key, const OrderKey& key, std::string_view name,
                   std::string_view value) override;
  Result<std::uint64_t> next(std::string_view step_key, std::string_view counter) override;
  Result<void> flush(std::string_view step_key) override;
  void commit(std::string_view step_key);
  void forget(std::string_view step_key);
  // How often the component asked to make something durable.
  int flushes() const;

 private:
  struct Name {
    OrderKey key{};
    std::string name{};
    auto operator<=>(const Name&) const = default;
  };
  struct Pending {
    std::map<Name, std::string> values{};
    std::map<std::string, std::uint64_t, std::less<>> numbers{};
  };
  mutable std::mutex mutex_{};
  std::map<Name, std::string> values_{};
  std::map<std::pair<std::string, std::string>, std::uint64_t> numbers_{};  // by step key, counter
  std::map<std::string, std::uint64_t, std::less<>> counters_{};
  std::map<std::string, Pending, std::less<>> pending_{};
  int flushes_ = 0;
};

// One delivery that Facts knows, with what a query may narrow by.
struct KnownDelivery {
  DeliveryFact fact{};
  std::vector<OrderKey> order_keys{};
  std::string area{};
  Timestamp accepted{};
};
class FakeFacts final : public Facts {
 public:
  void add(KnownDelivery delivery);
  Result<std::uint64_t> count(const FactsQuery& query) const override;
  Result<std::vector<DeliveryFact>> list(const FactsQuery& query, std::size_t limit) const override;

 private:
  mutable std::mutex mutex_{};
  std::vector<KnownDelivery> deliveries_{};
};

// Takes everything unless told otherwise; remembers what it took.
class FakeSink final : public Sink {
 public:
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;
  // Answers of the next calls, first in first out.
  void will_answer(Result<Receipt> answer);
  void will_confirm(Result<Confirmation> answer);
  std::vector<Message> sent() const;
  int confirms() const;

 private:
  mutable std::mutex mutex_{};
  std::deque<Result<Receipt>> answers_{};
  std::deque<Result<Confirmation>> confirmations_{};
  std::vector<Message> sent_{};
  int confirms_ = 0;
};

// Answers from a script, then from a function; a question that neither expects fails the test.
class FakeResponder final : public Responder {
 public:
  using Handler = std::function<Result<Message>(const Message&, const Call&)>;
  Result<Message> answer(const Message& question, const Call& call) override;
  void will_answer(Result<Message> answer);
  void answers_with(Handler handler);
  std::vector<Message> questions() const;

 private:
  mutable std::mutex mutex_{};
  std::deque<Result<Message>> script_{};
  Handler handler_{};
  std::vector<Message> questions_{};
};

// The host's side of a source: accepts what it is handed, by source key, and remembers it.
class FakeReceiver final : public Receiver {
 public:
  std::vector<Acceptance> accept(std::vector<Message> messages) override;
  Result<void> settle(const Correlation& correlation, const Outcome& outcome) override;
  // The next messages are answered so instead.
  void will_answer(Acceptance acceptance);
  std::vector<Message> accepted() const;
  std::vector<std::pair<Correlation, Outcome>> settled() const;
  // Waits until that many messages were accepted; false when the time is over.
  bool wait_for(std::size_t count, std::chrono::milliseconds longest) const;

 private:
  Acceptance answer_to(const Message& message);
  mutable std::mutex mutex_{};
  std::deque<Acceptance> script_{};
  std::vector<Message> accepted_{};
  std::vector<std::pair<Correlation, Outcome>> settled_{};
};

}  // namespace certbridge::testing

#include "load.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

namespace certbridge::bench {
namespace {
constexpr std::uint64_t kNoLimit = 1ULL << 40;
}

double LoadResult::wait_within(double share) const {
  if (waits.empty()) return 0;
  return waits[static_cast<std::size_t>(share * static_cast<double>(waits.size() - 1))];
}

LoadResult run_load(const Load& load, const std::function<void(std::uint64_t)>& accept) {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> accepted{0};
  const double began = steady_seconds();
  const double cpu = process_seconds();
  const double until = began + load.seconds;
  std::vector<std::vector<float>> waits(static_cast<std::size_t>(load.sources));
  const auto hand_over = [&](std::vector<float>& own) {
    while (load.most != 0 || steady_seconds() < until) {
      const std::uint64_t number = next++;
      if (load.most != 0 && number >= load.most) return;
      const double asked = steady_seconds();
      accept(number);
      own.push_back(static_cast<float>(steady_seconds() - asked));
      ++accepted;
    }
  };
  std::vector<std::thread> sources;
  for (std::vector<float>& own : waits) {
    sources.emplace_back([&hand_over, &own] { hand_over(own); });
  }
  for (std::thread& source : sources) source.join();
  LoadResult result{
      static_cast<double>(accepted.load()), steady_seconds() - began, process_seconds() - cpu, {}};
  for (const std::vector<float>& own : waits) {
    result.waits.insert(result.waits.end(), own.begin(), own.end());
  }
  std::sort(result.waits.begin(), result.waits.end());
  return result;
}

std::string body_bytes(std::uint64_t number, std::size_t size) {
  static const std::string kText = [] {
    std::string text(256 * 1024, '\0');
    std::uint64_t state = 88172645463325252ULL;
    for (char& byte : text) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      byte = static_cast<char>('0' + (state & 63));
    }
    return text;
  }();
  std::string body = kText.substr(0, size);
  std::memcpy(body.data(), &number, sizeof number);
  return body;
}

Message event_message(std::uint64_t number, std::size_t body_size) {
  const std::string text = std::to_string(number);
  Message message;
  message.type = "registration.event";
  message.source_key = "event-" + text;
  message.order_keys = {{"case", "case-" + text}, {"unit", "unit-" + text}};
  message.area = "411302";
  message.headers = {{"event-type", "SHANZHENG"}, {"case-no", "case-" + text}};
  message.media_type = "application/vnd.certbridge.records+xml";
  message.body = content_of(body_bytes(number, body_size));
  return message;
}

std::unique_ptr<host::Store> open_journal(const std::string& folder, const Clock& clock) {
  host::StoreSettings settings;
  settings.folder = folder;
  settings.master_key = std::string(32, 'k');
  settings.master_key_id = "bench";
  settings.clock = &clock;
  auto store = host::open_sqlite_store(settings);
  if (!store) give_up(store.error().message);
  return std::move(store).value();
}

Front::Front(host::Store& store)
    : log_(host::LogFormat::kText, LogLevel::kError, clock_, [](const std::string&) {}),
      logger_(host::make_logger(log_, "")),
      limit_({kNoLimit, kNoLimit}, store, clock_, *logger_, metrics_),
      receiver_(
          "outbox", limit_, store,
          [this](std::vector<host::StoredMessage> ready) {
            if (hand_over_) hand_over_(std::move(ready));
          },
          metrics_, *logger_, clock_, nullptr) {}

void Front::accept(Message message) {
  std::vector<Message> one;
  one.push_back(std::move(message));
  const Acceptance answer = receiver_.accept(std::move(one)).front();
  if (answer.verdict != Acceptance::Verdict::kAccepted) {
    give_up("a message was not accepted: " + answer.code + ": " + answer.message);
  }
}

}  // namespace certbridge::bench

#include "flood.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

namespace certbridge::flood {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kBatch = 256;
constexpr milliseconds kLookAgain{10};

using Arrival = std::array<std::uint64_t, 3>;

std::uint64_t nanoseconds(Steady::time_point when) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(when.time_since_epoch()).count());
}

std::uint64_t number_in(const Message& message, const char* header) {
  const auto found = message.headers.find(header);
  return found == message.headers.end() ? 0 : std::stoull(found->second);
}

}  // namespace

Result<void> Feed::listen(Receiver& receiver) {
  thread_ = std::thread([this, &receiver] { work(receiver); });
  return {};
}

void Feed::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// False when it is to stop.
bool Feed::wait_until(Steady::time_point then) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_until(lock, then, [this] { return stopping_; });
}

// An order that a restart cut short is begun anew: the ledger knows what was taken.
void Feed::work(Receiver& receiver) {
  std::size_t done = done_before();
  while (wait_until(Steady::now() + kLookAgain)) {
    Order order;
    if (!next_order(done, order)) continue;
    carry_out(order, receiver);
    if (!wait_until(Steady::now())) return;
    note(".done", ++done);
  }
}

std::size_t Feed::done_before() const {
  std::size_t done = 0;
  std::ifstream(path_ + ".done") >> done;
  return done;
}

bool Feed::next_order(std::size_t skip, Order& order) const {
  std::ifstream orders(path_ + ".orders");
  std::size_t seen = 0;
  for (std::string line; std::getline(orders, line) && !orders.eof(); ++seen) {
    order.before += order.count;
    if (std::sscanf(line.c_str(), "%lu %lf", &order.count, &order.per_second) != 2) return false;
    if (seen == skip) return true;
  }
  return false;
}

// With a rate, whatever became due during the last commit is handed over together, as a front does.
// The time that a late message waited for it counts.
void Feed::carry_out(const Order& order, Receiver& receiver) {
  const Steady::time_point began = Steady::now();
  const auto due = [&](std::uint64_t at) {
    if (order.per_second <= 0) return Steady::now();
    return began + std::chrono::duration_cast<Steady::duration>(
                       std::chrono::duration<double>(static_cast<double>(at) / order.per_second));
  };
  for (std::uint64_t at = 0; at < order.count;) {
    if (!wait_until(due(at))) return;
    std::vector<Message> messages;
    const Steady::time_point now = Steady::now();
    while (at < order.count && messages.size() < kBatch) {
      const Steady::time_point when = order.per_second > 0 ? due(at) : now;
      if (when > now) break;
      messages.push_back(make(order.before + ++at, when));
    }
    hand_over(std::move(messages), receiver);
  }
}

void Feed::hand_over(std::vector<Message> messages, Receiver& receiver) {
  while (!messages.empty()) {
    const std::vector<Acceptance> answers = receiver.accept(messages);
    std::vector<Message> again;
    milliseconds pause{0};
    for (std::size_t i = 0; i < messages.size(); ++i) {
      if (answers[i].verdict != Acceptance::Verdict::kBusy) continue;
      again.push_back(std::move(messages[i]));
      pause = std::max(pause, answers[i].retry_after);
    }
    messages = std::move(again);
    if (messages.empty()) return;
    note(".busy", busy_ += messages.size());
    if (!wait_until(Steady::now() + pause)) return;
  }
}

Message Feed::make(std::uint64_t number, Steady::time_point due) const {
  const std::string text = std::to_string(number);
  Message message;
  message.type = "flood.event";
  message.source_key = text;
  message.order_keys = {{"case", path_ + text}, {"unit", path_ + text}};
  message.area = "411302";
  message.headers = {{kNumber, text}, {kDue, std::to_string(nanoseconds(due))}};
  message.media_type = "application/octet-stream";
  message.body = content_of(body_);
  return message;
}

void Feed::note(const char* ending, std::uint64_t value) const {
  const std::string file = path_ + ending;
  std::ofstream(file + ".part") << value << "\n";
  std::rename((file + ".part").c_str(), file.c_str());
}

Counterpart::~Counterpart() {
  if (file_ >= 0) close(file_);
}

Result<void> Counterpart::start() {
  file_ = open((path_ + ".arrived").c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file_ < 0) return Error::fault("flood.dead", "its file cannot be opened");
  return {};
}

std::string Counterpart::mood() const {
  std::string mood;
  std::ifstream(path_ + ".mood") >> mood;
  return mood;
}

Result<void> Counterpart::answers(const Call& call) const {
  if (mood() == "dead") return Error::retryable("flood.dead", "told to be dead");
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  bool hung = false;
  while (mood() == "hangs" && !call.stop.stop_requested() && Steady::now() < call.deadline) {
    hung = true;
    never.wait_for(lock, call.stop, kLookAgain, [] { return false; });
  }
  if (hung) return Error::retryable("flood.silent", "told to hang");
  return {};
}

Result<Receipt> Counterpart::send(const Message& message, const Call& call) {
  if (auto answer = answers(call); !answer) return answer.error();
  const std::uint64_t now = nanoseconds(Steady::now());
  const Arrival arrival{number_in(message, kNumber), now - number_in(message, kDue), now};
  if (write(file_, arrival.data(), sizeof arrival) != sizeof arrival) {
    return Error::retryable("flood.dead", "its file cannot be written");
  }
  Receipt receipt;
  receipt.remote_id = std::to_string(arrival[0]);
  return receipt;
}

// Rarely asked, so it reads what it noted.
Result<Confirmation> Counterpart::confirm(const Message& message, const Call& call) {
  if (auto answer = answers(call); !answer) return answer.error();
  Confirmation confirmation;
  confirmation.state = Confirmation::State::kAbsent;
  std::ifstream arrived(path_ + ".arrived", std::ios::binary);
  Arrival arrival{};
  while (arrived.read(reinterpret_cast<char*>(arrival.data()), sizeof arrival)) {
    if (arrival[0] != number_in(message, kNumber)) continue;
    confirmation.state = Confirmation::State::kPresent;
    confirmation.receipt = Receipt{};
    confirmation.receipt->remote_id = std::to_string(arrival[0]);
    break;
  }
  return confirmation;
}

namespace {

class FloodPlugin final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view, Context& context) override {
    const auto bytes = context.config().integer("bytes");
    return std::unique_ptr<Source>(
        new Feed(path_of(context), static_cast<std::size_t>(bytes.value())));
  }
  Result<std::unique_ptr<Sink>> make_sink(std::string_view, Context& context) override {
    return std::unique_ptr<Sink>(new Counterpart(path_of(context)));
  }

 private:
  static std::string path_of(Context& context) {
    return context.config().text("folder").value() + "/" + context.endpoint_name();
  }
};

}  // namespace
}  // namespace certbridge::flood

using certbridge::flood::FloodPlugin;
CERTBRIDGE_PLUGIN(FloodPlugin, "flood", "1.0.0")

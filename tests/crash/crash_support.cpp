#include "crash_support.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <sstream>

#include "journal/maintenance.h"

namespace certbridge::host::crash {
namespace {

std::string repeated(const std::string& text, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes += text;
  bytes.resize(size);
  return bytes;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!stream.eof()) lines.push_back(line);  // a line without its end was not said
  }
  return lines;
}

bool same_content(const Content& stored, const Content& sent) {
  const auto left = read_all(stored, 1 << 20);
  const auto right = read_all(sent, 1 << 20);
  return left.ok() && right.ok() && left.value() == right.value();
}

bool same_receipt(const Receipt& stored, const Receipt& told) {
  return stored.state == told.state && stored.remote_id == told.remote_id &&
         stored.correlation == told.correlation && stored.when == told.when &&
         stored.expected_by == told.expected_by;
}

class Checker {
 public:
  explicit Checker(Store& store) : store_(store) {}

  void check(const std::string& line) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    int index = 0;
    if (what == "accepted" || what == "parked") words >> index;
    std::string id;
    words >> id;
    if (what == "accepted" || what == "parked") return check_accepted(index, id, what == "parked");
    check_delivery(what, id);
  }
  std::vector<std::string> take() { return std::move(wrong_); }

 private:
  void check_accepted(int index, const std::string& id, bool parked) {
    const auto stored = store_.message(id);
    if (!stored) return say(id + " is lost: " + stored.error().code);
    const Message sent = message_of(index);
    const Message& message = stored.value().message;
    if (message.source_key != sent.source_key) say(id + " is another message");
    if (message.headers != sent.headers) say(id + " has other headers");
    if (!same_content(*message.body, *sent.body)) say(id + " has lost its body");
    if (message.attachments.size() != sent.attachments.size()) return say(id + " lost attachments");
    for (std::size_t i = 0; i < sent.attachments.size(); ++i) {
      if (!same_content(*message.attachments[i].content, *sent.attachments[i].content)) {
        say(id + " has lost an attachment");
      }
    }
    const auto again = store_.accept("driver", {sent});
    const auto expected = parked ? Acceptance::Verdict::kRefused : Acceptance::Verdict::kSame;
    if (again[0].verdict != expected || again[0].id != id) say(id + " is not in the ledger");
  }

  void check_delivery(const std::string& what, const std::string& id) {
    const auto deliveries = store_.deliveries(id);
    if (!deliveries || deliveries.value().empty()) return say(id + " was routed and is not");
    const StoredDelivery& found = deliveries.value()[0];
    if (what == "routed") return;
    if (what == "sending") {  // whatever came of it may be stored as well
      if (found.attempts == 0 || found.state == DeliveryState::kSending) {
        say(id + " was sending and is " + to_text(found.state));
      }
      return;
    }
    const DeliveryChange told = outcome_of(what, found.id, id);
    if (found.state != told.state || found.error_code != told.error_code) {
      say(id + " was " + what + " and is " + to_text(found.state));
    }
    if (told.receipt && !(found.receipt && same_receipt(*found.receipt, *told.receipt))) {
      say(id + " has lost its receipt");
    }
  }

  void say(std::string sentence) { wrong_.push_back(std::move(sentence)); }

  Store& store_;
  std::vector<std::string> wrong_{};
};

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}
std::chrono::steady_clock::time_point SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

StoreSettings settings_of(const std::string& folder, const Clock& clock) {
  StoreSettings settings;
  settings.folder = folder;
  settings.master_key = std::string(32, 'k');
  settings.master_key_id = "crash-test";
  settings.restart_wal_bytes = 256 << 10;
  settings.clock = &clock;
  return settings;
}

Message message_of(int index) {
  const std::string key = "event-" + std::to_string(index);
  Message message;
  message.type = "registration.event";
  message.source_key = key;
  message.order_keys = {{"case", "case-" + std::to_string(index % 5)}};
  message.area = "411302";
  message.headers = {{"event-type", "SHANZHENG"}, {"event-id", key}};
  message.media_type = "application/json";
  message.body = content_of(repeated(key + " ", index % 3 == 0 ? 20'000 : 900));
  if (index % 2 == 0) {
    const std::size_t size = 70'000;
    message.attachments.push_back(
        {"plan-1.png", "image/png", size, {}, content_of(repeated(key + "+", size))});
  }
  if (index % 7 == 6) {
    message.headers["intake-error-code"] = "http.json";
    message.headers["intake-error"] = "made up";
  }
  return message;
}

DeliveryChange outcome_of(const std::string& outcome, std::int64_t delivery,
                          const std::string& id) {
  static const std::map<std::string, DeliveryState> kStates = {
      {"sending", DeliveryState::kSending},
      {"delivered", DeliveryState::kDelivered},
      {"open", DeliveryState::kOpen},
      {"refused", DeliveryState::kParked}};
  DeliveryChange change;
  change.id = delivery;
  change.state = kStates.at(outcome);
  change.attempts = 1;
  if (outcome == "refused") change.error_code = "driver.refused";
  if (outcome != "delivered" && outcome != "open") return change;
  change.receipt.emplace();
  change.receipt->remote_id = "remote of " + id;
  change.receipt->when = Timestamp(std::chrono::milliseconds(1'790'000'000'000));
  if (outcome == "delivered") return change;
  change.receipt->state = Receipt::State::kOpen;
  change.receipt->correlation = "correlation of " + id;
  change.receipt->expected_by = change.receipt->when + std::chrono::hours(2);
  return change;
}

std::vector<std::string> check_journal(const std::string& folder,
                                       const std::vector<std::string>& acknowledged) {
  const SystemClock clock;
  auto store = open_sqlite_store(settings_of(folder, clock));
  if (!store) return {"the journal does not open: " + store.error().code};
  Checker checker(*store.value());
  for (const std::string& line : acknowledged) checker.check(line);
  store.value()->close();
  std::vector<std::string> found = checker.take();
  const auto verified = verify_journal(settings_of(folder, clock));
  if (!verified) found.push_back("the journal is not verified: " + verified.error().code);
  for (const Damage& damage : verified ? verified.value().damages : std::vector<Damage>{}) {
    found.push_back(damage.place + ": " + damage.what);
  }
  return found;
}

DriverRun run_program(const std::vector<std::string>& words,
                      const std::vector<std::string>& environment, std::size_t kill_after) {
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], 1);
    for (const std::string& variable : environment) putenv(const_cast<char*>(variable.c_str()));
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(out[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got = read(out[0], buffer, sizeof buffer); got > 0;
       got = read(out[0], buffer, sizeof buffer)) {
    text.append(buffer, static_cast<std::size_t>(got));
    if (kill_after > 0 && lines_of(text).size() >= kill_after) kill(child, SIGKILL);
  }
  close(out[0]);
  int status = 0;
  waitpid(child, &status, 0);
  DriverRun run;
  run.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  run.acknowledged = lines_of(text);
  return run;
}

DriverRun run_driver(const std::string& folder, int count,
                     const std::vector<std::string>& environment) {
  return run_program({JOURNAL_DRIVER, folder, std::to_string(count)}, environment, 0);
}

}  // namespace certbridge::host::crash

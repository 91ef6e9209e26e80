#include "days.h"

#include <pthread.h>

#include <algorithm>

namespace certbridge::calendar {
namespace {

constexpr std::size_t kBatch = 256;
constexpr std::chrono::milliseconds kAfterTrouble{2000};
constexpr std::chrono::milliseconds kAtLeast{100};  // after "busy"
constexpr const char* kStepKey = "calendar";

std::string memory_name(const std::string& area) { return "open-from/" + area; }

}  // namespace

Days::Days(DaysSettings settings, Context& context)
    : settings_(std::move(settings)), context_(context) {}

Days::~Days() { Days::stop(); }

Result<void> Days::listen(Receiver& receiver) {
  thread_ = std::thread([this, &receiver] { run(receiver); });
  pthread_setname_np(thread_.native_handle(), "calendar");
  return {};
}

void Days::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Days::run(Receiver& receiver) {
  while (true) {
    const auto handed = look_once(receiver);
    std::chrono::milliseconds pause = settings_.poll;
    if (!handed) {
      pause = std::max(pause, kAfterTrouble);
      context_.logger().log(LogLevel::kWarning, "calendar.look_failed",
                            {{"code", handed.error().code}, {"reason", handed.error().message}});
    } else if (busy_for_ > std::chrono::milliseconds(0)) {
      pause = busy_for_;
    } else if (handed.value() > 0) {
      pause = std::chrono::milliseconds(0);
    }
    std::unique_lock lock(mutex_);
    if (stopped_.wait_for(lock, pause, [this] { return stopping_; })) return;
  }
}

Result<std::size_t> Days::look_once(Receiver& receiver) {
  busy_for_ = std::chrono::milliseconds(0);
  if (auto opened = open(); !opened) return opened.error();
  const auto turns = agenda_->due(context_.clock().now(), context_.clock().steady(), kBatch);
  if (turns.empty()) return std::size_t{0};
  std::vector<Message> messages;
  for (const Turn& turn : turns) messages.push_back(message_of(turn));
  const std::vector<Acceptance> answers = receiver.accept(std::move(messages));
  std::size_t handed = 0;
  for (std::size_t i = 0; i < turns.size() && i < answers.size(); ++i) {
    if (answers[i].verdict == Acceptance::Verdict::kBusy) {
      busy_for_ = std::max({busy_for_, kAtLeast, answers[i].retry_after});
      continue;
    }
    take_answer(turns[i], answers[i]);
    ++handed;
  }
  if (auto kept = remember(); !kept) return kept.error();
  return handed;
}

Result<void> Days::open() {
  if (agenda_) return {};
  std::map<std::string, Day> open_from;
  for (const std::string& area : settings_.agenda.areas) {
    const auto kept = context_.memory().get(kStepKey, OrderKey{}, memory_name(area));
    if (!kept) return kept.error();
    if (!kept.value()) continue;
    const auto day = parse_calendar_day(*kept.value());
    if (day) open_from[area] = day.value();
  }
  agenda_.emplace(settings_.agenda, open_from);
  remembered_ = std::move(open_from);
  return {};
}

Message Days::message_of(const Turn& turn) const {
  const std::string day = day_text(turn.day);
  Message message;
  message.type = settings_.type;
  message.area = turn.area;
  message.created = context_.clock().now();
  message.source_key = turn.area + "|" + day + "|" + std::to_string(turn.number);
  message.order_keys = {{settings_.order_key, turn.area + "|" + day}};
  message.headers = {{"day", day}, {"turn", std::to_string(turn.number)}};
  return message;
}

// A turn that the host refuses or has otherwise is not offered again: people see it there.
void Days::take_answer(const Turn& turn, const Acceptance& answer) {
  const bool fresh = answer.verdict == Acceptance::Verdict::kAccepted;
  if (!fresh && answer.verdict != Acceptance::Verdict::kSame) {
    context_.logger().log(LogLevel::kError, "calendar.not_taken",
                          {{"area", turn.area},
                           {"day", day_text(turn.day)},
                           {"message", answer.id},
                           {"code", answer.code}});
  }
  if (fresh) context_.metrics().count("calendar_turns", {}, 1);
  agenda_->note_handed(turn, fresh, context_.clock().steady());
}

Result<void> Days::remember() {
  bool changed = false;
  for (const std::string& area : settings_.agenda.areas) {
    const Day day = agenda_->open_from(area);
    const auto known = remembered_.find(area);
    if (known != remembered_.end() && known->second == day) continue;
    auto put = context_.memory().put(kStepKey, OrderKey{}, memory_name(area), day_text(day));
    if (!put) return put;
    remembered_[area] = day;
    changed = true;
  }
  if (!changed) return {};
  return context_.memory().flush(kStepKey);
}

Result<std::unique_ptr<Source>> make_days(Context& context) {
  const Config& config = context.config();
  const auto areas_text = config.text("areas");
  if (!areas_text) return areas_text.error();
  const auto since_text = config.text("since");
  if (!since_text) return since_text.error();
  const auto times_text = config.text("times");
  if (!times_text) return times_text.error();
  auto areas = parse_areas(areas_text.value());
  if (!areas) return areas.error();
  const auto since = parse_calendar_day(since_text.value());
  if (!since) return since.error();
  auto times = parse_times(times_text.value());
  if (!times) return times.error();
  const auto apart = config.duration("apart");
  if (!apart) return apart.error();
  auto type = config.text("type");
  if (!type) return type.error();
  auto order_key = config.text("order-key");
  if (!order_key) return order_key.error();
  const auto poll = config.duration("poll");
  if (!poll) return poll.error();
  DaysSettings settings{
      {std::move(areas).value(), since.value(), std::move(times).value(), apart.value()},
      std::move(type).value(),
      std::move(order_key).value(),
      poll.value()};
  return std::unique_ptr<Source>(std::make_unique<Days>(std::move(settings), context));
}

}  // namespace certbridge::calendar

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
  if (!settings_.repeats.empty()) hand_over_repeats(receiver);
  const auto turns = agenda_->due(context_.clock().now(), context_.clock().steady(), kBatch);
  if (turns.empty()) return std::size_t{0};
  std::vector<Message> messages;
  messages.reserve(turns.size());
  for (const Turn& turn : turns) {
    messages.push_back(message_of(turn.area, turn.day, std::to_string(turn.number)));
  }
  const std::vector<Acceptance> answers = receiver.accept(messages);
  std::size_t handed = 0;
  for (std::size_t i = 0; i < turns.size() && i < answers.size(); ++i) {
    if (answers[i].verdict == Acceptance::Verdict::kBusy) {
      busy_for_ = std::max({busy_for_, kAtLeast, answers[i].retry_after});
      continue;
    }
    note_refused(messages[i], answers[i]);
    take_answer(turns[i], answers[i]);
    ++handed;
  }
  if (auto kept = remember(); !kept) return kept.error();
  return handed;
}

Result<void> Days::open() {
  if (agenda_) return {};
  const Day first = settings_.agenda.since.value_or(day_of(context_.clock().now()));
  std::map<std::string, Day> open_from;
  for (const std::string& area : settings_.agenda.areas) {
    open_from[area] = first;
    const auto kept = context_.memory().get(kStepKey, OrderKey{}, memory_name(area));
    if (!kept) return kept.error();
    if (!kept.value()) continue;
    const auto day = parse_calendar_day(*kept.value());
    if (day) remembered_[area] = open_from[area] = day.value();
  }
  agenda_.emplace(settings_.agenda, open_from);
  auto begun = remember();  // before anything of it is handed over
  if (!begun) agenda_.reset();
  return begun;
}

Message Days::message_of(const std::string& area, Day day, const std::string& turn) const {
  const std::string text = day_text(day);
  Message message;
  message.type = settings_.type;
  message.area = area;
  message.created = context_.clock().now();
  message.source_key = area + "|" + text + "|" + turn;
  message.order_keys = {{settings_.order_key, area + "|" + text}};
  message.headers = {{"day", text}, {"turn", turn}};
  return message;
}

// Those that the host could not take now stay. At each start it is offered what it had before.
void Days::hand_over_repeats(Receiver& receiver) {
  std::vector<Message> messages;
  for (const Repeat& one : settings_.repeats) {
    messages.push_back(message_of(one.area, one.day, "again-" + std::to_string(one.number)));
  }
  const std::vector<Acceptance> answers = receiver.accept(messages);
  std::vector<Repeat> left;
  for (std::size_t i = 0; i < messages.size() && i < answers.size(); ++i) {
    if (answers[i].verdict == Acceptance::Verdict::kBusy) {
      left.push_back(settings_.repeats[i]);
    } else {
      note_refused(messages[i], answers[i]);
    }
  }
  settings_.repeats = std::move(left);
}

void Days::note_refused(const Message& message, const Acceptance& answer) {
  if (answer.verdict == Acceptance::Verdict::kAccepted ||
      answer.verdict == Acceptance::Verdict::kSame) {
    return;
  }
  context_.logger().log(LogLevel::kError, "calendar.not_taken",
                        {{"area", message.area},
                         {"day", message.headers.at("day")},
                         {"message", answer.id},
                         {"code", answer.code}});
}

// A turn that the host refuses or has otherwise is not offered again: people see it there.
void Days::take_answer(const Turn& turn, const Acceptance& answer) {
  const bool fresh = answer.verdict == Acceptance::Verdict::kAccepted;
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
  const auto times_text = config.text("times");
  if (!times_text) return times_text.error();
  auto areas = parse_areas(areas_text.value());
  if (!areas) return areas.error();
  std::optional<Day> since;
  if (config.has("since")) {
    const auto text = config.text("since");
    if (!text) return text.error();
    const auto day = parse_calendar_day(text.value());
    if (!day) return day.error();
    since = day.value();
  }
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
  DaysSettings settings{{std::move(areas).value(), since, std::move(times).value(), apart.value()},
                        std::move(type).value(),
                        std::move(order_key).value(),
                        poll.value(),
                        {}};
  if (config.has("again")) {
    const auto again = config.text("again");
    if (!again) return again.error();
    auto repeats = parse_repeats(again.value(), settings.agenda.areas);
    if (!repeats) return repeats.error();
    settings.repeats = std::move(repeats).value();
  }
  return std::unique_ptr<Source>(std::make_unique<Days>(std::move(settings), context));
}

}  // namespace certbridge::calendar

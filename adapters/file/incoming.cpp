#include "incoming.h"

#include <pthread.h>

#include <algorithm>

#include "file_name.h"
#include "first_names.h"
#include "putting_away.h"

namespace certbridge::file {
namespace {

constexpr std::chrono::milliseconds kRestAfterFailure{2000};
constexpr std::chrono::milliseconds kLeastPause{100};  // after "busy"
constexpr std::chrono::seconds kLongPause{30};
constexpr std::chrono::milliseconds kHaste{2000};  // for one operation while the host stops

// An error that says nothing about the files beside it.
bool is_of_this_file(const Error& error) {
  return error.code == "file.permission" || error.code == "file.failed" ||
         error.code == "file.name";
}

}  // namespace

Incoming::Incoming(IncomingSettings settings, Folder& folder, Context& context, Observer observer)
    : settings_(std::move(settings)),
      folder_(folder),
      context_(context),
      observer_(observer),
      claims_(settings_.taken.most_files > 1
                  ? claim_parcels(settings_.places, settings_.taken, folder, std::move(observer))
                  : claim_files(settings_.places, settings_.taken.manifest_digest, folder,
                                std::move(observer))),
      clearing_({settings_.places.archive, settings_.archive_days}, folder, context),
      quiet_(settings_.quiet) {}

Incoming::~Incoming() { Incoming::stop(); }

void Incoming::reached(const char* step) const {
  if (observer_) observer_(step);
}

Result<void> Incoming::check(const Call& call) {
  return folder_.list(
      settings_.places.incoming, [](std::string_view) { return false; }, call);
}

Result<void> Incoming::listen(Receiver& receiver) {
  thread_ = std::thread([this, &receiver] { run(receiver); });
  pthread_setname_np(thread_.native_handle(), "incoming");
  return {};
}

void Incoming::stop() {
  stop_.request_stop();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
  folder_.close();
}

void Incoming::run(Receiver& receiver) {
  while (true) {
    auto taken = look_once(receiver);
    if (!taken && taken.error().code != "file.cancelled") {
      context_.logger().log(LogLevel::kWarning, "file.look_failed",
                            {{"code", taken.error().code}, {"reason", taken.error().message}});
    }
    const std::chrono::milliseconds pause = pause_after(taken);
    if (pause >= kLongPause) folder_.close();  // no session stands idle at a server
    std::unique_lock lock(mutex_);
    if (stopped_.wait_for(lock, pause, [this] { return stopping_; })) return;
  }
}

std::chrono::milliseconds Incoming::pause_after(const Result<std::size_t>& taken) const {
  if (!taken)
    return std::max(
        {settings_.poll, kRestAfterFailure, taken.error().retry_after.value_or(kRestAfterFailure)});
  if (busy_for_ > std::chrono::milliseconds(0)) return std::max(settings_.poll, busy_for_);
  return taken.value() > 0 ? std::chrono::milliseconds(0) : settings_.poll;
}

Call Incoming::call() const {
  Call made;
  made.deadline = std::chrono::steady_clock::now() + settings_.step_limit;
  made.stop = stop_.get_token();
  return made;
}

// What the host has taken is moved on although we are to stop, as long as that goes quickly.
Call Incoming::finishing_call() const {
  Call made;
  const bool in_haste = stop_.stop_requested();
  made.deadline = std::chrono::steady_clock::now() + (in_haste ? kHaste : settings_.step_limit);
  return made;
}

// After a failure nothing in memory is trusted: the claimed folder says what is under way.
Result<std::size_t> Incoming::look_once(Receiver& receiver) {
  busy_for_ = std::chrono::milliseconds(0);
  auto taken = look(receiver);
  if (!taken) {
    prepared_ = false;
    all_recovered_ = false;
    queue_.clear();
    later_.clear();
    window_.clear();
  }
  return taken;
}

Result<std::size_t> Incoming::look(Receiver& receiver) {
  if (auto filled = fill_queue(); !filled) return filled.error();
  auto batch = take_batch();
  if (!batch) return batch.error();
  if (batch.value().empty()) {
    clearing_.step_aside(call());  // while there is nothing else to do
    return std::size_t{0};
  }
  reached("read");
  std::vector<Message> messages;
  for (const Taken& taken : batch.value()) messages.push_back(taken.message);
  const std::vector<Acceptance> answers = receiver.accept(std::move(messages));
  reached("accepted");
  std::size_t finished = 0;
  for (std::size_t i = 0; i < batch.value().size() && i < answers.size(); ++i) {
    if (answers[i].verdict == Acceptance::Verdict::kBusy) {
      busy_for_ = std::max({busy_for_, kLeastPause, answers[i].retry_after});
      continue;
    }
    if (auto done = finish(batch.value()[i], answers[i]); !done) return done.error();
    ++finished;
  }
  context_.metrics().count("files_taken", {}, static_cast<double>(finished));
  return finished;
}

Result<void> Incoming::fill_queue() {
  if (!prepared_) {
    if (auto made = claims_->prepare(call()); !made) return made.error();
    prepared_ = true;
  }
  if (queue_.empty() && !all_recovered_) {
    auto names = claims_->left_behind(settings_.window, call());
    if (!names) return names.error();
    queue_.assign(names.value().begin(), names.value().end());
    all_recovered_ = names.value().size() < settings_.window;
  }
  if (queue_.empty()) {
    if (window_.empty()) {
      if (auto listed = list_window(); !listed) return listed.error();
    }
    if (auto claimed = claim_ready(); !claimed) return claimed.error();
  }
  queue_.insert(queue_.begin(), later_.begin(), later_.end());
  later_.clear();
  return {};
}

// Behind a window of which nothing could be taken stands the next one: what lies for ever in front
// starves nobody. What has to lie still is first looked at for that long, or it would never be
// known to: no more names are remembered than a window holds.
void Incoming::move_window() {
  const auto now = context_.clock().steady();
  if (window_gave_ || window_is_over_) {
    window_behind_ = window_gave_ ? std::string() : last_listed_;
    window_seen_.reset();
  } else if (!window_seen_) {
    window_seen_ = now;
  }
  window_is_over_ = settings_.complete == Completeness::kRenamed ||
                    (window_seen_ && now - *window_seen_ >= settings_.quiet);
  window_gave_ = false;
}

// One pass over the folder, whatever its size, for the first names in order.
Result<void> Incoming::list_window() {
  move_window();
  const std::string& manifest = settings_.places.manifest_suffix;
  FirstNames first(settings_.window);
  std::size_t parts = 0;
  std::size_t names = 0;
  auto listed = folder_.list(
      settings_.places.incoming,
      [&](std::string_view name) {
        if (name.starts_with('.')) return true;
        if (name.ends_with(settings_.part_suffix)) {
          ++parts;
          return true;
        }
        if (!name.ends_with(manifest)) return true;
        name.remove_suffix(manifest.size());
        if (name.empty() || !name.ends_with(settings_.suffix)) return true;
        ++names;
        if (window_behind_.empty() || name > window_behind_) first.add(name);
        return true;
      },
      call());
  if (!listed) return listed.error();
  context_.metrics().gauge("files_listed", {}, static_cast<double>(names));
  context_.metrics().gauge("files_half_written", {}, static_cast<double>(parts));
  const bool cut = first.cut();
  const std::vector<std::string> taken = first.take();
  window_.assign(taken.begin(), taken.end());
  last_listed_ = cut ? taken.back() : std::string();
  quiet_.forget_others();
  return {};
}

// A file that cannot be claimed holds up no other; where none can, something is wrong with the
// folder.
Result<void> Incoming::claim_ready() {
  std::optional<Error> trouble;
  while (!window_.empty() && queue_.size() < settings_.batch) {
    const std::string name = std::move(window_.front());
    window_.pop_front();
    auto claimed = claim_one(name);
    if (!claimed && !is_of_this_file(claimed.error())) return claimed.error();
    if (!claimed) {
      if (!trouble) trouble = claimed.error();
      if (patience_.is_lost(name, context_.clock().steady()))
        context_.logger().log(LogLevel::kWarning, "file.not_claimed",
                              {{"file", escaped_name(name)}, {"reason", claimed.error().message}});
      continue;
    }
    if (claimed.value()) queue_.push_back(name);
  }
  window_gave_ = window_gave_ || !queue_.empty();
  if (trouble && queue_.empty()) return *trouble;
  return {};
}

Result<bool> Incoming::claim_one(const std::string& name) {
  auto whole = is_whole(name);
  if (!whole || !whole.value()) return whole;
  auto claimed = claims_->claim(name, call());
  if (!claimed) return claimed;
  quiet_.forget(name);
  patience_.regain(name);
  return claimed;
}

Result<bool> Incoming::is_whole(const std::string& name) {
  if (settings_.complete == Completeness::kManifest) return manifest_is_due(name);
  auto state = folder_.state(joined(settings_.places.incoming, name), call());
  if (!state) return state.error();
  const bool is_file = state.value() && state.value()->regular;
  if (settings_.complete == Completeness::kRenamed) return is_file;
  return is_file && quiet_.lies_still(name, *state.value(), context_.clock().steady());
}

// A manifest whose file does not come is claimed without it in the end, which sets it aside. One
// that is empty, or says nothing that fits, may be half written: it counts once it lies still.
Result<bool> Incoming::manifest_is_due(const std::string& name) {
  auto complete = claims_->is_complete(name, call());
  if (!complete || complete.value()) return complete;
  auto still = manifest_lies_still(name);
  if (!still || still.value()) return still;
  if (quiet_.waited(name, context_.clock().steady()) < settings_.incomplete_after) return false;
  context_.metrics().count("files_incomplete", {}, 1);
  context_.logger().log(LogLevel::kWarning, "file.incomplete", {{"file", escaped_name(name)}});
  return true;
}

Result<bool> Incoming::manifest_lies_still(const std::string& name) {
  if (settings_.taken.most_files > 1) return false;  // such a one comes whole
  auto file = folder_.state(joined(settings_.places.incoming, name), call());
  if (!file) return file.error();
  if (!file.value() || !file.value()->regular) return false;
  const std::string manifest = name + settings_.places.manifest_suffix;
  auto state = folder_.state(joined(settings_.places.incoming, manifest), call());
  if (!state) return state.error();
  return state.value() && quiet_.lies_still(manifest, *state.value(), context_.clock().steady());
}

Result<std::vector<Incoming::Taken>> Incoming::take_batch() {
  std::vector<Taken> batch;
  std::deque<std::string> left;  // goes on after this batch
  while (!queue_.empty() && batch.size() < settings_.batch) {
    const std::string name = std::move(queue_.front());
    queue_.pop_front();
    const auto now = context_.clock().steady();
    if (patience_.rests(name, now)) {
      later_.push_back(name);
      continue;
    }
    auto taken = take(name);
    if (!taken && is_of_this_file(taken.error())) {
      if (patience_.is_lost(name, now))
        context_.logger().log(LogLevel::kWarning, "file.unreadable",
                              {{"file", escaped_name(name)}, {"reason", taken.error().message}});
      later_.push_back(name);
      continue;
    }
    if (!taken) return taken.error();
    patience_.regain(name);
    if (taken.value()) {
      left.push_back(name);
      batch.push_back(std::move(*taken.value()));
      continue;
    }
    auto held = claims_->is_held(name, call());
    if (!held) return held.error();
    if (held.value()) later_.push_back(name);  // it is still changing
  }
  queue_.insert(queue_.begin(), left.begin(), left.end());
  return batch;
}

Result<std::optional<Incoming::Taken>> Incoming::take(const std::string& name) {
  auto message = claims_->read(name, settings_.taken, context_, call());
  if (!message) return message.error();
  if (!message.value()) return std::optional<Taken>();
  return std::optional(Taken{name, std::move(*message.value())});
}

Result<void> Incoming::finish(const Taken& taken, const Acceptance& acceptance) {
  Result<void> moved;
  switch (acceptance.verdict) {
    case Acceptance::Verdict::kAccepted:
    case Acceptance::Verdict::kSame:
      moved = claims_->archive(taken.name, day_of(context_.clock().now()), finishing_call());
      break;
    case Acceptance::Verdict::kConflict:
      moved = claims_->set_aside(taken.name,
                                 "conflict: this file was taken before under other settings",
                                 Claims::Reason::kCameBefore, finishing_call());
      break;
    case Acceptance::Verdict::kRefused:
      moved = claims_->set_aside(taken.name, acceptance.code + ": " + acceptance.message,
                                 Claims::Reason::kOfItsOwn, finishing_call());
      break;
    case Acceptance::Verdict::kBusy:
      return {};
  }
  if (!moved) return moved.error();
  std::erase(queue_, taken.name);
  return {};
}

}  // namespace certbridge::file

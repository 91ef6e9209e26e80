#include "query/access_keeper.h"

#include <pthread.h>

namespace certbridge::host {
namespace {

constexpr std::size_t kPage = 500;
// Grounds with a limit of uses are denied until the index is filled: a start waits for it, unless
// there is a lot to fill.
constexpr std::chrono::seconds kFirstLook{3};
constexpr std::size_t kMostRecent = 100'000;  // an index that is so far behind counts nothing

Error not_filled() {
  return Error::retryable("access.index", "the index of access records is not filled yet");
}

// One query is one use, however many certificates it was about.
bool is_use(const AccessRecord& record) {
  return record.decision == AccessDecision::kAllowed && record.refers_to == 0 &&
         record.kind != AccessKind::kFlag && record.kind != AccessKind::kComplaint;
}

}  // namespace

class AccessKeeper::UseHold final : public GroundUses::Hold {
 public:
  UseHold(AccessKeeper& keeper, UseKey key) : keeper_(keeper), key_(std::move(key)) {
    ++keeper_.held_[key_];
  }
  ~UseHold() override {
    const std::lock_guard lock(keeper_.index_mutex_);
    const auto held = keeper_.held_.find(key_);
    if (--held->second == 0) keeper_.held_.erase(held);
  }
  UseHold(const UseHold&) = delete;
  UseHold& operator=(const UseHold&) = delete;

 private:
  AccessKeeper& keeper_;
  UseKey key_;
};

AccessKeeper::AccessKeeper(AccessLogSettings settings, MetricsRegistry& metrics, Logger& logger,
                           std::chrono::milliseconds period)
    : settings_(std::move(settings)), metrics_(metrics), logger_(logger), period_(period) {
  open();
  show();
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  pthread_setname_np(thread_.native_handle(), "access-watch");
  std::unique_lock lock(mutex_);
  looked_.wait_for(lock, kFirstLook, [this] { return has_looked_; });
}

AccessKeeper::~AccessKeeper() {
  thread_.request_stop();
  thread_.join();
  const std::lock_guard lock(mutex_);
  if (log_) log_->close();
}

void AccessKeeper::open() {
  auto opened = AccessLog::open(settings_);
  const std::lock_guard lock(mutex_);
  if (opened) {
    log_ = std::move(opened).value();
    closed_.reset();
  } else {
    closed_ = Error::retryable(opened.error().code, opened.error().message);
  }
}

Result<std::shared_ptr<AccessLog>> AccessKeeper::log() {
  const std::lock_guard lock(mutex_);
  if (!log_) return *closed_;
  return log_;
}

std::uint64_t AccessKeeper::last_number() {
  const auto open = log();
  return open ? open.value()->figures().number : 0;
}

Result<AccessPlace> AccessKeeper::append(const AccessRecord& record) {
  const auto open = log();
  if (!open) return open.error();
  auto place = open.value()->append(record);
  if (place) note_use(record, place.value().number);
  return place;
}

void AccessKeeper::note_use(const AccessRecord& record, std::uint64_t number) {
  if (!is_use(record)) return;
  const std::lock_guard lock(recent_mutex_);
  recent_.push_back({number, {record.ground_kind, record.ground, record.unit}});
}

Result<ReadAccess> AccessKeeper::record(std::uint64_t number) {
  const auto reader = AccessReader::open(settings_.folder, settings_.node, settings_.master_key);
  if (!reader) return reader.error();
  return reader.value()->record(number);
}

Result<std::uint64_t> AccessKeeper::destroy_personal(const std::string& holder,
                                                     const AccessRecord& why) {
  const auto open = log();
  if (!open) return open.error();
  auto destroyed = open.value()->destroy_personal(holder, why);
  const std::lock_guard lock(index_mutex_);
  finder_.reset();  // its files are made anew by the next fill
  return destroyed;
}

Result<AccessAnswer> AccessKeeper::find(const AccessQuestion& question) {
  const std::lock_guard lock(index_mutex_);
  if (!finder_) return not_filled();
  return finder_->find(question);
}

// Whoever was counted and has no record yet is held, so that two at once cannot both be the last.
Result<GroundUses::Counted> AccessKeeper::count(const std::string& ground_kind,
                                                const std::string& ground,
                                                const std::string& unit) {
  const UseKey key{ground_kind, ground, unit};
  const std::lock_guard lock(index_mutex_);
  const auto recorded = recorded_uses(key);
  if (!recorded) return recorded.error();
  const auto held = held_.find(key);
  Counted counted;
  counted.uses = recorded.value() + (held == held_.end() ? 0 : held->second);
  counted.hold = std::make_unique<UseHold>(*this, key);
  return counted;
}

Result<std::uint64_t> AccessKeeper::recorded_uses(const UseKey& key) {
  if (!finder_) return not_filled();
  const auto& [kind, ground, unit] = key;
  AccessQuestion question;
  question.terms.emplace_back(AccessTerm::kCase, ground);
  question.limit = kPage;
  std::set<std::uint64_t> numbers;
  do {
    const auto page = finder_->find(question);
    if (!page) return page.error();
    for (const ReadAccess& one : page.value().found) {
      const AccessRecord& record = one.record;
      if (is_use(record) && record.ground_kind == kind && record.unit == unit) {
        numbers.insert(one.place.number);
      }
    }
    question.before = page.value().next;
  } while (question.before > 0);
  const std::lock_guard lock(recent_mutex_);
  if (recent_.size() > kMostRecent) {
    return Error::retryable("access.index", "the index of access records is too far behind");
  }
  for (const RecentUse& one : recent_) {
    if (one.key == key) numbers.insert(one.number);
  }
  return numbers.size();
}

std::unique_ptr<AccessIndex> AccessKeeper::open_index() const {
  auto opened =
      AccessIndex::open(settings_.folder, settings_.node, settings_.master_key, *settings_.clock);
  return opened ? std::move(opened).value() : nullptr;
}

// Who counts goes on meanwhile, in the index as it was and in what is noted beside it.
void AccessKeeper::fill(const std::stop_token& stop) {
  if (!filler_) filler_ = open_index();
  if (!filler_) return;
  std::size_t known = 0;
  {
    const std::lock_guard recent(recent_mutex_);
    known = recent_.size();
  }
  const auto filled = filler_->fill(stop);
  if (!filled || (filled.value() == 0 && known == 0 && finder_ != nullptr)) return;
  // Opened anew: what was filled may be other files.
  auto finder = open_index();
  if (!finder) return;
  const std::lock_guard lock(index_mutex_);
  finder_ = std::move(finder);
  const std::lock_guard recent(recent_mutex_);
  recent_.erase(recent_.begin(), recent_.begin() + static_cast<std::ptrdiff_t>(known));
}

void AccessKeeper::show() {
  std::optional<AccessFigures> figures;
  std::string trouble, reason;
  {
    const std::lock_guard lock(mutex_);
    if (log_) figures = log_->figures();
    if (!log_) trouble = closed_->code;
    if (!log_) reason = closed_->message;
  }
  if (figures) {
    metrics_.gauge("access_records", {}, static_cast<double>(figures->records));
    metrics_.gauge("access_number", {}, static_cast<double>(figures->number));
    metrics_.gauge("access_signed_number", {}, static_cast<double>(figures->signed_number));
    metrics_.gauge("access_anchored_number", {}, static_cast<double>(figures->anchored_number));
    metrics_.gauge("access_commits", {}, static_cast<double>(figures->commits));
    metrics_.gauge("access_refused", {}, static_cast<double>(figures->refused));
    trouble = figures->trouble.empty() ? figures->anchor_trouble : figures->trouble;
    reason = figures->trouble.empty() ? figures->anchor_reason : figures->reason;
  }
  metrics_.gauge("access_alarm", {}, trouble.empty() ? 0 : 1);
  tell(trouble, reason);
}

// Where a trouble begins and where it ends.
void AccessKeeper::tell(const std::string& trouble, const std::string& reason) {
  if (trouble == told_) return;
  if (trouble.empty()) {
    logger_.log(LogLevel::kInfo, "access.trouble_over", {{"code", told_}});
  } else {
    logger_.log(LogLevel::kError, "access.trouble", {{"code", trouble}, {"reason", reason}});
  }
  told_ = trouble;
}

void AccessKeeper::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    bool is_open = false;
    {
      const std::lock_guard guard(mutex_);
      is_open = log_ != nullptr;
    }
    if (!is_open) open();
    fill(stop);
    show();
    {
      const std::lock_guard guard(mutex_);
      has_looked_ = true;
    }
    looked_.notify_all();
    never.wait_for(lock, stop, period_, [] { return false; });
  }
}

}  // namespace certbridge::host

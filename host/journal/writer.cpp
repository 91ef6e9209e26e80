#include "journal/writer.h"

#include <pthread.h>

#include <algorithm>

#include "journal/counts.h"
#include "journal/failure.h"
#include "journal/schema.h"
#include "journal/seeded_fault.h"
#include "journal/stop_point.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kFrameBytes = 4096 + 24;
// 16 MB: until then most pages are written again, and a checkpoint would write each of them twice.
constexpr std::uint64_t kPassiveFrames = 4000;
constexpr std::size_t kCommitTimes = 1024;
// While the disk is full the log starts anew early: its pages are room that is there already.
constexpr std::uint64_t kShortLogBytes = 1ULL << 20;

std::chrono::microseconds share_of(std::vector<std::chrono::microseconds> times, double share) {
  if (times.empty()) return std::chrono::microseconds(0);
  const auto at =
      times.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), at, times.end());
  return *at;
}

// What the log holds goes into the database file, and is synced there before the log starts anew.
void start_log_anew(Connection& connection) {
  const bool unsynced = seeded_fault("checkpoint_not_synced");
  if (unsynced) connection.command("pragma synchronous = off");
  connection.checkpoint(true);
  if (unsynced) connection.command("pragma synchronous = full");
}

}  // namespace

void Tally::add(const Tally& other) {
  for (std::size_t i = 0; i < messages.size(); ++i) messages[i] += other.messages[i];
  for (const auto& [endpoint, counts] : other.deliveries) {
    auto& own = deliveries[endpoint];
    for (std::size_t i = 0; i < counts.size(); ++i) own[i] += counts[i];
  }
}

Writer::Writer(const std::string& file, const Clock& clock, Keyring& keys, ContentStore& contents,
               Reserve& reserve, const WriterSettings& settings)
    : clock_(clock),
      keys_(keys),
      contents_(contents),
      reserve_(reserve),
      settings_(settings),
      connection_(file, true),
      checkpoints_(file, true),
      state_{connection_, keys, settings.goes_on_receipt, settings.repair_holds, settings.lane_of} {
  configure_connection(connection_, true);
  configure_connection(checkpoints_, true);
  connection_.pragma("pragma busy_timeout = 1000");
}

Writer::~Writer() { stop(); }

void Writer::start() {
  const auto meta = [this](const char* name) {
    return connection_
        .number("select cast(value as integer) from meta where name = ?", std::string(name))
        .value_or(0);
  };
  state_.next_number = std::max(
      connection_.number("select max(number) from messages").value_or(0) + 1, meta("next_number"));
  state_.doubt_up_to = meta("doubt_up_to");
  state_.doubt_since = meta("doubt_since");
  figures_.tally = read_counts(connection_);
  writer_ = std::thread([this] { run(); });
  checkpointer_ = std::thread([this] { run_checkpoints(); });
  pthread_setname_np(writer_.native_handle(), "journal-writer");
  pthread_setname_np(checkpointer_.native_handle(), "journal-check");
}

void Writer::on_work(std::function<void()> wake) {
  const std::lock_guard lock(wake_mutex_);
  wake_ = std::move(wake);
}

void Writer::wake() {
  const std::lock_guard lock(wake_mutex_);
  if (wake_) wake_();
}

Result<void> Writer::commit(Work work, std::size_t weight, std::set<std::string> buckets) {
  // Shared: the writer may still be about to leave set_value() when the answer is here.
  auto done = std::make_shared<std::promise<Result<void>>>();
  auto answer = done->get_future();
  submit(std::move(work), weight, std::move(buckets),
         [done](const Result<void>& result) { done->set_value(result); });
  return answer.get();
}

void Writer::submit(Work work, std::size_t weight, std::set<std::string> buckets, Then then) {
  auto job = std::make_unique<Job>();
  job->work = std::move(work);
  job->weight = weight;
  job->buckets = std::move(buckets);
  job->then = std::move(then);
  if (auto taken = enqueue(job); !taken) return job->then(taken);
  arrived_.notify_one();
}

// Leaves the job where it is when it cannot be taken.
Result<void> Writer::enqueue(std::unique_ptr<Job>& job) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return Error::retryable("journal.closed", "the journal is being closed");
  if (queued_ > settings_.queue_limit) {
    return Error::retryable("journal.busy", "too many changes wait for the journal's disk");
  }
  queued_ += job->weight;
  queue_.push_back(std::move(job));
  return {};
}

Writer::Group Writer::take_group() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  Group group;
  std::size_t weight = 0;
  while (!queue_.empty() &&
         (group.empty() || weight + queue_.front()->weight <= settings_.group_limit)) {
    weight += queue_.front()->weight;
    queued_ -= queue_.front()->weight;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Writer::run() {
  for (Group group = take_group(); !group.empty(); group = take_group()) {
    commit_group(group);
    restart_log();
  }
}

void Writer::run_job(Job& job, Timestamp now) {
  Change change{state_, now, {}, false};
  job.error.reset();
  job.tally = {};
  job.work(change);
  job.tally = std::move(change.tally);
  job.made_work = change.made_work;
}

// What a job that fails had done is undone.
void Writer::run_job_alone(Job& job, Timestamp now) {
  const std::int64_t next_number = state_.next_number;
  connection_.run("savepoint change");
  try {
    run_job(job, now);
    connection_.run("release change");
  } catch (const Failure& failure) {
    // SQLite ends the whole transaction after some errors (disk full): then the group fails.
    if (!connection_.in_transaction()) throw;
    connection_.run("rollback to change");
    connection_.run("release change");
    state_.next_number = next_number;
    job.error = failure.error();
    job.tally = {};
    job.made_work = false;
  }
}

Tally Writer::tally_of(const Group& group) {
  Tally tally;
  for (const auto& job : group) tally.add(job->tally);
  return tally;
}

void Writer::change_all(Group& group, bool each_alone) {
  const Timestamp now = clock_.now();
  if (!keys_.is_current(now)) rotate_key();
  connection_.run("begin immediate");
  std::set<std::string> buckets;
  for (const auto& job : group) {
    each_alone ? run_job_alone(*job, now) : run_job(*job, now);
    buckets.insert(job->buckets.begin(), job->buckets.end());
  }
  add_counts(connection_, tally_of(group));
  if (!seeded_fault("folder_not_synced")) contents_.sync_buckets(buckets);
  stop_point("journal.before_commit");
  if (seeded_fault("answer_before_commit")) answer(group, {});
  connection_.run("commit");
  stop_point("journal.after_commit");
}

void Writer::commit_group(Group& group) {
  const auto began = std::chrono::steady_clock::now();
  std::optional<Error> failed = try_group(group);
  if (failed && failed->code == "journal.full" && reserve_.give_up()) failed = try_group(group);
  if (!failed) {
    note_commit(group, std::chrono::duration_cast<std::chrono::microseconds>(
                           std::chrono::steady_clock::now() - began));
  }
  finish(group, failed);
}

// A savepoint for each job costs a copy of every page that the job changes, and hardly any job
// fails: the group runs without them, and once more with them when one did.
std::optional<Error> Writer::try_group(Group& group) {
  if (!try_changes(group, false)) return std::nullopt;
  return try_changes(group, true);
}

// The error that ended the whole group; nothing of it is stored then.
std::optional<Error> Writer::try_changes(Group& group, bool each_alone) {
  const std::int64_t next_number = state_.next_number;
  std::optional<Error> failed;
  try {
    change_all(group, each_alone);
  } catch (const Failure& failure) {
    failed = failure.error();
  } catch (const std::exception& problem) {
    failed = Error::fault("journal.failed", std::string("the journal's writer: ") + problem.what());
  }
  if (failed) {
    state_.next_number = next_number;
    try {
      if (connection_.in_transaction()) connection_.run("rollback");
    } catch (const Failure&) {
      // The transaction is gone either way; what counts is the error that ended it.
    }
  }
  return failed;
}

void Writer::answer(Group& group, const std::optional<Error>& failed) {
  for (const auto& job : group) {
    if (std::exchange(job->answered, true)) continue;
    const std::optional<Error>& error = failed ? failed : job->error;
    job->then(error ? Result<void>(*error) : Result<void>());
  }
}

void Writer::finish(Group& group, const std::optional<Error>& failed) {
  const bool made_work =
      std::any_of(group.begin(), group.end(), [](const auto& job) { return job->made_work; });
  answer(group, failed);
  if (made_work && !failed) wake();
}

void Writer::note_commit(const Group& group, std::chrono::microseconds took) {
  const std::uint64_t frames = connection_.log_frames();
  {
    const std::lock_guard lock(figures_mutex_);
    figures_.tally.add(tally_of(group));
    if (commit_times_.size() < kCommitTimes) commit_times_.push_back(took);
    commit_times_[figures_.commits % kCommitTimes % commit_times_.size()] = took;
    ++figures_.commits;
    figures_.transitions += group.size();
    figures_.wal_bytes = frames * kFrameBytes;
    figures_.largest_wal_bytes = std::max(figures_.largest_wal_bytes, figures_.wal_bytes);
  }
  // Above the limit the writer itself restarts the log: a passive run would only be in its way.
  if (frames < kPassiveFrames || frames * kFrameBytes >= settings_.restart_wal_bytes) return;
  const std::lock_guard lock(checkpoint_mutex_);
  checkpoint_wanted_ = true;
  checkpoint_due_.notify_one();
}

WriterFigures Writer::figures() {
  const std::lock_guard lock(figures_mutex_);
  WriterFigures figures = figures_;
  figures.commit_p50 = share_of(commit_times_, 0.5);
  figures.commit_p99 = share_of(commit_times_, 0.99);
  return figures;
}

// In a transaction of its own: the key is on stable storage before anything is encrypted with it.
void Writer::rotate_key() {
  connection_.run("begin immediate");
  try {
    keys_.make_missing(connection_, clock_.now());
    connection_.run("commit");
  } catch (const Failure&) {
    if (connection_.in_transaction()) connection_.run("rollback");
    throw;
  }
  keys_.load(connection_);
}

// Between groups nobody writes, so the log starts again from its beginning unless a reader is
// slow; then the next group tries again. A passive run that is under way is left to finish: it
// does the same work without holding up the sources.
void Writer::restart_log() {
  const std::uint64_t most = reserve_.is_spent()
                                 ? std::min(kShortLogBytes, settings_.restart_wal_bytes)
                                 : settings_.restart_wal_bytes;
  if (connection_.log_frames() * kFrameBytes < most) return;
  if (seeded_fault("checkpoint_skipped")) return;
  const std::unique_lock alone(log_mutex_, std::try_to_lock);
  if (!alone.owns_lock()) return;
  try {
    stop_point("journal.before_checkpoint");
    start_log_anew(connection_);
    stop_point("journal.after_checkpoint");
  } catch (const Failure&) {
    // The log only grows until a later checkpoint works; commits report what the disk refuses.
  }
}

void Writer::run_checkpoints() {
  std::unique_lock lock(checkpoint_mutex_);
  while (!checkpoint_stop_) {
    checkpoint_due_.wait(lock, [this] { return checkpoint_stop_ || checkpoint_wanted_; });
    if (checkpoint_stop_) return;
    checkpoint_wanted_ = false;
    lock.unlock();
    try {
      const std::lock_guard alone(log_mutex_);
      if (!seeded_fault("checkpoint_skipped")) checkpoints_.checkpoint(false);
    } catch (const Failure&) {
      // As above: nothing is lost by a checkpoint that did not happen.
    }
    lock.lock();
  }
}

void Writer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  if (writer_.joinable()) writer_.join();
  {
    const std::lock_guard lock(checkpoint_mutex_);
    checkpoint_stop_ = true;
  }
  checkpoint_due_.notify_all();
  if (checkpointer_.joinable()) checkpointer_.join();
}

}  // namespace certbridge::host

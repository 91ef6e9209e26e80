// The one thread that changes the journal: whatever is pending is committed together.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "certbridge/context.h"
#include "journal/change.h"
#include "journal/reserve.h"

namespace certbridge::host {

struct WriterSettings {
  std::size_t group_limit = 128;
  std::size_t queue_limit = 4096;
  std::uint64_t restart_wal_bytes = 64ULL << 20;
  std::function<bool(const std::string& endpoint)> goes_on_receipt{};
  std::set<std::string> repair_holds{};
  std::function<Lane(const std::string&, const Message&)> lane_of{};
};

// Cheap counts of what the writer did, and what is in which state.
struct WriterFigures {
  Tally tally{};
  std::uint64_t commits = 0;
  std::uint64_t transitions = 0;
  std::uint64_t wal_bytes = 0;
  std::uint64_t largest_wal_bytes = 0;
  std::chrono::microseconds commit_p50{0};
  std::chrono::microseconds commit_p99{0};
};

// Owns the threads "journal-writer" and "journal-checkpoint".
class Writer {
 public:
  using Work = std::function<void(Change&)>;

  // All references outlive it.
  Writer(const std::string& file, const Clock& clock, Keyring& keys, ContentStore& contents,
         Reserve& reserve, const WriterSettings& settings);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void start();
  // Runs `work` with the next group and waits until the group is on stable storage; a failure
  // undoes it and nothing else of the group. `weight` counts against the group's limit. `work` may
  // run again from the start when it, another of its group or the disk ended the first run. Any
  // thread; "journal.busy" when the queue is full.
  Result<void> commit(Work work, std::size_t weight, std::set<std::string> buckets);
  // The same without waiting: `then` is called once with what came of it, on the writer's thread,
  // or here when the work is not taken. It must neither wait nor ask the writer for anything.
  using Then = std::function<void(const Result<void>&)>;
  void submit(Work work, std::size_t weight, std::set<std::string> buckets, Then then);
  // Whoever was called before is not called any more once this returns.
  void on_work(std::function<void()> wake);
  // Calls what on_work() was given: something may have become due without a commit.
  void wake();
  WriterFigures figures();
  // Commits what was submitted and ends both threads.
  void stop();

 private:
  struct Job {
    Work work{};
    std::size_t weight = 1;
    std::set<std::string> buckets{};
    Then then{};
    std::optional<Error> error{};
    Tally tally{};
    bool made_work = false;
    bool answered = false;
  };
  using Group = std::vector<std::unique_ptr<Job>>;

  static Tally tally_of(const Group& group);
  Result<void> enqueue(std::unique_ptr<Job>& job);
  void run();
  Group take_group();
  void commit_group(Group& group);
  std::optional<Error> try_group(Group& group);
  std::optional<Error> try_changes(Group& group, bool each_alone);
  void run_job(Job& job, Timestamp now);
  void run_job_alone(Job& job, Timestamp now);
  void change_all(Group& group, bool each_alone);
  void finish(Group& group, const std::optional<Error>& failed);
  void answer(Group& group, const std::optional<Error>& failed);
  void note_commit(const Group& group, std::chrono::microseconds took);
  void rotate_key();
  void restart_log();
  void run_checkpoints();

  const Clock& clock_;
  Keyring& keys_;
  ContentStore& contents_;
  Reserve& reserve_;
  WriterSettings settings_;
  Connection connection_;
  Connection checkpoints_;
  WriterState state_;

  std::mutex mutex_{};
  std::condition_variable arrived_{};
  std::deque<std::unique_ptr<Job>> queue_{};  // under mutex_, as are the next two
  std::size_t queued_ = 0;
  bool stopping_ = false;

  std::mutex wake_mutex_{};  // held during the call: who is called may go away after on_work()
  std::function<void()> wake_{};

  std::mutex figures_mutex_{};
  WriterFigures figures_{};  // under figures_mutex_, as is the next
  std::vector<std::chrono::microseconds> commit_times_{};

  std::mutex checkpoint_mutex_{};
  std::condition_variable checkpoint_due_{};
  bool checkpoint_wanted_ = false;  // under checkpoint_mutex_, as is the next
  bool checkpoint_stop_ = false;
  std::mutex log_mutex_{};  // held during a checkpoint, so that two are never in each other's way
  std::thread writer_{};
  std::thread checkpointer_{};
};

}  // namespace certbridge::host

// How long commits take and how large the write-ahead log grows while 64 sources hand over as fast
// as they are answered and a reader asks what is due, as the engine does.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "load.h"

namespace certbridge::bench {
namespace {

constexpr std::size_t kBytes = 4000;
constexpr double kRestartBytes = 64.0 * 1024 * 1024;  // the store's default

double milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

// Looks at the figures, which cover the last 1,024 commits, every `seconds`.
class Observer {
 public:
  Observer(host::Store& store, Table& table, double seconds)
      : store_(store), table_(table), pause_(seconds), thread_([this] { run(); }) {}
  ~Observer() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, pause_, [this] { return stopped_; })) look();
    look();
  }
  void look() {
    const auto figures = store_.figures();
    const double p50 = milliseconds(figures.value().commit_p50);
    const double p99 = milliseconds(figures.value().commit_p99);
    table_.add("commit, 99 of 100 within / half within", "ratio", p99 / p50);
    table_.add("commit, half within", "ms", p50);
    table_.add("commit, 99 of 100 within", "ms", p99);
    table_.add("write-ahead log / its limit", "ratio",
               static_cast<double>(figures.value().wal_bytes) / kRestartBytes);
    due_ = store_.due_messages(Timestamp(), 64, {}, host::Lane::kBulk).ok();
  }

  host::Store& store_;
  Table& table_;
  std::chrono::duration<double> pause_;
  std::mutex mutex_{};
  std::condition_variable wake_{};
  bool stopped_ = false;
  bool due_ = false;
  std::thread thread_;
};

void run(const Options& options) {
  const double seconds = options.short_run ? 5 : 60;
  Table table("saturation", "64 sources for " + std::to_string(static_cast<int>(seconds)) +
                                " s, 4 kB" + options.suffix());
  const ScratchFolder folder(options.folder);
  const host::SystemClock clock;
  const auto store = open_journal(folder.path(), clock);
  Front front(*store);
  LoadResult load;
  {
    const Observer observer(*store, table, seconds / 20);
    load = run_load({64, kBytes, seconds, 0},
                    [&](std::uint64_t number) { front.accept(event_message(number, kBytes)); });
  }
  const auto figures = store->figures();
  table.add("largest write-ahead log / its limit", "ratio",
            static_cast<double>(figures.value().largest_wal_bytes) / kRestartBytes);
  table.add("accept, 99 of 100 within / half within", "ratio",
            load.wait_within(0.99) / load.wait_within(0.5));
  table.add("accept, longest / half within", "ratio", load.wait_within(1) / load.wait_within(0.5));
  table.add("accept, half within", "ms", load.wait_within(0.5) * 1000);
  table.add("messages in a commit", "messages",
            load.accepted / static_cast<double>(figures.value().commits));
  table.add("accepts", "per second", load.rate());
  table.print();
  store->close();
}

}  // namespace
}  // namespace certbridge::bench

int main(int count, char** arguments) {
  certbridge::bench::run(certbridge::bench::read_options(count, arguments));
}

// Takes files out of a drop folder, each exactly once in effect.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "archive_clearing.h"
#include "certbridge/context.h"
#include "claims.h"
#include "patience.h"
#include "quiet.h"
#include "taken_file.h"

namespace certbridge::file {

// How it is known that a file is whole.
enum class Completeness : std::uint8_t {
  kRenamed = 1,    // it is written under another name (part suffix) and renamed
  kManifest = 2,   // a manifest beside it says so
  kUnchanged = 3,  // its size and time stay the same for a while
};

struct IncomingSettings {
  Places places{};
  Completeness complete = Completeness::kRenamed;
  std::string part_suffix = ".tmp";  // names that end so are never taken
  std::string suffix{};              // only names that end so are taken; empty: all
  TakenSettings taken{};
  std::chrono::milliseconds quiet{
      10'000};  // for how long a file, or a manifest without digest, lies still
  std::chrono::milliseconds incomplete_after{3600'000};  // kManifest: a manifest without its file
  int archive_days = 0;  // how long the archive keeps what was taken; 0: for good
  std::chrono::milliseconds poll{1000};
  std::chrono::milliseconds step_limit{60'000};  // one operation on the folder
  std::size_t batch = 64;                        // 1 to 256
  std::size_t window = 10'000;                   // names in memory at once
};

// A file is claimed by a rename, read, handed over, and moved on only once the host has journalled
// it; the host's ledger knows name and digest of files that come again. Whatever stops in between,
// nothing is lost and nothing is taken twice. Files are handed over in the order of their names, as
// far as they are whole. One thread.
class Incoming final : public Source {
 public:
  // Where a test may interrupt: those of Claims, and "read", "accepted".
  using Observer = std::function<void(const char* step)>;

  // All but `settings` is borrowed. `context` gives clock, log, metrics and spool.
  Incoming(IncomingSettings settings, Folder& folder, Context& context, Observer observer);
  ~Incoming() override;
  Result<void> check(const Call& call) override;
  Result<void> listen(Receiver& receiver) override;
  void stop() override;

  // One look: how many files were handed over. For the thread, and for tests.
  Result<std::size_t> look_once(Receiver& receiver);
  // How long to wait before the next look; `taken` is what the last one answered.
  std::chrono::milliseconds pause_after(const Result<std::size_t>& taken) const;

 private:
  struct Taken {
    std::string name{};
    Message message{};
  };
  void run(Receiver& receiver);
  Call call() const;
  Call finishing_call() const;
  Result<void> fill_queue();
  Result<void> list_window();
  void move_window();
  Result<void> claim_ready();
  Result<bool> claim_one(const std::string& name);
  Result<bool> is_whole(const std::string& name);
  Result<bool> manifest_is_due(const std::string& name);
  Result<bool> manifest_lies_still(const std::string& name);
  Result<std::vector<Taken>> take_batch();
  Result<std::optional<Taken>> take(const std::string& name);
  Result<void> finish(const Taken& taken, const Acceptance& acceptance);
  Result<std::size_t> look(Receiver& receiver);
  void reached(const char* step) const;

  IncomingSettings settings_;
  Folder& folder_;
  Context& context_;
  Observer observer_;
  std::unique_ptr<Claims> claims_;
  ArchiveClearing clearing_;
  Quiet quiet_;
  bool prepared_ = false;
  bool all_recovered_ = false;        // nothing lies in the claimed folder but what is in queue_
  std::deque<std::string> window_{};  // names that were listed and not looked at yet
  std::string window_behind_{};       // the name that it stands behind
  std::string last_listed_{};         // of a window that did not hold all; empty: it held all
  bool window_gave_ = false;          // whether something of it was claimed
  bool window_is_over_ = true;        // whether it was looked at for long enough
  std::optional<std::chrono::steady_clock::time_point> window_seen_{};  // all of it, once
  Patience patience_{};              // with files that cannot be claimed or read
  std::deque<std::string> queue_{};  // claimed, not finished; in order
  std::deque<std::string> later_{};  // claimed, and could not be read at the last look
  std::chrono::milliseconds busy_for_{0};
  std::stop_source stop_{};
  std::mutex mutex_{};
  std::condition_variable stopped_{};
  bool stopping_ = false;
  std::thread thread_{};
};

}  // namespace certbridge::file

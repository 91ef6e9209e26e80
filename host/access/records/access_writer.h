// Writes the log, one at a time: whatever is pending becomes durable together, written by one of
// those who wait for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "access/records/access_log.h"
#include "access/records/anchor_follower.h"
#include "access/records/log_end.h"
#include "access/records/segment_file.h"

namespace certbridge::host {

// Owns the thread "access-signer", which signs what nobody writes behind.
class AccessWriter {
 public:
  // `anchors` may be null; what is lent outlives the writer.
  AccessWriter(const AccessLogSettings& settings, SignatureKey key, AnchorFollower* anchors);
  ~AccessWriter();
  AccessWriter(const AccessWriter&) = delete;
  AccessWriter& operator=(const AccessWriter&) = delete;

  // Where to go on; none: from nothing. Throws Failure "access.failed" when the segment's file
  // cannot be written at all.
  void start(const std::optional<LogEnd>& end);
  // The body of a record; codes of AccessRecorder::append.
  Result<AccessPlace> append(std::string body);
  AccessFigures figures() const;
  void stop();

 private:
  struct Job {
    std::string body{};
    AccessPlace place{};
    std::optional<Error> failed{};
    bool answered = false;  // under mutex_
    std::condition_variable wakes{};
  };
  using Group = std::vector<std::shared_ptr<Job>>;
  using Lock = std::unique_lock<std::mutex>;
  using Moment = std::chrono::steady_clock::time_point;

  void run();
  bool await_turn_to_sign(Lock& lock);
  // Work of whoever has the turn, without the lock.
  template <class Work>
  void take_turn(Lock& lock, const Work& work);
  void end_turn();           // with the lock held, as the next ones
  void leave();              // append()
  void let_another_write();  // a group, by a thread of its own
  void write_pending() noexcept;
  Group take_group();
  void write_group(Group& group);
  void store(Group& group);
  void answer(Group& group, const std::optional<Error>& failed);
  void need_room(std::size_t bytes);
  void begin_segment_if_due(Timestamp now);
  void begin_segment(const std::string& name, Timestamp now);
  void sign_if_due(bool at_once);
  void sign();
  bool is_unsigned() const { return chain_.number > signed_; }
  void note(const std::optional<Error>& failed, std::size_t records);

  AccessLogSettings settings_;
  SegmentFolder folder_;
  SignatureKey key_;
  AnchorFollower* anchors_;

  // Of whoever has the turn; others may look, with the lock held, while nobody has it.
  std::unique_ptr<SegmentFile> file_{};
  std::string segment_{};
  ChainEnd chain_{};
  std::uint64_t signed_ = 0;
  std::optional<OpenedMark> opened_{};  // still to be written
  Moment sign_at_{};                    // when something is unsigned: not later than then
  Moment begin_again_at_{};             // a new segment is not tried before

  mutable std::mutex mutex_{};
  std::condition_variable signer_{};
  std::deque<std::shared_ptr<Job>> queue_{};  // under mutex_, as are the next
  bool taken_ = false;                        // the turn
  bool signer_waits_ = false;                 // until something is unsigned
  std::size_t appending_ = 0;                 // threads in append()
  bool stopping_ = false;
  AccessFigures figures_{};
  std::thread thread_{};
};

}  // namespace certbridge::host

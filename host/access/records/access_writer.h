// The one thread that writes the log: whatever is pending becomes durable together.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <future>
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

// Owns the thread "access-writer".
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
    std::promise<Result<AccessPlace>> done{};
    bool answered = false;
  };
  using Group = std::vector<std::unique_ptr<Job>>;
  using Moment = std::chrono::steady_clock::time_point;

  void run();
  Group take_group(bool& stopping);
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

  // The thread's own.
  std::unique_ptr<SegmentFile> file_{};
  std::string segment_{};
  ChainEnd chain_{};
  std::uint64_t signed_ = 0;
  std::optional<OpenedMark> opened_{};  // still to be written
  Moment sign_at_{};                    // when something is unsigned: not later than then
  Moment begin_again_at_{};             // a new segment is not tried before

  mutable std::mutex mutex_{};
  std::condition_variable arrived_{};
  std::deque<std::unique_ptr<Job>> queue_{};  // under mutex_, as are the next
  bool stopping_ = false;
  AccessFigures figures_{};
  std::thread thread_{};
};

}  // namespace certbridge::host

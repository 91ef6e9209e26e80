#include "access/records/access_writer.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "access/records/disk_error.h"
#include "journal/keyring.h"
#include "journal/seeded_fault.h"
#include "journal/stop_point.h"

namespace certbridge::host {
namespace {

// Behind what is written there is always room for the checkpoint that signs it.
constexpr std::size_t kRoomToSign = 4096;
static_assert(kCheckpointFrame < kRoomToSign);
constexpr std::chrono::seconds kBeginAgain{1};

}  // namespace

AccessWriter::AccessWriter(const AccessLogSettings& settings, SignatureKey key,
                           AnchorFollower* anchors)
    : settings_(settings), folder_(settings.folder), key_(std::move(key)), anchors_(anchors) {}

AccessWriter::~AccessWriter() { stop(); }

void AccessWriter::start(const std::optional<LogEnd>& end) {
  if (end) {
    segment_ = end->segment;
    chain_ = end->chain;
    signed_ = end->chain.number - end->opened.unsigned_frames;
    file_ = SegmentFile::open(folder_.segment_file(segment_), end->offset);
  }
  opened_ = end ? end->opened : OpenedMark{};
  figures_.records = chain_.records;
  figures_.number = chain_.number;
  figures_.signed_number = signed_;
  sign_at_ = std::chrono::steady_clock::now();
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "access-signer");
}

// Nobody is handed what he can do himself: the first who finds the turn free writes for all who
// came meanwhile, and then lets the next one do so.
Result<AccessPlace> AccessWriter::append(std::string body) {
  const auto job = std::make_shared<Job>();
  job->body = std::move(body);
  Lock lock(mutex_);
  if (stopping_) return Error::retryable("access.closed", "the access log is being closed");
  if (queue_.size() >= settings_.queue_limit) {
    return Error::retryable("access.busy", "too many access records wait for the disk");
  }
  queue_.push_back(job);
  ++appending_;
  while (!job->answered) {
    if (taken_) {
      job->wakes.wait(lock);
    } else if (seeded_fault("answer_before_record")) {
      let_another_write();
    } else {
      take_turn(lock, [this] { write_pending(); });
    }
  }
  leave();
  if (job->failed) return *job->failed;
  return job->place;
}

template <class Work>
void AccessWriter::take_turn(Lock& lock, const Work& work) {
  taken_ = true;
  lock.unlock();
  work();
  lock.lock();
  end_turn();
}

void AccessWriter::end_turn() {
  taken_ = false;
  if (!queue_.empty()) queue_.front()->wakes.notify_one();
  if (signer_waits_ && is_unsigned()) signer_.notify_one();
}

void AccessWriter::leave() {
  if (--appending_ == 0 && stopping_) signer_.notify_one();
}

// For the seeded fault: nobody is answered too early who writes himself.
void AccessWriter::let_another_write() {
  taken_ = true;
  ++appending_;
  std::thread([this] {
    write_pending();
    const Lock lock(mutex_);
    end_turn();
    leave();
  }).detach();
}

void AccessWriter::write_pending() noexcept {
  Group group = take_group();
  write_group(group);
  sign_if_due(false);
}

AccessWriter::Group AccessWriter::take_group() {
  const Lock lock(mutex_);
  Group group;
  std::size_t bytes = 0;
  while (!queue_.empty() && group.size() < settings_.group_limit) {
    bytes += queue_.front()->body.size() + kFrameOverhead;
    if (!group.empty() && bytes > kMostGroupBytes) break;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void AccessWriter::run() {
  Lock lock(mutex_);
  while (await_turn_to_sign(lock)) {
    take_turn(lock, [this] {
      Group nobody;
      if (opened_) write_group(nobody);
      sign_if_due(false);
    });
  }
  lock.unlock();
  Group nobody;
  if (opened_) write_group(nobody);
  sign_if_due(true);
}

// False: everybody has left, and what is there is to be signed for the last time.
bool AccessWriter::await_turn_to_sign(Lock& lock) {
  while (true) {
    if (stopping_ && appending_ == 0) return false;
    if (stopping_ || taken_ || !(is_unsigned() || opened_)) {
      signer_waits_ = true;
      signer_.wait(lock);
      signer_waits_ = false;
      continue;
    }
    if (std::chrono::steady_clock::now() >= sign_at_) return true;
    signer_.wait_until(lock, sign_at_);
  }
}

void AccessWriter::write_group(Group& group) {
  std::optional<Error> failed;
  try {
    store(group);
  } catch (const Failure& failure) {
    failed = failure.error();
  } catch (const std::exception& problem) {
    failed = Error::retryable("access.failed", std::string("the access log: ") + problem.what());
  }
  if (failed && !is_unsigned()) sign_at_ = std::chrono::steady_clock::now() + kBeginAgain;
  note(failed, group.size());
  answer(group, failed);
}

void AccessWriter::store(Group& group) {
  const Timestamp now = settings_.clock->now();
  begin_segment_if_due(now);
  const bool was_unsigned = is_unsigned();
  ChainEnd end = chain_;
  std::string bytes;
  if (opened_) bytes += make_frame(end, FrameKind::kOpened, now, encode(*opened_));
  for (auto& job : group) {
    bytes += make_frame(end, FrameKind::kRecord, now, job->body);
    job->place = {segment_, end.number, end.hash};
  }
  need_room(bytes.size() + kRoomToSign);
  if (seeded_fault("answer_before_record")) answer(group, {});
  stop_point("access.before_write");
  file_->append(bytes);
  opened_.reset();
  chain_ = end;
  if (!was_unsigned) sign_at_ = std::chrono::steady_clock::now() + settings_.checkpoint_after;
}

void AccessWriter::answer(Group& group, const std::optional<Error>& failed) {
  const Lock lock(mutex_);
  for (auto& job : group) {
    if (std::exchange(job->answered, true)) continue;
    job->failed = failed;
    job->wakes.notify_one();
  }
}

void AccessWriter::need_room(std::size_t bytes) {
  if (!file_->has_room(bytes))
    file_->take_room(std::max<std::uint64_t>(settings_.room_bytes, bytes));
}

// A new segment that finds no room is no reason to refuse what the old one has room for.
void AccessWriter::begin_segment_if_due(Timestamp now) {
  const std::string month = month_of(std::max(now, chain_.time));
  if (file_ == nullptr) return begin_segment(segment_behind({}, month), now);
  const bool due = month > month_in(segment_) || file_->end() >= settings_.segment_bytes;
  const Moment moment = std::chrono::steady_clock::now();
  if (!due || moment < begin_again_at_) return;
  begin_again_at_ = moment + kBeginAgain;
  try {
    if (is_unsigned()) sign();
    begin_segment(segment_behind(segment_, month), now);
    begin_again_at_ = {};
  } catch (const Failure& failure) {
    note(failure.error(), 0);
  }
}

void AccessWriter::begin_segment(const std::string& name, Timestamp now) {
  ChainEnd end = chain_;
  const std::string first =
      make_frame(end, FrameKind::kSegment, now,
                 encode(SegmentMark{settings_.node, name, segment_, end.records}));
  auto made = SegmentFile::make(folder_.segment_file(name), first, settings_.room_bytes);
  stop_point("access.segment_begun");
  const std::unique_ptr<SegmentFile> old = std::exchange(file_, std::move(made));
  segment_ = name;
  chain_ = end;
  if (old != nullptr) old->finish();
}

void AccessWriter::sign_if_due(bool at_once) {
  if (!is_unsigned()) return;
  const bool many = chain_.number - signed_ >= settings_.frames_per_checkpoint;
  if (!at_once && !many && std::chrono::steady_clock::now() < sign_at_) return;
  std::optional<Error> failed;
  try {
    sign();
  } catch (const Failure& failure) {
    failed = failure.error();
    sign_at_ = std::chrono::steady_clock::now() + settings_.checkpoint_after;
  }
  if (failed) note(failed, 0);
}

// By itself, when everything that it signs is on the disk: behind something that a crash broke
// there is no checkpoint.
void AccessWriter::sign() {
  ChainEnd end = chain_;
  const std::string frame = make_checkpoint(end, settings_.clock->now(), key_);
  file_->append(frame);
  stop_point("access.after_checkpoint");
  chain_ = end;
  signed_ = end.number;
  if (anchors_ != nullptr) anchors_->offer(month_in(segment_), signed_, frame);
  const std::lock_guard lock(mutex_);
  figures_.number = chain_.number;
  figures_.signed_number = signed_;
}

void AccessWriter::note(const std::optional<Error>& failed, std::size_t records) {
  const std::lock_guard lock(mutex_);
  figures_.trouble = failed ? failed->code : std::string();
  figures_.reason = failed ? failed->message : std::string();
  if (failed) {
    figures_.refused += records;
    return;
  }
  ++figures_.commits;
  figures_.records = chain_.records;
  figures_.number = chain_.number;
}

AccessFigures AccessWriter::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

void AccessWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  signer_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace certbridge::host

// The log of accesses: what is appended is durable, chained and signed. docs/access-records.md has
// the bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "access/records/access_record.h"
#include "certbridge/context.h"
#include "journal/cipher.h"

namespace certbridge::host {

// What a query needs of the log; a test may stand in for it. Any thread.
class AccessRecorder {
 public:
  virtual ~AccessRecorder() = default;
  // Returns once the record is on stable storage. No answer may leave without it.
  //   access.full (retryable)   no room on the disk; appending works again as soon as there is
  //   access.busy (retryable)   too many records wait for the disk
  //   access.failed (retryable) the disk refused for another reason
  //   access.closed (retryable) the log is being closed
  //   access.too_large (permanent) a text, list or `inputs` is longer than allowed
  virtual Result<AccessPlace> append(const AccessRecord& record) = 0;
};

struct AccessLogSettings {
  std::string folder{};             // of this node alone; made where it is missing
  std::string node{};               // its name, in every segment
  std::string anchor_folder{};      // in a second place, of this node alone; empty: none
  std::string signing_key{};        // 32 bytes: private key on the SM2 curve
  std::string master_key{};         // 32 bytes: wraps the keys of personal parts
  Suite suite = Suite::kAes256Gcm;  // of personal parts
  const Clock* clock = nullptr;     // outlives the log

  // For tests; what stands here was measured.
  std::chrono::milliseconds checkpoint_after{500};  // frames are unsigned for so long at most
  std::uint32_t frames_per_checkpoint = 1000;
  std::size_t group_limit = 128;  // records made durable together
  std::size_t queue_limit = 4096;
  std::uint64_t segment_bytes = 256ULL << 20;  // then the next one of the month begins
  std::uint64_t room_bytes = 4ULL << 20;       // taken at a time
};

struct AccessFigures {
  std::uint64_t records = 0;          // of this node, ever
  std::uint64_t number = 0;           // of the last durable frame
  std::uint64_t signed_number = 0;    // up to here the chain is signed
  std::uint64_t anchored_number = 0;  // up to here the second place knows it
  std::uint64_t commits = 0;          // since the start
  std::uint64_t refused = 0;          // records that could not be written, since the start
  std::string trouble{};              // code of the last failure to write; empty after a success
  std::string reason{};               // its words
  std::string anchor_trouble{};       // the same of the second place: "access.anchor"
  std::string anchor_reason{};
};

// Owns the threads "access-signer" and, with an anchor folder, "access-anchor". Anchors that
// cannot be written hold up no record; the newest is written once it can be.
class AccessLog final : public AccessRecorder {
 public:
  // Finds the end of the chain, cuts off what a crash left behind it (never a record that was
  // acknowledged), and goes on. A full disk is no error here.
  //   access.in_use (fault)   another process writes this log
  //   access.damaged (fault)  the end is not what was written, or an anchor knows more than is
  //                           there: `certbridge access verify` says where
  //   access.key (fault)      signing_key or master_key has no 32 bytes or is no key
  //   access.failed (fault)   the folder cannot be used
  static Result<std::unique_ptr<AccessLog>> open(const AccessLogSettings& settings);
  ~AccessLog() override;
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  Result<AccessPlace> append(const AccessRecord& record) override;
  // Destroys the keys of everything personal that is recorded of this holder, so that nobody can
  // read it any more; the chain stays whole. `why` says who does it and for what purpose: a record
  // of kind kKeysDestroyed, which refers to the first record of him unless `why` refers to another,
  // is durable before the first key goes. Answers how many records there
  // were; a crash in between leaves keys, and it is to be done again. Reads the whole log.
  //   access.no_such_holder (permanent) no record is of this holder
  Result<std::uint64_t> destroy_personal(const std::string& holder, const AccessRecord& why);
  AccessFigures figures() const;
  // Writes what waits, signs it, anchors it if it can be, and ends both threads. Later records are
  // refused.
  void close();

 private:
  class Parts;
  explicit AccessLog(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace certbridge::host

// The host's ledger in one file: what was taken stays taken, also when the process is killed.
#pragma once

#include <string>
#include <vector>

#include "certbridge/endpoint.h"

namespace certbridge::testing {

// Answers like the host: by source key and content. Every message that is journalled for the first
// time is one line of the file. Every answer reads the file: for tests with few messages.
class LedgerReceiver final : public Receiver {
 public:
  explicit LedgerReceiver(std::string path) : path_(std::move(path)) {}
  std::vector<Acceptance> accept(std::vector<Message> messages) override;
  Result<void> settle(const Correlation&, const Outcome&) override { return {}; }
  void be_busy(int times) { busy_ = times; }
  // Source keys in the order in which they were taken.
  std::vector<std::string> taken() const;

 private:
  std::string path_;
  int busy_ = 0;
};

}  // namespace certbridge::testing

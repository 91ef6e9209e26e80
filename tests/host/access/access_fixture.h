// A log in a folder of its own, and records to put into it.
#pragma once

#include <gtest/gtest.h>
#include <atomic>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "access/records/access_log.h"
#include "access/records/access_reader.h"
#include "access/records/anchor_file.h"
#include "access/records/frame_reader.h"
#include "access/records/segment_folder.h"
#include "access/records/verify_log.h"
#include "access_sample.h"

namespace certbridge::host::access_test {

namespace files = std::filesystem;

// Moved by the test while the log's threads look at it.
class SetTime {
 public:
  SetTime& operator=(Timestamp time) {
    milliseconds_ = time.time_since_epoch().count();
    return *this;
  }
  SetTime& operator+=(std::chrono::milliseconds by) {
    milliseconds_ += by.count();
    return *this;
  }
  SetTime& operator-=(std::chrono::milliseconds by) { return *this += -by; }
  Timestamp get() const { return Timestamp(std::chrono::milliseconds(milliseconds_.load())); }

 private:
  std::atomic<std::int64_t> milliseconds_{1'795'852'800'000};  // 2026-11-28
};

class SetClock final : public Clock {
 public:
  Timestamp now() const override { return time.get(); }
  std::chrono::steady_clock::time_point steady() const override { return {}; }
  SetTime time{};
};

inline std::string bytes_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}
inline void write_bytes(const std::string& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

class AccessFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (files::temp_directory_path() / "certbridge-access-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    files::create_directory(folder_ + "/second");
    settings_.folder = folder_ + "/log";
    settings_.node = "test-1";
    settings_.anchor_folder = folder_ + "/second/test-1";
    settings_.signing_key = std::string(31, '\x21') + "k";
    settings_.master_key = std::string(32, 'm');
    settings_.clock = &clock_;
    settings_.room_bytes = 16 << 10;
  }
  void TearDown() override { files::remove_all(folder_); }

  std::unique_ptr<AccessLog> open() {
    auto log = AccessLog::open(settings_);
    EXPECT_TRUE(log.ok()) << log.error().code << ": " << log.error().message;
    return log.ok() ? std::move(log).value() : nullptr;
  }
  // One that was closed in good order, with so many records.
  void make_log(int count) {
    const auto log = open();
    for (int i = 0; i < count; ++i) ASSERT_TRUE(log->append(record_of(i)).ok());
    log->close();
  }

  // Made once: OpenSSL takes milliseconds to read a key.
  const std::vector<CheckingKey>& keys() {
    auto& keys = keys_[settings_.signing_key];
    if (keys.empty()) {
      keys.push_back(SignatureKey::from_bytes(settings_.signing_key).value().public_key());
    }
    return keys;
  }
  std::vector<std::string> anchors() const { return anchor_files(settings_.anchor_folder); }
  AccessVerification verify_without_anchors() {
    const auto verified = verify_access_log(settings_.folder, keys(), {});
    EXPECT_TRUE(verified.ok());
    return verified.ok() ? verified.value() : AccessVerification{};
  }
  AccessVerification verify() {
    const auto verified = verify_access_log(settings_.folder, keys(), anchors());
    EXPECT_TRUE(verified.ok());
    return verified.ok() ? verified.value() : AccessVerification{};
  }
  std::vector<ReadAccess> read() {
    std::vector<ReadAccess> records;
    const auto reader = AccessReader::open(settings_.folder, settings_.node, settings_.master_key);
    const auto each = reader.value()->each(1, [&](const ReadAccess& access) {
      records.push_back(access);
      return true;
    });
    EXPECT_TRUE(each.ok()) << each.error().message;
    return records;
  }
  std::string segment(const std::string& name) const {
    return SegmentFolder(settings_.folder).segment_file(name);
  }

  std::string folder_{};
  SetClock clock_{};
  AccessLogSettings settings_{};
  std::map<std::string, std::vector<CheckingKey>> keys_{};
};

}  // namespace certbridge::host::access_test

// A small package whose bytes a test may change.
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "archive/package_writer.h"
#include "archive/verify_package.h"

namespace certbridge::host::archive_test {

inline const SignatureKey& sealing_key() {
  static const SignatureKey kKey = SignatureKey::from_bytes(std::string(31, '\x21') + "k").value();
  return kKey;
}

inline PackageManifest sample_head() {
  PackageManifest head;
  head.subject = "20261124 000001";
  head.node = "centre-1";
  head.made = Timestamp(std::chrono::milliseconds(1'795'852'800'123));
  head.record = 4711;
  head.record_hash.fill(7);
  return head;
}

inline PackageWriter::Sink into(std::string& bytes) {
  return [&bytes](std::string_view piece) {
    bytes += piece;
    return Result<void>{};
  };
}

inline std::string sample_package() {
  std::string bytes;
  auto writer = PackageWriter::begin(sample_head(), sealing_key(), into(bytes));
  EXPECT_TRUE(writer.ok());
  EXPECT_TRUE(writer.value().add_text("case.json", "{\"case\":\"20261124000001\"}").ok());
  EXPECT_TRUE(writer.value().add_text("uses/4711/empty", "").ok());
  EXPECT_TRUE(writer.value().add_text("uses/4711/file.ofd", std::string(1024, 'f')).ok());
  EXPECT_TRUE(writer.value().finish().ok());
  return bytes;
}

inline PackageVerification verified(const std::string& bytes) {
  std::istringstream stream(bytes);
  return verify_package(stream, {sealing_key().public_key()});
}

}  // namespace certbridge::host::archive_test

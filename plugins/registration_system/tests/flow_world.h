// One registration system's tables on a real database, and this plugin's parts over them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "certbridge/certificate.h"
#include "certbridge/testing/fakes.h"
#include "outbox_source.h"
#include "queries.h"
#include "reader.h"
#include "statements.h"
#include "test_database.h"

namespace certbridge::registration::testing {

// Paths of a vendor's files, relative to the root of the sources. Another vendor is another set.
struct VendorFiles {
  std::string tables{};
  std::string rows{};
  std::string queries{};
  std::string results{};
  std::string outbox{};
  std::string mapping{};
};

VendorFiles intermediate_files();
VendorFiles vendor_a_files();
std::string read_source(const std::string& path);

// Holds the guide's case from the beginning. Members are used by tests directly.
struct FlowWorld {
  FlowWorld(sql::Backend backend, VendorFiles vendor);

  void run(const std::string& statement) { database_.run(statement); }
  std::string value(const std::string& statement) { return database_.value(statement); }
  Mapping mapping() const;
  // The outbox's first row as the host would have journalled it an hour ago.
  Message event();
  Result<std::vector<Message>> read(const Message& message);
  // The certificates that come of the case; fails the test when they do not.
  std::vector<Certificate> certificates();
  Result<Receipt> report(const Message& message);

  VendorFiles vendor_;
  sql::testing::TestDatabase database_;
  certbridge::testing::FakeClock clock_{};
  std::unique_ptr<sql::ConnectionPool> pool_{};
  std::unique_ptr<sql::QueriesResponder> records_{};
  std::unique_ptr<sql::StatementsSink> results_{};
  certbridge::testing::RecordingLogger logger_{};
  certbridge::testing::RecordingMetrics metrics_{};
  certbridge::testing::FakeMemory memory_{};
  certbridge::testing::FakeFacts facts_{};
  IssuerDirectory issuers_;
  SerialStrategy serial_ = SerialStrategy::kNumber;
  Call call_{};
};

}  // namespace certbridge::registration::testing

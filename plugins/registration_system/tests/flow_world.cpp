#include "flow_world.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "reporter.h"

namespace certbridge::registration::testing {
namespace {

// Keeps what is written, like the host's spool.
class MemoryWriter final : public ContentWriter {
 public:
  Result<void> write(std::span<const std::byte> bytes) override {
    bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  Result<StoredContent> finish() override {
    StoredContent stored;
    stored.size = bytes_.size();
    stored.content = content_of(std::move(bytes_));
    return stored;
  }

 private:
  std::string bytes_{};
};

}  // namespace

VendorFiles intermediate_files() {
  return {"config/registration/intermediate.sql",
          "docs/guides/registration-vendors.md",
          "config/registration/queries.xml",
          "config/registration/results.xml",
          "config/registration/outbox.xml",
          "plugins/registration_system/mapping/intermediate.xml"};
}

VendorFiles vendor_a_files() {
  const std::string folder = "plugins/registration_system/tests/vendor_a/";
  return {folder + "tables.sql",  folder + "rows.sql",   folder + "queries.xml",
          folder + "results.xml", folder + "outbox.xml", folder + "mapping.xml"};
}

std::string read_source(const std::string& path) {
  std::ifstream file(std::string(CERTBRIDGE_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

FlowWorld::FlowWorld(sql::Backend backend, VendorFiles vendor)
    : vendor_(std::move(vendor)),
      database_(backend, vendor_.tables),
      issuers_(parse_issuers(read_source("config/issuers.xml"), "issuers.xml").value()) {
  for (const std::string& statement : sql::testing::statements_of(vendor_.rows)) {
    if (statement.find("INSERT") != std::string::npos) run(statement);
  }
  pool_ = std::make_unique<sql::ConnectionPool>(database_.settings(), 2);
  sql::QueriesSettings queries{
      sql::parse_queries(read_source(vendor_.queries), vendor_.queries).value(), 1000};
  records_ = std::make_unique<sql::QueriesResponder>(std::move(queries), *pool_, clock_);
  results_ = std::make_unique<sql::StatementsSink>(
      sql::parse_statements(read_source(vendor_.results), vendor_.results).value(), *pool_, clock_);
  call_.step_key = "m1/read";
  call_.deadline = clock_.steady() + std::chrono::minutes(1);
}

Mapping FlowWorld::mapping() const {
  return parse_mapping(read_source(vendor_.mapping), vendor_.mapping).value();
}

Message FlowWorld::event() {
  sql::OutboxSettings outbox;
  outbox.outbox = sql::parse_outbox(read_source(vendor_.outbox), vendor_.outbox).value();
  outbox.connection = database_.settings();
  certbridge::testing::FakeReceiver receiver;
  sql::OutboxSource source(outbox, clock_, logger_, metrics_, {});
  EXPECT_EQ(source.poll_once(receiver).value(), 1U);
  Message message = receiver.accepted().at(0);
  message.id = "m1";
  message.created = clock_.now() - std::chrono::hours(1);
  return message;
}

Result<std::vector<Message>> FlowWorld::read(const Message& message) {
  Reader reader({mapping(), serial_}, *records_, memory_, facts_, issuers_, clock_,
                []() -> Result<std::unique_ptr<ContentWriter>> {
                  return std::unique_ptr<ContentWriter>(std::make_unique<MemoryWriter>());
                });
  return reader.process(message, call_);
}

std::vector<Certificate> FlowWorld::certificates() {
  auto made = read(event());
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  std::vector<Certificate> all;
  for (const Message& message : made ? made.value() : std::vector<Message>{})
    all.push_back(parse_certificate(read_all(*message.body, 100'000).value()).value());
  return all;
}

Result<Receipt> FlowWorld::report(const Message& message) {
  return Reporter(mapping(), *results_, "result", clock_).send(message, call_);
}

}  // namespace certbridge::registration::testing

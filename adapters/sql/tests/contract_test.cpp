// What every source, sink and responder owes its host, on a real SQLite file, plain and through
// the wire, with the library as it is shipped.
#include "certbridge/testing/contracts.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "certbridge/record.h"
#include "certbridge/testing/loaded_plugin.h"
#include "test_database.h"

namespace certbridge::sql::testing {
namespace {

using certbridge::testing::FakeContext;
using certbridge::testing::Options;
using certbridge::testing::Through;

const std::string kRoot = CERTBRIDGE_SOURCE_DIR;
const std::string kManifest = kRoot + "/adapters/sql/plugin.xml";
const std::string kFiles = kRoot + "/config/registration/";

class SqlContract : public ::testing::TestWithParam<Through> {
 protected:
  Options options(const std::string& file_option, const std::string& file) {
    return {{"backend", "sqlite3"},
            {"connection", database_.settings().connection},
            {file_option, kFiles + file}};
  }
  static Message records(const std::string& type, const std::string& set, const Record& row) {
    return certbridge::testing::message_of(type, kRecordsMediaType, write_records({{set, {row}}}));
  }

  TestDatabase database_{Backend::kSqlite};
  std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> plugin_ =
      certbridge::testing::load_plugin(SQL_LIBRARY);
};

TEST_P(SqlContract, StatementsKeepWhatASinkOwes) {
  FakeContext context(kManifest, "statements", options("statements", "results.xml"));
  Record row;
  for (const char* column : {"case_no", "cert_id", "cert_no", "identifier", "version", "file_sm3",
                             "library_id", "code", "sentence"}) {
    row.set(column, "1");
  }
  row.set("result_key", "k1");
  row.set("stage", "collected");
  row.set("happened_at", "2026-11-24 08:00:00");
  const auto rows = [this] {
    return std::stoi(database_.value("select cast(count(*) as text) from mw_cert_result"));
  };
  certbridge::testing::check_sink_contract({*plugin_, context, "statements"},
                                           records("result", "parameters", row), rows, GetParam());
  EXPECT_EQ(rows(), 1) << "of everything hostile nothing was written";
  context.expect_all_options_read();
}

TEST_P(SqlContract, QueriesKeepWhatAResponderOwes) {
  FakeContext context(kManifest, "queries", options("queries", "queries.xml"));
  Record parameters;
  parameters.set("case_no", "C1");
  certbridge::testing::check_responder_contract(
      {*plugin_, context, "queries"}, records("case", "parameters", parameters), GetParam());
  context.expect_all_options_read();
}

TEST_P(SqlContract, TheOutboxKeepsWhatASourceOwes) {
  Options given = options("envelope", "outbox.xml");
  given["poll"] = "5ms";
  FakeContext context(kManifest, "outbox", given);
  // The row may be tried again only after a pause of the clock that stands still by itself.
  std::jthread ticking;
  const auto provoke = [&] {
    database_.run(event_row(1, "C1", 1));
    ticking = std::jthread([&context](const std::stop_token& stop) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any pause;
      while (!stop.stop_requested()) {
        context.mutable_clock().advance(std::chrono::seconds(1));
        pause.wait_for(lock, stop, std::chrono::milliseconds(20), [] { return false; });
      }
    });
  };
  certbridge::testing::check_source_contract({*plugin_, context, "outbox"}, provoke, GetParam());
  EXPECT_EQ(database_.value("select cast(status as text) from mw_case_outbox"), "2");
  context.expect_all_options_read();
}

TEST_P(SqlContract, AKindThatIsNotMadeIsRefused) {
  FakeContext context(kManifest, "queries", options("queries", "queries.xml"));
  EXPECT_EQ(plugin_->make_sink("queries", context).error().code, "plugin.no_such_kind");
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, SqlContract,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::sql::testing

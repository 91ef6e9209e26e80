// What every processor and sink owes its host, plain and through the wire, with the library as it
// is shipped, over the guide's case on SQLite.
#include "certbridge/testing/contracts.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "certbridge/books.h"
#include "certbridge/query.h"
#include "certbridge/testing/loaded_plugin.h"
#include "flow_world.h"

namespace certbridge::registration {
namespace {

using certbridge::testing::check_processor_contract;
using certbridge::testing::check_responder_contract;
using certbridge::testing::check_sink_contract;
using certbridge::testing::FakeContext;
using certbridge::testing::KnownDelivery;
using certbridge::testing::Options;
using certbridge::testing::Through;

const std::string kPlugin = std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/registration_system/";

class RegistrationContract : public ::testing::TestWithParam<Through>, public testing::FlowWorld {
 protected:
  RegistrationContract() : FlowWorld(sql::Backend::kSqlite, testing::intermediate_files()) {}

  static Options mapping_file() { return {{"mapping", kPlugin + "mapping/intermediate.xml"}}; }
  FakeContext& with_records(FakeContext& context) {
    context.lend("records", *records_);
    context.set_issuers(issuers_);
    context.mutable_clock().set(clock_.now());
    return context;
  }

  std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> plugin_ =
      certbridge::testing::load_plugin(REGISTRATION_SYSTEM_LIBRARY);
};

TEST_P(RegistrationContract, TheReaderKeepsWhatAProcessorOwes) {
  for (const char* serial : {"number", "counter"}) {
    Options options = mapping_file();
    options["serial"] = serial;
    FakeContext context(kPlugin + "plugin.xml", "reader", options);
    Message good = event();
    run("UPDATE mw_case_outbox SET status = 0");
    check_processor_contract({*plugin_, with_records(context), "reader"}, good, GetParam());
    context.expect_all_options_read();
  }
}

TEST_P(RegistrationContract, TheRecheckKeepsWhatAProcessorOwes) {
  FakeContext context(kPlugin + "plugin.xml", "recheck", mapping_file());
  const Message good = read(event()).value().at(0);
  check_processor_contract({*plugin_, with_records(context), "recheck"}, good, GetParam());
  context.expect_all_options_read();
}

TEST_P(RegistrationContract, TheCompletenessCheckKeepsWhatAProcessorOwes) {
  FakeContext context(kPlugin + "plugin.xml", "completeness", mapping_file());
  KnownDelivery known;
  known.fact = {"m1/0",      "library", "certificate.issue",
                "delivered", "L1",      {{"certificate-id", "Z1"}}};
  known.order_keys = {{"case", "20261124000001"}};
  context.mutable_facts().add(known);
  check_processor_contract({*plugin_, with_records(context), "completeness"}, event(), GetParam());
  context.expect_all_options_read();
}

TEST_P(RegistrationContract, TheBooksKeepWhatAResponderOwes) {
  FakeContext context(kPlugin + "plugin.xml", "books", mapping_file());
  const Message good = write_books_question({std::chrono::year(2026) / 11 / 24, "", "", 500});
  check_responder_contract({*plugin_, with_records(context), "books"}, good, GetParam());
  context.expect_all_options_read();
}

TEST_P(RegistrationContract, TheCasesKeepWhatAResponderOwes) {
  Options options = mapping_file();
  for (const bool items : {false, true}) {
    if (items) options["items"] = std::string(CERTBRIDGE_SOURCE_DIR) + "/config/guide/items.xml";
    FakeContext context(kPlugin + "plugin.xml", "cases", options);
    Message good;
    good.type = kCaseQuestion;
    good.media_type = kQueryMediaType;
    good.body = content_of(write_case_question({"20261124000001", false}));
    check_responder_contract({*plugin_, with_records(context), "cases"}, good, GetParam());
    context.expect_all_options_read();
  }
}

TEST_P(RegistrationContract, AFileOfItemsThatIsNoneIsAFault) {
  Options options = mapping_file();
  options["items"] = kPlugin + "plugin.xml";
  FakeContext context(kPlugin + "plugin.xml", "cases", options);
  const auto made = plugin_->make_responder("cases", with_records(context));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "registration.items");
  EXPECT_EQ(made.error().severity, Severity::kFault);
}

TEST_P(RegistrationContract, AMappingWithoutCasesIsAFault) {
  std::string mapping = testing::read_source(testing::intermediate_files().mapping);
  const auto from = mapping.find("<cases");
  mapping.erase(from, mapping.find("</cases>") + 8 - from);
  const std::string path = ::testing::TempDir() + "certbridge-mapping-without-cases-" +
                           std::to_string(getpid()) + ".xml";
  std::ofstream(path) << mapping;
  FakeContext context(kPlugin + "plugin.xml", "cases", {{"mapping", path}});
  const auto made = plugin_->make_responder("cases", with_records(context));
  std::filesystem::remove(path);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "registration.mapping");
}

TEST_P(RegistrationContract, TheReporterKeepsWhatASinkOwes) {
  FakeContext context(kPlugin + "plugin.xml", "reporter", mapping_file());
  context.lend("results", *results_);
  Message good = read(event()).value().at(0);
  good.id = "m1/0";
  const auto rows = [&] {
    return std::stoi(value("SELECT CAST(count(*) AS TEXT) FROM mw_cert_result"));
  };
  check_sink_contract({*plugin_, context, "reporter"}, good, rows, GetParam());
  context.expect_all_options_read();
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, RegistrationContract,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::registration

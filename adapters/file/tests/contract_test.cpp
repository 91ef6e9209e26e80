// What every source, sink and responder owes its host, on a real folder, plain and through the
// wire, with the library as it is shipped.
#include "certbridge/testing/contracts.h"

#include <gtest/gtest.h>

#include "certbridge/testing/loaded_plugin.h"
#include "drop_folder.h"
#include "file_server.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::FakeContext;
using certbridge::testing::Options;
using certbridge::testing::Through;

const std::string kManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/file/plugin.xml";

class FileContract : public ::testing::TestWithParam<Through> {
 protected:
  Options options(Options more) {
    more.insert({"folder", drop_.path()});
    return more;
  }

  DropFolder drop_{};
  std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> plugin_ =
      certbridge::testing::load_plugin(FILE_LIBRARY);
};

TEST_P(FileContract, OutgoingKeepsWhatASinkOwes) {
  FakeContext context(kManifest, "outgoing", options({}));
  Message good = certbridge::testing::message_of("report", "application/xml", "<a/>");
  good.headers["file-name"] = "Biz1.xml";
  const auto files = [this] { return static_cast<int>(drop_.files_in("").size()); };
  certbridge::testing::check_sink_contract({*plugin_, context, "outgoing"}, good, files,
                                           GetParam());
  EXPECT_EQ(drop_.bytes_of("Biz1.xml"), "<a/>") << "nothing hostile took its place";
  context.expect_all_options_read();
}

TEST_P(FileContract, FetchKeepsWhatAResponderOwes) {
  drop_.put("Rep1.xml", "<a/>");
  FakeContext context(kManifest, "fetch", options({}));
  Message question;
  question.type = "file.fetch";
  question.headers["file-name"] = "Rep1.xml";
  certbridge::testing::check_responder_contract({*plugin_, context, "fetch"}, question, GetParam());
  context.expect_all_options_read();
}

TEST_P(FileContract, IncomingKeepsWhatASourceOwes) {
  FakeContext context(kManifest, "incoming", options({{"type", "report"}, {"poll", "5ms"}}));
  certbridge::testing::check_source_contract(
      {*plugin_, context, "incoming"}, [this] { drop_.put("a.xml", "<a/>"); }, GetParam());
  EXPECT_EQ(drop_.files_in("archive").size(), 1U);
  context.expect_all_options_read();
}

TEST_P(FileContract, AKindThatIsNotMadeIsRefused) {
  FakeContext context(kManifest, "fetch", options({}));
  EXPECT_EQ(plugin_->make_sink("fetch", context).error().code, "plugin.no_such_kind");
}

TEST_P(FileContract, FoldersThatAreOneAreRefused) {
  FakeContext context(kManifest, "incoming", options({{"type", "report"}, {"archive", "claimed"}}));
  const auto made = plugin_->make_source("incoming", context);
  EXPECT_EQ(made.error().code, "file.option");
  context.expect_declared(made.error());
}

TEST_P(FileContract, ParcelsKeepWhatASourceOwes) {
  FakeContext context(kManifest, "incoming",
                      options({{"type", "report"},
                               {"poll", "5ms"},
                               {"complete", "manifest"},
                               {"manifest-files", "4"},
                               {"order-name", "{key}"},
                               {"archive-days", "30"}}));
  certbridge::testing::check_source_contract(
      {*plugin_, context, "incoming"},
      [this] {
        drop_.put("a.xml", "<a/>");
        drop_.put("b.pdf", "b");
        drop_.put("case.sha256", sha256_line("a.xml", "<a/>") + sha256_line("b.pdf", "b"));
      },
      GetParam());
  EXPECT_EQ(drop_.files_in("archive").size(), 3U);
  context.expect_all_options_read();
}

TEST_P(FileContract, OptionsThatDoNotGoTogetherAreRefused) {
  for (const Options& wrong : {Options{{"type", "report"}, {"manifest-files", "2"}},
                               Options{{"type", "report"}, {"order-name", "a.xml"}}}) {
    FakeContext context(kManifest, "incoming", options(wrong));
    EXPECT_EQ(plugin_->make_source("incoming", context).error().code, "file.option");
  }
  FakeContext context(kManifest, "fetch", options({{"archive-days", "30"}}));
  EXPECT_EQ(plugin_->make_responder("fetch", context).error().code, "file.option");
}

// The same sink at real servers, reached as the options say.
class ContractAtServer : public ::testing::TestWithParam<ServerKind> {
 protected:
  static Options options_for(const ServerSettings& settings, const char* transport) {
    Options options{{"transport", transport},
                    {"folder", settings.folder},
                    {"host", settings.host},
                    {"port", std::to_string(settings.port)},
                    {"user", settings.user}};
    if (!settings.password.empty()) options["password"] = settings.password;
    if (!settings.host_key.empty()) options["host-key"] = settings.host_key;
    if (settings.private_key.empty()) return options;
    options["private-key"] = settings.private_key;
    options["private-key-passphrase"] = settings.passphrase;
    return options;
  }
  std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> plugin_ =
      certbridge::testing::load_plugin(FILE_LIBRARY);
};

TEST_P(ContractAtServer, OutgoingKeepsWhatASinkOwes) {
  FileServer server(GetParam());
  server.begin();
  const bool secure = is_secure(GetParam());
  const Options options = options_for(server.settings(), secure ? "sftp" : "ftp");
  FakeContext context(kManifest, "outgoing", options);
  Message good = certbridge::testing::message_of("report", "application/xml", "<a/>");
  good.headers["file-name"] = "Biz1.xml";
  const auto files = [&] {
    return static_cast<int>(server.folder().files_in(server.below("")).size());
  };
  certbridge::testing::check_sink_contract({*plugin_, context, "outgoing"}, good, files,
                                           Through::kPlain);
  EXPECT_EQ(server.folder().bytes_of(server.below("Biz1.xml")), "<a/>");
  for (const char* needed : {"host", "user", secure ? "host-key" : "password"}) {
    Options without = options;
    without.erase(needed);
    FakeContext lacking(kManifest, "outgoing", without);
    EXPECT_EQ(plugin_->make_sink("outgoing", lacking).error().code, "file.option") << needed;
  }
}

INSTANTIATE_TEST_SUITE_P(RealServers, ContractAtServer,
                         ::testing::Values(ServerKind::kSftp, ServerKind::kFtp,
                                           ServerKind::kSftpPassword,
                                           ServerKind::kSftpKeyThenPassword));

INSTANTIATE_TEST_SUITE_P(PlainAndWire, FileContract,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::file::testing

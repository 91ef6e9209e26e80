// The commands as a person calls them: what they write and how they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "journal/store.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kMasterKey =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "certbridge-cli-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    const fs::path tests = fs::path(CERTBRIDGE_SOURCE_DIR) / "tests/config";
    fs::copy(tests / "good", folder_ / "config", fs::copy_options::recursive);
    fs::copy(tests / "plugins", folder_ / "plugins", fs::copy_options::recursive);
    ::chmod((folder_ / "config/secrets.xml").c_str(), 0600);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::variant<Arguments, int> parse(std::vector<std::string> words) {
    words.insert(words.begin(), "certbridge");
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    return parse_arguments(static_cast<int>(pointers.size()), pointers.data());
  }
  // The arguments of a command line that must be right, with the test's configuration.
  Arguments arguments(std::vector<std::string> words) {
    words.insert(words.end(), {"--config", (folder_ / "config/certbridge.xml").string()});
    return std::get<Arguments>(parse(words));
  }
  void break_configuration() {
    std::ofstream(folder_ / "config/routes/30-broken.xml") << "<route/>";
  }

  fs::path folder_{};
  std::ostringstream written_{};
  std::ostringstream complained_{};
  Screen out_{written_, false};
  Screen problems_{complained_, false};
};

TEST_F(CommandLine, WrongUseIsToldApart) {
  EXPECT_EQ(std::get<int>(parse({})), kExitUsage);
  EXPECT_EQ(std::get<int>(parse({"chekc"})), kExitUsage);
  EXPECT_EQ(std::get<int>(parse({"check", "--colour"})), kExitUsage);
  EXPECT_EQ(std::get<int>(parse({"verify"})), kExitUsage);
  EXPECT_EQ(std::get<int>(parse({"check", "--set", "library"})), kExitUsage);
  EXPECT_EQ(std::get<int>(parse({"--version"})), kExitOk);
  EXPECT_EQ(std::get<int>(parse({"--help"})), kExitOk);
}

TEST_F(CommandLine, WrongUseIsToldWithWhatWasMeant) {
  const auto told = [this](std::vector<std::string> words) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(std::get<int>(parse(std::move(words))), kExitUsage);
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_EQ(told({"chekc"}),
            "certbridge: there is no command `chekc`; did you mean `check`?\n"
            "`certbridge --help` shows what there is.\n");
  EXPECT_THAT(told({"parked", "lst", "--json"}),
              HasSubstr("certbridge parked: there is no command `lst`; did you mean `list`?\n"));
  EXPECT_THAT(told({"replay"}), HasSubstr("certbridge replay: a command is missing: `preview`, "));
  EXPECT_THAT(told({"parked", "refetch", "m-0000000042"}),
              HasSubstr("certbridge parked refetch: --reason is required\n"
                        "`certbridge parked refetch --help` shows"));
}

TEST_F(CommandLine, HelpSaysOfEachCommandWhatItIsFor) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(std::get<int>(parse({"--help"})), kExitOk);
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_THAT(help, HasSubstr("\n  daily-logs                  the province's daily logs\n"));
  EXPECT_THAT(help, HasSubstr("\n  parked                      what waits for a person: "));
}

TEST_F(CommandLine, OverridesAreTakenApartAtTheFirstEqualsSign) {
  const Arguments given =
      arguments({"check", "--set", "library-http.base-url=http://127.0.0.1/?a=b.c"});
  ASSERT_EQ(given.configuration.overrides.size(), 1U);
  EXPECT_EQ(given.configuration.overrides[0].endpoint, "library-http");
  EXPECT_EQ(given.configuration.overrides[0].option, "base-url");
  EXPECT_EQ(given.configuration.overrides[0].value, "http://127.0.0.1/?a=b.c");
}

TEST_F(CommandLine, CheckTellsErrorsOfTheConfiguration) {
  break_configuration();
  EXPECT_EQ(check_command(arguments({"check"}), out_, problems_), kExitFindings);
  EXPECT_THAT(complained_.str(),
              HasSubstr("config/routes/30-broken.xml:1:7: <route>: this is not the root element"));
  EXPECT_THAT(complained_.str(), HasSubstr("1 error\n"));
}

TEST_F(CommandLine, CheckOpensTheLibrariesInUse) {
  EXPECT_EQ(check_command(arguments({"check"}), out_, problems_), kExitFindings);
  EXPECT_THAT(complained_.str(), HasSubstr("plugin office: the library office.so is missing in "));
  EXPECT_THAT(complained_.str(), Not(HasSubstr("plugin broken")));  // not in use
}

TEST_F(CommandLine, PluginsShowsVerdicts) {
  EXPECT_EQ(plugins_command(arguments({"plugins"}), out_), kExitFindings);
  EXPECT_THAT(written_.str(),
              HasSubstr("composer (processor), sealer (processor), gate (processor)"));
  EXPECT_THAT(written_.str(),
              HasSubstr("the manifest is broken: plugin.xml:1:133: <plugin>: attribute `version`"));
}

TEST_F(CommandLine, RunRefusesABrokenConfiguration) {
  break_configuration();
  EXPECT_EQ(run_command(arguments({"run"}), problems_), kExitConfiguration);
}

TEST_F(CommandLine, VerifyNeedsAFileAndAVerifier) {
  EXPECT_EQ(verify_command(arguments({"verify", "/nowhere.ofd"}), out_, problems_), kExitNotFound);
  const std::string file = (folder_ / "config/template.xml").string();
  EXPECT_EQ(verify_command(arguments({"verify", file}), out_, problems_), kExitConfiguration);
  EXPECT_THAT(
      complained_.str(),
      HasSubstr("the configuration has no endpoint of plugin `seal_service`, kind `verifier`"));
}

TEST_F(CommandLine, MessagesNeedAJournal) {
  EXPECT_EQ(messages_list_command(arguments({"messages", "list"}), out_, problems_), kExitJournal);
  EXPECT_EQ(
      messages_list_command(arguments({"messages", "list", "--state", "lost"}), out_, problems_),
      kExitUsage);
  EXPECT_THAT(complained_.str(),
              HasSubstr("in a state `lost`; states are `accepted`, `incomplete`, "));
}

class WithJournal : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    const SystemClock clock;
    StoreSettings settings;
    settings.folder = (folder_ / "config/data").string();
    const Sm3Digest key = parse_sm3_digest(kMasterKey).value();
    settings.master_key.assign(key.begin(), key.end());
    settings.master_key_id = "journal-master-key";
    settings.clock = &clock;
    auto store = open_sqlite_store(settings);
    ASSERT_TRUE(store.ok()) << store.error().message;
    const auto accepted = store.value()->accept("outbox", {event()});
    ASSERT_EQ(accepted.size(), 1U);
    ASSERT_EQ(accepted[0].verdict, Acceptance::Verdict::kAccepted) << accepted[0].message;
    id_ = accepted[0].id;
    store.value()->close();
  }
  static Message event() {
    Message message;
    message.type = "registration.event";
    message.source_key = "e-1";
    message.order_keys = {{"case", "202611230001"}};
    message.area = "411302";
    message.headers = {
        {"case-no", "202611230001"}, {"event-type", "SHANZHENG"}, {"holder", "Li Lei of Nanyang"}};
    message.media_type = "application/json";
    message.body = content_of("{\"holder\":\"Li Lei of Nanyang\"}");
    return message;
  }
  std::string id_{};
};

TEST_F(WithJournal, CaseShowsItOnOneScreenWithoutPersonalData) {
  EXPECT_EQ(case_command(arguments({"case", "202611230001"}), out_, problems_), kExitOk)
      << complained_.str();
  EXPECT_THAT(written_.str(),
              HasSubstr("case 202611230001, area 411302: 1 message, 0 deliveries\n"));
  EXPECT_THAT(written_.str(), HasSubstr(id_ + "  registration.event  accepted"));
  EXPECT_THAT(written_.str(), HasSubstr("SHANZHENG"));
  EXPECT_THAT(written_.str(), Not(HasSubstr("Li Lei")));
}

TEST_F(WithJournal, UnknownCaseAndMessageAreNotFound) {
  EXPECT_EQ(case_command(arguments({"case", "1"}), out_, problems_), kExitNotFound);
  EXPECT_EQ(messages_show_command(arguments({"messages", "show", "1"}), out_, problems_),
            kExitNotFound);
}

TEST_F(WithJournal, MessagesAreListedAndShown) {
  EXPECT_EQ(
      messages_list_command(arguments({"messages", "list", "--area", "411302"}), out_, problems_),
      kExitOk);
  EXPECT_THAT(written_.str(), HasSubstr(id_));
  EXPECT_EQ(messages_show_command(arguments({"messages", "show", id_}), out_, problems_), kExitOk);
  EXPECT_THAT(written_.str(), HasSubstr("event-type: SHANZHENG"));
  EXPECT_THAT(written_.str(), HasSubstr("holder: (hidden)"));
  EXPECT_THAT(written_.str(), Not(HasSubstr("Li Lei")));
}

TEST_F(WithJournal, AnotherMasterKeyOpensNothing) {
  std::ofstream(folder_ / "config/secrets.xml", std::ios::trunc)
      << "<secrets xmlns=\"urn:certbridge:secrets:1\"><secret name=\"journal-master-key\" value=\""
      << std::string(64, 'a')
      << "\"/><secret name=\"seal-passphrase\" value=\"a\"/><secret name=\"municipal-appkey\" "
         "value=\"b\"/><secret name=\"operator-key\" value=\""
      << std::string(64, 'c') << "\"/><secret name=\"access-signing-key\" value=\""
      << std::string(64, 'd') << "\"/><secret name=\"window-key\" value=\"" << std::string(64, 'e')
      << "\"/></secrets>";
  EXPECT_EQ(case_command(arguments({"case", "202611230001"}), out_, problems_), kExitJournal);
}

TEST(Screen, LinesUpColumnsWithIdeographs) {
  std::ostringstream text;
  Screen(text, false).table({{"a", "b"}, {"证桥", "x"}});
  EXPECT_EQ(text.str(), "a     b\n证桥  x\n");
}

TEST(Screen, PaintsOnlyWhenAllowed) {
  std::ostringstream plain, painted;
  Screen(plain, false).line("x", Tone::kBad);
  Screen(painted, true).line("x", Tone::kBad);
  EXPECT_EQ(plain.str(), "x\n");
  EXPECT_EQ(painted.str(), "\033[31mx\033[0m\n");
}

}  // namespace
}  // namespace certbridge::host

// Broken configurations, each a small change to a good one, with every message word for word.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/loader.h"

namespace certbridge::host {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// A folder of its own with a copy of the good configuration.
class Copy {
 public:
  Copy() {
    std::string pattern = (fs::temp_directory_path() / "certbridge-config-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    fs::copy(fs::path(CERTBRIDGE_SOURCE_DIR) / "tests/config/good", folder_ / "config",
             fs::copy_options::recursive);
    fs::copy(fs::path(CERTBRIDGE_SOURCE_DIR) / "tests/config/plugins", folder_ / "plugins",
             fs::copy_options::recursive);
    ::chmod((folder_ / "config/secrets.xml").c_str(), 0600);
    fs::create_directory(folder_ / "config/anchors");
    request_.file = (folder_ / "config/certbridge.xml").string();
    request_.plugin_folder = (folder_ / "plugins").string();
  }
  ~Copy() { fs::remove_all(folder_); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  // One line of case.txt.
  void apply(const std::string& line) {
    const auto colon = line.find(": ");
    ASSERT_NE(colon, std::string::npos) << line;
    const std::string key = line.substr(0, colon);
    const std::string value = line.substr(colon + 2);
    if (key == "file") file_ = folder_ / "config" / value;
    if (key == "replace") wanted_ = value;
    if (key == "with") replace(value);
    if (key == "append") std::ofstream(file_, std::ios::app) << value;
    if (key == "truncate") fs::resize_file(file_, std::stoul(value));
    if (key == "remove") fs::remove_all(folder_ / "config" / value);
    if (key == "copy") fs::copy_file(file_, folder_ / "config" / value);
    if (key == "mode") ::chmod(file_.c_str(), static_cast<mode_t>(std::stoul(value, nullptr, 8)));
    if (key == "set") set(value);
  }

  LoadedConfiguration load() const { return load_configuration(request_); }
  std::string messages() const {
    std::string text;
    for (const ConfigurationError& error : load().errors)
      text += without_folder(to_text(error)) + "\n";
    return text;
  }

 private:
  void replace(std::string value) {
    std::string text = text_of(file_);
    const auto at = text.find(wanted_);
    ASSERT_NE(at, std::string::npos) << "not in the good file: " << wanted_;
    for (std::size_t mark; (mark = value.find("\\n")) != std::string::npos;)
      value.replace(mark, 2, "\n");
    std::ofstream(file_, std::ios::trunc) << text.replace(at, wanted_.size(), value);
  }
  void set(const std::string& value) {
    const auto dot = value.find('.'), equals = value.find('=');
    request_.overrides.push_back(
        {value.substr(0, dot), value.substr(dot + 1, equals - dot - 1), value.substr(equals + 1)});
  }
  std::string without_folder(std::string text) const {
    const std::string prefix = folder_.string() + "/";
    for (std::size_t at; (at = text.find(prefix)) != std::string::npos;)
      text.erase(at, prefix.size());
    const std::string user = "chown " + std::to_string(::geteuid());
    if (const auto at = text.find(user); at != std::string::npos)
      text.replace(at, user.size(), "chown USER");
    return text;
  }

  fs::path folder_{};
  fs::path file_{};
  std::string wanted_{};
  LoadRequest request_{};
};

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::directory_iterator(fs::path(CERTBRIDGE_SOURCE_DIR) / "tests/config/broken")) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Corpus : public testing::TestWithParam<std::string> {};

TEST_P(Corpus, SaysExactlyThis) {
  const fs::path folder = fs::path(CERTBRIDGE_SOURCE_DIR) / "tests/config/broken" / GetParam();
  Copy copy;
  std::ifstream lines(folder / "case.txt");
  for (std::string line; std::getline(lines, line);) copy.apply(line);
  const std::string messages = copy.messages();
  EXPECT_FALSE(messages.empty());
  EXPECT_EQ(messages, text_of(folder / "expected.txt"));
}

INSTANTIATE_TEST_SUITE_P(Broken, Corpus, testing::ValuesIn(case_names()), [](const auto& broken) {
  std::string name = broken.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Corpus, IsLargeEnough) { EXPECT_GE(case_names().size(), 40U); }

const char* const kComparedLibrary = R"(<counterpart endpoint="library-http" of="library"/>)";

// The good configuration with lines to the province, and without comparing the library.
class UpwardLines : public testing::Test {
 protected:
  LoadedConfiguration load(const std::string& lines) {
    copy_.apply("file: certbridge.xml");
    copy_.apply(std::string("replace: ") + kComparedLibrary);
    copy_.apply("with: ");
    copy_.apply(R"(replace: <routes folder="routes"/>)");
    copy_.apply(R"(with: <upward>)" + lines + R"(</upward><routes folder="routes"/>)");
    EXPECT_EQ(copy_.messages(), "");
    return copy_.load();
  }
  static std::vector<std::string> endpoints_of(const Configuration& configuration) {
    std::vector<std::string> names;
    for (const EndpointConfig& one : configuration.endpoints) names.push_back(one.name);
    return names;
  }
  Copy copy_{};
};

TEST_F(UpwardLines, WhatIsOffIsNotThere) {
  const auto off = load(R"(<line name="sector" on="no" endpoint="library"/>)").configuration;
  // Each route delivers there, or reports that it did; what they process with goes as well. What is
  // lent to the library stays: <reconcile> asks it.
  EXPECT_TRUE(off.routes.empty());
  EXPECT_EQ(endpoints_of(off), std::vector<std::string>{"library-http"});
}

TEST_F(UpwardLines, WhatAnotherRouteUsesStays) {
  copy_.apply("file: routes/30-register.xml");
  copy_.apply(R"(replace: <deliver endpoint="library"/>)");
  copy_.apply(R"(with: <deliver endpoint="reporter"/>)");
  const auto one = load(R"(<line name="sector" on="no" endpoint="library"/>)").configuration;
  EXPECT_EQ(one.routes.size(), 1U);
  EXPECT_EQ(endpoints_of(one), (std::vector<std::string>{"library-http", "reporter"}));
}

TEST_F(UpwardLines, AllEndpointsOfALineAreOffWithIt) {
  const auto off =
      load(R"(<line name="sector" on="no" endpoint="reporter" also="library"/>)").configuration;
  EXPECT_TRUE(off.routes.empty());
  EXPECT_EQ(endpoints_of(off), std::vector<std::string>{"library-http"});
}

TEST_F(UpwardLines, WhatIsOnIsThereAndCompared) {
  const auto on = load(R"(<line name="sector" on="yes" endpoint="library" books="library-http"/>)")
                      .configuration;
  EXPECT_EQ(on.routes.size(), 3U);
  EXPECT_EQ(on.endpoints.size(), 8U);
  ASSERT_EQ(on.reconcile.counterparts.size(), 1U);
  EXPECT_EQ(on.reconcile.counterparts[0].shown(), "library");
  EXPECT_FALSE(on.reconcile.counterparts[0].only_compared);
}

TEST_F(UpwardLines, WhereTheCityForwardsItIsOnlyCompared) {
  const auto city =
      load(R"(<line name="city-forwards" on="yes" of="library" books="library-http"/>)")
          .configuration;
  ASSERT_EQ(city.reconcile.counterparts.size(), 1U);
  EXPECT_EQ(city.reconcile.counterparts[0].shown(), "city-forwards");
  EXPECT_EQ(city.reconcile.counterparts[0].deliveries, "library");
  EXPECT_TRUE(city.reconcile.counterparts[0].only_compared);
}

TEST(GoodConfiguration, IsTaken) {
  const Copy copy;
  const LoadedConfiguration loaded = copy.load();
  EXPECT_EQ(copy.messages(), "");
  EXPECT_EQ(loaded.configuration.endpoints.size(), 8U);
  EXPECT_EQ(loaded.configuration.routes.size(), 3U);
  EXPECT_EQ(loaded.configuration.issuers.all().size(), 1U);
  EXPECT_EQ(loaded.configuration.waiting_limit, std::chrono::minutes(30));
  EXPECT_EQ(loaded.configuration.routes[0].lane, "live");  // unless given
  EXPECT_EQ(loaded.configuration.routes[2].lane, "bulk");
  EXPECT_EQ(loaded.configuration.journal.retention, std::chrono::hours(24));
  EXPECT_EQ(loaded.configuration.journal.search_retention, std::chrono::hours(8760));
  const LifePolicy& life = loaded.configuration.life;
  EXPECT_TRUE(life.given);
  EXPECT_EQ(life.suspending("411300").size(), 4U);
  EXPECT_EQ(life.suspending("411302"), std::set<RestrictionKind>{RestrictionKind::kSeizure});
  EXPECT_TRUE(life.suspending("411303").empty());
}

TEST(GoodConfiguration, SaysWhereAccessesAreRecorded) {
  const AccessConfig access = Copy().load().configuration.access;
  EXPECT_TRUE(access.given);
  EXPECT_TRUE(access.folder.starts_with("/") && access.folder.ends_with("/config/access/test-1"));
  EXPECT_TRUE(access.anchor_folder.ends_with("/config/anchors/test-1"));
  EXPECT_EQ(access.key_secret, "access-signing-key");
  EXPECT_EQ(access.retention_years, 12);
}

TEST(GoodConfiguration, MayDoWithoutAccessRecords) {
  Copy copy;
  copy.apply("file: certbridge.xml");
  copy.apply(
      "replace: <access folder=\"access\" anchor=\"anchors\" key=\"access-signing-key\" "
      "retention=\"12y\"/><queries listen=\"127.0.0.1:0\" policy=\"access.xml\" "
      "callers=\"callers.xml\" routes=\"queries\"/>");
  copy.apply("with:  ");
  EXPECT_EQ(copy.messages(), "");
  EXPECT_FALSE(copy.load().configuration.access.given);
}

TEST(GoodConfiguration, SaysHowQueriesAreAnswered) {
  const QueriesConfig queries = Copy().load().configuration.queries;
  EXPECT_TRUE(queries.given);
  EXPECT_TRUE(queries.policy_file.starts_with("/") &&
              queries.policy_file.ends_with("/config/access.xml"));
  ASSERT_EQ(queries.routes.size(), 1U);
  const QueryRouteConfig& route = queries.routes[0];
  EXPECT_EQ(route.answers, (std::set<QueryKind>{QueryKind::kFind, QueryKind::kCompare}));
  EXPECT_EQ(route.case_endpoint, "library-http");
  EXPECT_EQ(route.case_timeout, std::chrono::seconds(1));
  EXPECT_EQ(route.budget, std::chrono::seconds(4));
  ASSERT_EQ(route.steps.size(), 2U);
  EXPECT_EQ(route.steps[0].sources[0].types, (std::set<std::string>{"A", "B"}));
  EXPECT_EQ(route.steps[0].hedge_after, std::chrono::milliseconds(300));
  ASSERT_EQ(route.steps[1].sources.size(), 2U);
  EXPECT_EQ(route.steps[1].sources[0].timeout, std::chrono::seconds(3));
  EXPECT_EQ(route.steps[1].sources[1].timeout, std::chrono::milliseconds(500));
}

TEST(GoodConfiguration, SaysWhoseBooksAreCompared) {
  const ReconcileConfig reconcile = Copy().load().configuration.reconcile;
  EXPECT_TRUE(reconcile.given && reconcile.scheduled);
  EXPECT_EQ(reconcile.registration, "library-http");
  ASSERT_EQ(reconcile.counterparts.size(), 1U);
  EXPECT_EQ(reconcile.counterparts[0].books, "library-http");
  EXPECT_EQ(reconcile.counterparts[0].deliveries, "library");
  EXPECT_EQ(reconcile.timeout, std::chrono::seconds(30));
  EXPECT_EQ(reconcile.calendar.hours.windows.at(0).from, 120);
  ASSERT_TRUE(reconcile.sweep);
  EXPECT_EQ(reconcile.sweep->older_than, std::chrono::hours(4));
  EXPECT_EQ(reconcile.sweep->every, std::chrono::minutes(10));
  EXPECT_EQ(reconcile.sweep->days, 5);
}

const OptionValue* option(const EndpointConfig& endpoint, const std::string& name) {
  for (const OptionValue& value : endpoint.options) {
    if (value.name == name) return &value;
  }
  return nullptr;
}

TEST(GoodConfiguration, OptionsAreNormalisedAndCompleted) {
  Copy copy;
  copy.apply("file: certbridge.xml");
  copy.apply("replace: <option name=\"retries\" value=\"3\"/>");
  copy.apply("with:  ");
  const LoadedConfiguration loaded = copy.load();
  ASSERT_TRUE(loaded.ok());
  const EndpointConfig& client = loaded.configuration.endpoints.at(1);
  EXPECT_EQ(option(client, "timeout")->value, "10000");
  EXPECT_EQ(option(client, "most")->value, "4000000");
  EXPECT_EQ(option(client, "verify")->value, "true");
  EXPECT_EQ(option(client, "retries")->value, "2");  // the default
  EXPECT_EQ(client.timeout, std::chrono::seconds(20));
  const std::string mapping = option(loaded.configuration.endpoints.at(2), "mapping")->value;
  EXPECT_TRUE(mapping.ends_with("/plugins/office/mapping.xml")) << mapping;
  EXPECT_EQ(option(loaded.configuration.endpoints.at(4), "passphrase")->value, "seal-passphrase");
}

TEST(GoodConfiguration, RouteTakesWhatTheManifestsSay) {
  const Copy copy;
  const LoadedConfiguration loaded = copy.load();
  ASSERT_TRUE(loaded.ok());
  const RouteConfig& route = loaded.configuration.routes.at(0);
  EXPECT_EQ(route.name, "issue");
  EXPECT_EQ(route.incomplete_limit, std::chrono::hours(24));
  ASSERT_EQ(route.steps.size(), 10U);
  EXPECT_EQ(route.steps[1].name, "read");
  EXPECT_EQ(route.steps[2].kind, StepKind::kTypeVersion);
  EXPECT_TRUE(route.steps[5].outside_effect);
  EXPECT_TRUE(route.steps[6].gives_verdict);
  EXPECT_EQ(route.steps[7].collected_by, "library");
  const Step& choose = route.steps[9];
  ASSERT_EQ(choose.branches.size(), 2U);
  EXPECT_TRUE(choose.branches[1].when.text.empty());
  const Step& library = choose.branches[1].steps[0];
  ASSERT_TRUE(library.retry.has_value());
  EXPECT_EQ(library.retry->most, std::chrono::minutes(5));
  EXPECT_EQ(choose.branches[1].steps[1].after, std::vector<std::string>{"library"});
}

TEST(GoodConfiguration, OverridesOfTheCommandLineGoFirst) {
  Copy copy;
  copy.apply("set: library-http.base-url=http://127.0.0.1:9");
  const LoadedConfiguration loaded = copy.load();
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(option(loaded.configuration.endpoints.at(1), "base-url")->value, "http://127.0.0.1:9");
}

TEST(GoodConfiguration, WrittenExceptionIsAWarning) {
  Copy copy;
  copy.apply("file: certbridge.xml");
  copy.apply("replace: environment=\"sandbox\"");
  copy.apply("with: environment=\"production\"");
  copy.apply("replace: <endpoint name=\"seal\" plugin=\"maker\" kind=\"sealer\">");
  copy.apply(
      "with: <endpoint name=\"seal\" plugin=\"maker\" kind=\"sealer\"><option "
      "name=\"production-exception\" "
      "value=\"tender of 2026, decided by the board\"/>");
  copy.apply("file: issuers.xml");
  copy.apply("replace: environment=\"sandbox\"");
  copy.apply("with: environment=\"production\"");
  const LoadedConfiguration loaded = copy.load();
  EXPECT_EQ(copy.messages(), "");
  ASSERT_EQ(loaded.configuration.warnings.size(), 1U);
  EXPECT_EQ(
      loaded.configuration.warnings[0],
      "endpoint `seal`: `maker` `sealer` is not safe in production, and runs under the written "
      "exception: tender of 2026, decided by the board");
}

TEST(SecondPlace, IsMissedBeforeTheStart) {
  Copy copy;
  copy.apply("remove: anchors");
  const LoadedConfiguration loaded = copy.load();
  EXPECT_EQ(copy.messages(), "");
  ASSERT_EQ(loaded.configuration.warnings.size(), 1U);
  EXPECT_NE(loaded.configuration.warnings[0].find("config/anchors, the second place of access"),
            std::string::npos)
      << loaded.configuration.warnings[0];
}

TEST(Secrets, EnvironmentGoesBeforeTheFile) {
  const Copy copy;
  ::setenv("CERTBRIDGE_SECRET_MUNICIPAL_APPKEY", "from the environment", 1);
  const LoadedConfiguration loaded = copy.load();
  EXPECT_EQ(loaded.secrets.value("municipal-appkey").value(), "from the environment");
  ::unsetenv("CERTBRIDGE_SECRET_MUNICIPAL_APPKEY");
  EXPECT_EQ(loaded.secrets.value("municipal-appkey").value(), "an appkey of the test");
}

}  // namespace
}  // namespace certbridge::host

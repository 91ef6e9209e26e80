// Secrets come from a file that is its owner's alone, or from the environment, and are never
// quoted.
#include "config/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace certbridge::host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class SecretsFile : public testing::Test {
 protected:
  SecretsFile() {
    std::string pattern = (fs::temp_directory_path() / "certbridge-secrets-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SecretsFile() override { fs::remove_all(folder_); }
  std::string path() const { return (folder_ / "secrets.xml").string(); }
  void write(const std::string& inside) const {
    std::ofstream(path(), std::ios::trunc)
        << "<secrets xmlns=\"urn:certbridge:secrets:1\">" << inside << "</secrets>";
    ::chmod(path().c_str(), 0600);
  }
  // Why the file is refused; empty when it is taken. A canary in it never shows.
  std::string refusal() const {
    const auto secrets = open_secrets(path());
    if (secrets.ok()) return {};
    EXPECT_EQ(secrets.error().code, "secret.file");
    EXPECT_THAT(secrets.error().message, Not(HasSubstr("canary")));
    return secrets.error().message;
  }
  fs::path folder_{};
};

constexpr const char* kGood = "<secret name=\"app-key\" value=\"canary-7\"/>";

TEST_F(SecretsFile, IsItsOwnersAlone) {
  write(kGood);
  for (const mode_t mode : {0600U, 0400U}) {
    ::chmod(path().c_str(), mode);
    EXPECT_EQ(refusal(), "") << mode;
  }
  for (const mode_t mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0601U, 0666U}) {
    ::chmod(path().c_str(), mode);
    EXPECT_THAT(refusal(), HasSubstr("others may read or write it (mode 0")) << mode;
    EXPECT_THAT(refusal(), HasSubstr("run: chmod 600 " + path())) << mode;
  }
}

TEST_F(SecretsFile, IsARegularFileOfBoundedSize) {
  EXPECT_THAT(refusal(), HasSubstr("it cannot be read: No such file or directory"));
  fs::create_directory(path());
  EXPECT_THAT(refusal(), HasSubstr("it is not a regular file"));
  fs::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_THAT(refusal(), HasSubstr("it is not a regular file")) << "and nobody waits for a writer";
  fs::remove(path());
  write("<!-- " + std::string(300'000, 'x') + " -->");
  EXPECT_THAT(refusal(), HasSubstr("it is larger than 256 kB"));
}

TEST_F(SecretsFile, OfAWrongContentOnlyThePlaceIsTold) {
  for (const char* inside : {"<secret name=\"app-key\" valeu=\"canary-7\"/>",
                             "<secret name=\"app-key\">canary-7</secret>", "<canary-7/>",
                             "<secret name=\"app-key\" value=\"canary-7\"",
                             "<secret name=\"Canary Key\" value=\"canary-7\"/>"}) {
    write(inside);
    EXPECT_NE(refusal(), "") << inside;
  }
  write(std::string(kGood) + kGood);
  EXPECT_THAT(refusal(), HasSubstr("the secret `app-key` stands in it twice"));
}

TEST_F(SecretsFile, TheEnvironmentGoesFirstAndIsNotEmpty) {
  write(kGood);
  const Secrets secrets = open_secrets(path()).value();
  EXPECT_EQ(secret_variable("app-key"), "CERTBRIDGE_SECRET_APP_KEY");
  EXPECT_EQ(secrets.value("app-key").value(), "canary-7");
  ::setenv("CERTBRIDGE_SECRET_APP_KEY", "from the environment", 1);
  EXPECT_EQ(secrets.value("app-key").value(), "from the environment");
  ::setenv("CERTBRIDGE_SECRET_APP_KEY", "", 1);
  EXPECT_EQ(secrets.value("app-key").error().code, "secret.empty");
  EXPECT_EQ(secrets.value("app-key").error().message,
            "CERTBRIDGE_SECRET_APP_KEY is set but empty; give it a value, or unset it");
  ::unsetenv("CERTBRIDGE_SECRET_APP_KEY");
  EXPECT_EQ(secrets.value("appkey").error().code, "secret.unknown");
  EXPECT_EQ(secrets.names(), std::vector<std::string>{"app-key"});
}

TEST(Secrets, WithoutAFileThereIsTheEnvironmentOnly) {
  const Secrets secrets = open_secrets("").value();
  ::setenv("CERTBRIDGE_SECRET_ONLY_HERE", "v", 1);
  EXPECT_EQ(secrets.value("only-here").value(), "v");
  ::unsetenv("CERTBRIDGE_SECRET_ONLY_HERE");
  EXPECT_EQ(secrets.value("only-here").error().code, "secret.unknown");
}

}  // namespace
}  // namespace certbridge::host

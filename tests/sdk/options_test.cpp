#include "certbridge/options.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace certbridge {
namespace {

// Texts by name; what is no number, and what is asked for and is not there, is an error.
class TextConfig final : public Config {
 public:
  explicit TextConfig(std::map<std::string, std::string, std::less<>> options)
      : options_(std::move(options)) {}
  bool has(std::string_view name) const override { return options_.contains(name); }
  Result<std::string> text(std::string_view name) const override {
    const auto found = options_.find(name);
    if (found == options_.end()) return Error::fault("config.missing", std::string(name));
    return found->second;
  }
  Result<std::int64_t> integer(std::string_view name) const override {
    auto given = text(name);
    if (!given) return given.error();
    if (given.value() == "seven") return std::int64_t{7};
    return Error::fault("config.value", std::string(name));
  }
  Result<bool> boolean(std::string_view name) const override { return text(name).value() == "yes"; }
  Result<std::chrono::milliseconds> duration(std::string_view name) const override {
    return std::chrono::milliseconds(integer(name).value());
  }
  Result<std::uint64_t> size(std::string_view name) const override {
    return static_cast<std::uint64_t>(integer(name).value());
  }
  Result<std::string> file(std::string_view name) const override { return text(name); }
  Result<std::string> secret(std::string_view name) const override { return text(name); }

 private:
  std::map<std::string, std::string, std::less<>> options_;
};

class OptionFileTest : public ::testing::Test {
 protected:
  ~OptionFileTest() override { std::filesystem::remove(path_); }
  Result<OptionFile> read(std::uint64_t most) const {
    return read_option_file(TextConfig({{"rules", path_.string()}}), "rules", most);
  }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("options_test." + std::to_string(getpid()));
};

TEST(Options, AreReadOneAfterTheOther) {
  const TextConfig config({{"name", "n"}, {"count", "seven"}, {"on", "yes"}});
  OptionReader options(config);
  EXPECT_EQ(options.text("name"), "n");
  EXPECT_EQ(options.secret("name"), "n");
  EXPECT_EQ(options.file("name"), "n");
  EXPECT_EQ(options.integer("count"), 7);
  EXPECT_EQ(options.size("count"), 7U);
  EXPECT_EQ(options.duration("count"), std::chrono::milliseconds(7));
  EXPECT_TRUE(options.boolean("on"));
  EXPECT_EQ(options.text("not-given"), "");
  EXPECT_TRUE(options.result().ok()) << "what is not given is no failure";
}

TEST(Options, TheFirstFailureIsKept) {
  const TextConfig config({{"count", "many"}, {"other", "few"}, {"name", "n"}});
  OptionReader options(config);
  EXPECT_EQ(options.integer("count"), 0);
  EXPECT_EQ(options.integer("other"), 0);
  EXPECT_EQ(options.text("name"), "") << "nothing is read after a failure";
  ASSERT_FALSE(options.result().ok());
  EXPECT_EQ(options.result().error().message, "count");
}

TEST_F(OptionFileTest, IsReadWhole) {
  write("");
  EXPECT_EQ(read(1).value().text, "");
  write("12345");
  const auto file = read(5);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value().text, "12345");
  EXPECT_EQ(file.value().path, path_);
}

TEST_F(OptionFileTest, HasALimitAndMustBeThere) {
  const auto absent = read(5);
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().code, "config.file");
  write("123456");
  const auto large = read(5);
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().message,
            "the file of the option rules, " + path_.string() + ", has more than 5 bytes");
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_FALSE(read(1'000'000).ok()) << "a folder is no file";
}

}  // namespace
}  // namespace certbridge

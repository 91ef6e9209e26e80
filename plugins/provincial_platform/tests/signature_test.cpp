// The signature, checked by the second implementation of the sandbox, and the numbers.
#include "exchange/signature.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "booking_samples.h"
#include "certbridge/testing/fakes.h"
#include "sandbox_server.h"
#include "submission/numbers.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;
namespace fs = std::filesystem;

constexpr const char* kNumber = "990101240318000001";

std::string sample_message() {
  const Profile profile = shipped_profile("v1");
  return Maker(profile, {}).make(write_records(sample_facts(profile, "2000402"))).value().text;
}

class JudgedFiles {
 public:
  JudgedFiles() { fs::create_directories(folder_); }
  ~JudgedFiles() { fs::remove_all(folder_); }
  void add(const std::string& name, const std::string& text) {
    messages_.push_back(write(name, text));
  }
  // Whether the second implementation finds form and signature of all messages right.
  bool judge(const std::string& generation, const TestKey& key) {
    std::vector<std::string> command{"province",     "verify",
                                     "--generation", generation,
                                     "--public-key", write("public.pem", key.public_pem)};
    command.insert(command.end(), messages_.begin(), messages_.end());
    return certbridge::testing::run_sandbox(command);
  }

 private:
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  fs::path folder_ = fs::temp_directory_path() / ("certbridge-judged-" + std::to_string(getpid()));
  std::vector<std::string> messages_{};
};

bool judged_by_sandbox(const std::string& message, const TestKey& key) {
  JudgedFiles files;
  files.add("message.xml", message);
  return files.judge("v1", key);
}

TEST(Signature, ASecondImplementationSeesAnotherKeyAndAChangedByte) {
  const TestKey key = make_key(1024);
  const auto bytes = sealed(sample_message(), kNumber, SigningKey::parse(key.pem, 1024).value());
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(judged_by_sandbox(bytes.value(), key));
  EXPECT_FALSE(judged_by_sandbox(bytes.value(), make_key(1024)));
  std::string changed = bytes.value();
  changed.replace(changed.find("样"), std::string("样").size(), "羊");
  EXPECT_FALSE(judged_by_sandbox(changed, key));
}

TEST(Signature, NumberAndSignatureAreWhereThePlatformLooksForThem) {
  const TestKey key = make_key(2048);
  const std::string message = sample_message();
  const auto bytes = sealed(message, kNumber, SigningKey::parse(key.base64, 1024).value());
  ASSERT_TRUE(bytes);
  const std::string mark = "<BizMsgID>" + std::string(kNumber) + "</BizMsgID>\r\n<DigitalSign>";
  const auto at = bytes.value().find(mark);
  ASSERT_NE(at, std::string::npos);
  const auto from = at + mark.size();
  const auto end = bytes.value().find("</DigitalSign>");
  EXPECT_EQ(end - from, 512);
  EXPECT_EQ(bytes.value().find_first_not_of("0123456789abcdef", from), end);
  std::string rest = bytes.value();
  rest.replace(at, end + std::string("</DigitalSign>").size() - at, "<BizMsgID></BizMsgID>");
  EXPECT_EQ(rest, message);
}

// Files that the openssl command signed (sign.sh beside them), with and without a line end behind
// the last element; the sandbox's tests check them too.
TEST(Signature, AFixedMessageHasTheBytesThatOpensslMade) {
  const std::string folder = "tests/sandbox/vectors/provincial-signature/";
  const SigningKey key = SigningKey::parse(source_text(folder + "test-key.pem"), 1024).value();
  for (const std::string name : {"message", "message-open-end"}) {
    const auto bytes = sealed(source_text(folder + name + ".xml"), "990101261128000001", key);
    ASSERT_TRUE(bytes) << name;
    EXPECT_EQ(bytes.value(), source_text(folder + name + "-signed.xml")) << name;
  }
}

TEST(Signature, TheNumberIsNotSigned) {
  const SigningKey key = SigningKey::parse(make_key(1024).pem, 1024).value();
  std::string one = sealed(sample_message(), kNumber, key).value();
  const std::string other = sealed(sample_message(), "990101240318000002", key).value();
  one.replace(one.find(kNumber), 18, "990101240318000002");
  EXPECT_EQ(one, other);
}

TEST(Signature, TheRunIsTakenFromTheFirstToTheLastMark) {
  EXPECT_EQ(signed_text("a<BizMsgID>1</BizMsgID>b</BizMsgID>c").value(), "a<BizMsgID></BizMsgID>c");
  EXPECT_FALSE(signed_text("a</BizMsgID><BizMsgID>"));
  EXPECT_FALSE(signed_text("nothing"));
}

TEST(Signature, KeysThatAreNoneAreRefusedWithoutTheirText) {
  const TestKey key = make_key(1024);
  for (const std::string& text : {std::string(), std::string("secret"), std::string(40'000, 'A'),
                                  key.pem.substr(0, 200), key.public_pem}) {
    const auto read = SigningKey::parse(text, 1024);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, "provincial.key");
    EXPECT_EQ(read.error().message.find("secret"), std::string::npos);
  }
  EXPECT_FALSE(SigningKey::parse(key.pem, 2048));
  EXPECT_TRUE(SigningKey::parse("  " + key.base64 + "\n", 1024));
}

TEST(Numbers, ADayTurnsAtMidnightOfPlusEight) {
  const Timestamp before = parse_message_time("2024-03-18T15:59:59Z").value();
  EXPECT_EQ(local_day(before), "240318");
  EXPECT_EQ(local_day(before + std::chrono::seconds(1)), "240319");
  EXPECT_EQ(next_local_day(before), before + std::chrono::seconds(1));
  EXPECT_EQ(number_text("990101", "240318", 999'999), "990101240318999999");
}

// A day that has used up its numbers but for the last.
class AlmostFullDay final : public Memory {
 public:
  Result<std::optional<std::string>> get(std::string_view step, const OrderKey& key,
                                         std::string_view name) override {
    return memory_.get(step, key, name);
  }
  Result<void> put(std::string_view step, const OrderKey& key, std::string_view name,
                   std::string_view value) override {
    return memory_.put(step, key, name, value);
  }
  Result<std::uint64_t> next(std::string_view step, std::string_view counter) override {
    const auto number = memory_.next(step, counter);
    if (!number) return number;
    return number.value() + (counter.ends_with("240318") ? 999'998 : 0);
  }
  Result<void> flush(std::string_view step) override { return memory_.flush(step); }

 private:
  certbridge::testing::FakeMemory memory_{};
};

TEST(Numbers, WhoeverMeetsAFullDayTakesANumberOfTheNext) {
  AlmostFullDay memory;
  const Timestamp evening = parse_message_time("2024-03-18T15:00:00Z").value();
  const Timestamp morning = evening + std::chrono::hours(2);
  EXPECT_EQ(next_number(memory, "m1", "990101", evening).value(), "990101240318999999");
  for (const char* step : {"m2", "m2", "m3"}) {
    const auto full = next_number(memory, step, "990101", evening);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, "provincial.numbers");
    EXPECT_EQ(full.error().severity, Severity::kRetryable);
    EXPECT_EQ(full.error().retry_after, std::chrono::hours(1));
  }
  EXPECT_EQ(next_number(memory, "m3", "990101", morning).value(), "990101240319000001");
  EXPECT_EQ(next_number(memory, "m2", "990101", morning).value(), "990101240319000002");
  EXPECT_EQ(next_number(memory, "m2", "990101", morning + std::chrono::hours(48)).value(),
            "990101240319000002");
  EXPECT_EQ(next_number(memory, "m1", "990101", morning).value(), "990101240318999999");
}

}  // namespace
}  // namespace certbridge::provincial_platform

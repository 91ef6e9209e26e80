// One long text out of a JSON answer, whatever way the bytes are cut.
#include "lifted_text.h"

#include <gtest/gtest.h>

#include "charset.h"

namespace certbridge::municipal_library {
namespace {

struct Lifted {
  std::string text{};
  std::string rest{};
  bool found = false;
};

Lifted lift(const std::string& body, Charset charset, std::size_t piece) {
  Lifted lifted;
  TextLifter lifter("content", "data", charset, [&](std::string_view part) -> Result<void> {
    lifted.text += part;
    return {};
  });
  for (std::size_t i = 0; i < body.size(); i += piece)
    EXPECT_TRUE(lifter.feed(std::string_view(body).substr(i, piece)));
  lifted.rest = lifter.rest();
  lifted.found = lifter.lifted();
  return lifted;
}

struct Sample {
  const char* body;
  const char* text;
  const char* rest;
};
const Sample kSamples[] = {
    {R"({"data":{"content":"UEs=","contentType":"base64"}})",
     "UEs=", R"({"data":{"content":"","contentType":"base64"}})"},
    {R"({"data":{"a":"content","content":"x"}})", "x", R"({"data":{"a":"content","content":""}})"},
    {R"({"content" : "a\/b\u003d\n\"\\"})", "a/b=\n\"\\", R"({"content" : ""})"},
    {R"({"x":"\"content\":\"no\"","content":"yes"})", "yes",
     R"({"x":"\"content\":\"no\"","content":""})"},
    {R"({"content":"one","content":"two"})", "one", R"({"content":"","content":"two"})"},
    {R"({"content":["one"],"b":{"content":"two"}})", "two",
     R"({"content":["one"],"b":{"content":""}})"},
    {R"({"content":null})", "", R"({"content":null})"},
    {R"({"data":"{\"content\":\"UE\\/s=\",\"k\":\"中\\u4e2d\\\"\"}","z":1})",
     "UE/s=", R"({"data":{"content":"","k":"中\u4e2d\""},"z":1})"},
    {R"({"data":"\u4e2d not JSON","content":"x"})", "x",
     R"({"data":"\u4e2d not JSON","content":""})"},
    {R"({"data":"","content":"x"})", "x", R"({"data":"","content":""})"},
    {R"({"data":"{\"content\":\"a\"}","content":"b"})", "a",
     R"({"data":{"content":""},"content":"b"})"},
    {R"({"content":"a","data":"{\"content\":\"b\"}"})", "a",
     R"({"content":"","data":"{\"content\":\"b\"}"})"}};

TEST(LiftedText, IsTakenOutHoweverTheBytesCome) {
  for (const Sample& sample : kSamples) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
      const Lifted lifted = lift(sample.body, Charset::kUtf8, piece);
      EXPECT_EQ(lifted.text, sample.text) << sample.body << " by " << piece;
      EXPECT_EQ(lifted.rest, sample.rest) << sample.body << " by " << piece;
    }
  }
  EXPECT_FALSE(lift(R"({"a":"b"})", Charset::kUtf8, 3).found);
}

// Second bytes of GB18030 may be a backslash: "誠" is BF 5C, "乗" 81 5C.
TEST(LiftedText, CharactersOfGb18030AreWhole) {
  const std::string utf8 = R"({"a":"乗","乗":"x","content":"UEs=","b":"誠\"𠮷","c":1})";
  const std::string bytes = from_utf8(utf8, Charset::kGb18030).value();
  for (const std::size_t piece : {1U, 2U, 5U, 1000U}) {
    const Lifted lifted = lift(bytes, Charset::kGb18030, piece);
    EXPECT_EQ(lifted.text, "UEs=");
    EXPECT_EQ(to_utf8(lifted.rest, Charset::kGb18030),
              R"({"a":"乗","乗":"x","content":"","b":"誠\"𠮷","c":1})");
  }
}

TEST(LiftedText, TheRestIsSmall) {
  TextLifter lifter("content", "data", Charset::kUtf8,
                    [](std::string_view) { return Result<void>(); });
  const std::string million(1'000'000, 'x');
  ASSERT_TRUE(lifter.feed("{\"content\":\""));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(lifter.feed(million));
  ASSERT_TRUE(lifter.feed("\",\"other\":\""));
  const auto too_large = lifter.feed(million);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code, "content.too_large");
}

TEST(LiftedText, WhoTakesMayRefuse) {
  TextLifter lifter("content", "", Charset::kUtf8, [](std::string_view) -> Result<void> {
    return Error::permanent("spool.full", "full");
  });
  EXPECT_EQ(lifter.feed(R"({"content":"x"})").error().code, "spool.full");
  EXPECT_EQ(lifter.feed("more").error().code, "spool.full");
}

}  // namespace
}  // namespace certbridge::municipal_library

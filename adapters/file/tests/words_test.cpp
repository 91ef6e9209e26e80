// Names, manifests, charsets, and the first names of many.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "charset.h"
#include "file_name.h"
#include "first_names.h"
#include "login_rest.h"
#include "manifest.h"
#include "name_pattern.h"

namespace certbridge::file::testing {
namespace {

const std::string kSha256(64, 'a');

std::string charset_of(Charset expected, const std::string& bytes, std::size_t piece) {
  CharsetCheck check(expected);
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    check.add(std::as_bytes(std::span(bytes).subspan(at, std::min(piece, bytes.size() - at))));
  auto found = check.finish();
  return found ? found.value() : found.error().message;
}

TEST(FileName, IsAsciiOrIsWrittenSo) {
  EXPECT_TRUE(check_name("Biz990101260214000123.xml"));
  EXPECT_EQ(escaped_name("a%b.xml"), "a%b.xml");
  EXPECT_EQ(escaped_name("\xE6\x88\xBF%.xml"), "%E6%88%BF%25.xml");
  EXPECT_EQ(escaped_name(".a"), "%2Ea");
  EXPECT_LE(escaped_name(std::string(300, '\xFF')).size(), 200U);
}

TEST(Manifest, IsALineOfADigestTool) {
  const auto digest = [](const std::string& text) {
    auto parsed = parse_manifest(text, "a b.xml", DigestKind::kSha256);
    return parsed ? parsed.value().digest : parsed.error().code;
  };
  EXPECT_EQ(digest(kSha256 + "  a b.xml\n"), kSha256);
  EXPECT_EQ(digest(kSha256 + " *a b.xml\r\n"), kSha256);
  EXPECT_EQ(digest("\xEF\xBB\xBF" + std::string(64, 'A')), kSha256);
  EXPECT_EQ(digest(" \n"), "") << "an empty manifest says that the file is whole";
  for (const std::string& wrong :
       {kSha256 + "  other.xml", kSha256.substr(1) + "  a b.xml",
        kSha256 + "  a b.xml\n" + kSha256 + "  c", std::string(64, 'g') + "  a b.xml",
        std::string(5000, ' '), std::string("a b.xml")}) {
    EXPECT_EQ(digest(wrong), "file.manifest") << wrong;
  }
}

TEST(FileList, IsALineForEachFile) {
  const auto names = [](const std::string& text, std::size_t most = 3) {
    auto parsed = parse_file_list(text, "case1", {DigestKind::kSha256, most, ".sha256"});
    if (!parsed) return parsed.error().code;
    std::string all;
    for (const ListedFile& file : parsed.value())
      all += file.name + (file.digest == kSha256 ? "+" : "-");
    return all;
  };
  const std::string a = kSha256 + "  a.xml\n";
  const std::string b = kSha256 + " *b.pdf";
  EXPECT_EQ(names(a + b), "a.xml+b.pdf+");
  EXPECT_EQ(names("\xEF\xBB\xBF" + b + "\r\n" + a + "\n"), "b.pdf+a.xml+");
  EXPECT_EQ(names(kSha256 + "\n"), "case1+");
  EXPECT_EQ(names(" \r\n"), "case1-");
  for (const std::string& wrong :
       {a + a, a + "\n" + b, a + kSha256, a + kSha256 + "  ../b", a + kSha256 + "  b.sha256",
        a + b + "\n" + kSha256 + "  c\n" + kSha256 + "  d", std::string(40'000, ' ')}) {
    EXPECT_EQ(names(wrong), "file.manifest") << wrong;
  }
  EXPECT_EQ(names(a + b, 1), "file.manifest");
}

TEST(NamePattern, SaysTheKey) {
  const auto key = [](const char* pattern, const char* name) {
    auto parsed = NamePattern::parse(pattern);
    EXPECT_TRUE(parsed) << pattern;
    return parsed.value().key_of(name).value_or("none");
  };
  EXPECT_EQ(key("Biz_{key}_*.xml", "Biz_411_2_7.xml"), "411");
  EXPECT_EQ(key("Biz_{key}_*.xml", "Biz_411_.xml"), "411");
  EXPECT_EQ(key("Biz_{key}_*.xml", "Biz__7_8.xml"), "_7");
  EXPECT_EQ(key("Biz_{key}_*.xml", "Biz_411.xml"), "none");
  EXPECT_EQ(key("??{key}", "abc"), "c");
  EXPECT_EQ(key("??{key}", "ab"), "none");
  EXPECT_EQ(key("*-{key}.xml", "a-b-c.xml"), "b-c");
  EXPECT_EQ(key("{key}.xml", "a.xml.xml"), "a.xml");
  EXPECT_EQ(key("{key}.xml", ".xml"), "none");
  EXPECT_EQ(key("{key}-x*x", "k-x"), "none") << "no character stands for two";
  for (const char* wrong :
       {"", "a.xml", "{key}{key}", "{key}*", "*{key}", "{key}_{key}", "a{b}{key}", "a/{key}"}) {
    EXPECT_EQ(NamePattern::parse(wrong).error().code, "file.option") << wrong;
  }
}

TEST(Charset, IsTheSameWhereverTheBytesAreCut) {
  const std::string utf8 = "\xE6\x88\xBF\xE4\xBA\xA7 abc \xF0\xA0\x80\x80";
  const std::string gbk = "\xB7\xBF\xB2\xFA abc";
  const std::string four_bytes = "\xB7\xBF\x82\x30\x89\x34 abc";  // a name's rare character
  for (std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{1000}}) {
    EXPECT_EQ(charset_of(Charset::kUtf8, utf8, piece), "utf-8");
    EXPECT_EQ(charset_of(Charset::kDetect, utf8, piece), "utf-8");
    EXPECT_EQ(charset_of(Charset::kGbk, gbk, piece), "gbk");
    EXPECT_EQ(charset_of(Charset::kDetect, gbk, piece), "gb18030");
    EXPECT_EQ(charset_of(Charset::kGb18030, four_bytes, piece), "gb18030");
    EXPECT_EQ(charset_of(Charset::kDetect, four_bytes, piece), "gb18030");
    EXPECT_EQ(charset_of(Charset::kGbk, four_bytes, piece), "byte 3 of the file is not GBK");
    EXPECT_EQ(charset_of(Charset::kUtf8, gbk, piece), "byte 1 of the file is not UTF-8");
    EXPECT_EQ(charset_of(Charset::kUtf8, "ab\xE6\x88", piece), "byte 3 of the file is not UTF-8");
    EXPECT_EQ(charset_of(Charset::kAny, "\xFF", piece), "");
  }
}

TEST(Charset, IsWhatMarkAndDeclarationSay) {
  const std::string declared = "<?xml version=\"1.0\" encoding='GB2312'?><a/>";
  EXPECT_EQ(charset_of(Charset::kDetect, declared, 99), "gb18030");
  EXPECT_EQ(charset_of(Charset::kGbk, declared, 99), "gbk");
  EXPECT_THAT(charset_of(Charset::kUtf8, declared, 99), ::testing::HasSubstr("declaration"));
  EXPECT_THAT(charset_of(Charset::kGbk, "<?xml version='1.0' encoding='UTF-8'?><a/>", 99),
              ::testing::HasSubstr("declaration"));
  EXPECT_EQ(charset_of(Charset::kUtf8, "\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?>", 99),
            "utf-8");
  EXPECT_THAT(charset_of(Charset::kUtf8, std::string("\xFF\xFE<\0", 4), 99),
              ::testing::HasSubstr("UTF-16"));
  EXPECT_NE(charset_of(Charset::kGbk, "\xEF\xBB\xBF<a/>", 99), "gbk");
}

TEST(LoginRest, GrowsWithEachRefusalAndEndsWithALogin) {
  using std::chrono::minutes;
  LoginRest rest;
  LoginRest::Time now{};
  EXPECT_FALSE(rest.refusal_at(now));
  for (const int expected : {1, 2, 4, 8, 15, 15}) {
    const Error said = rest.refused(Error::fault("file.login", "no"), now);
    EXPECT_EQ(said.retry_after, minutes(expected));
    EXPECT_THAT(said.message, ::testing::EndsWith(std::to_string(60 * expected) + " s"));
    now += minutes(expected) - std::chrono::seconds(1);
    EXPECT_EQ(rest.refusal_at(now)->retry_after, std::chrono::seconds(1));
    now += std::chrono::seconds(1);
    EXPECT_FALSE(rest.refusal_at(now));
  }
  rest.let_in();
  EXPECT_EQ(rest.refused(Error::fault("file.login", "no"), now).retry_after, minutes(1));
}

TEST(FirstNames, AreTheSmallestInOrder) {
  std::vector<std::string> all;
  for (int number = 1000; number < 3000; ++number) all.push_back(std::to_string(number));
  std::vector<std::string> expected(all.begin(), all.begin() + 100);
  std::shuffle(all.begin(), all.end(), std::mt19937(7));
  FirstNames first(100);
  for (const std::string& name : all) first.add(name);
  EXPECT_TRUE(first.cut());
  EXPECT_EQ(first.take(), expected);
}

}  // namespace
}  // namespace certbridge::file::testing

// Composed certificates: schema, determinism, never a character lost, look of the pages.
#include "compose.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "certbridge/xml.h"
#include "certbridge_ofd/structure.h"
#include "characters.h"
#include "faces.h"
#include "fields.h"
#include "samples.h"
#include "schema_check.h"

namespace certbridge::ofd_compose {
namespace {

constexpr const char* kFont = "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf";
constexpr const char* kFontDigest =
    "sha256:829543436cdf7b4c6730e2af5806fa406f8ddf0d4b656e0cd49c58d4db1c8d3c";

GlyphFont* test_font() {
  static const auto kOpened = GlyphFont::open(kFont, kFontDigest);
  EXPECT_TRUE(kOpened.ok()) << (kOpened ? "" : kOpened.error().message);
  return kOpened ? kOpened.value().get() : nullptr;
}

ComposeSettings with_font() { return {test_font(), MissingGlyph::kRefuse, true}; }

Plan sample_plan(int width, int height) {
  auto plan = read_plan(sample_png(width, height), "plan-1.png");
  EXPECT_TRUE(plan.ok());
  return plan ? plan.value() : Plan{};
}

std::size_t pages_of(const ofd::Package& package) {
  return ofd::read_structure(package).value().pages.size();
}

// Every face value stands in the objects of its field, whole and in order.
void expect_uncut(const Certificate& certificate, const ofd::Package& package) {
  auto faces = faces_of(package);
  for (const FaceItem& item : certificate.face) {
    EXPECT_EQ(to_utf8(faces[item.key]), to_utf8(comparable(to_code_points(item.value))))
        << item.key;
  }
  for (const char* field : {"CZZT", "KZ_BDCDYH", "ZZBH", "ZZBS", "ZZBFJG", "ZZBFRQ"}) {
    const std::u32string shown = to_code_points(shown_field(certificate, field));
    EXPECT_EQ(to_utf8(faces[field]), to_utf8(comparable(shown))) << field;
  }
}

TEST(Compose, EveryKindIsSchemaValid) {
  expect_schema_valid(composed(sample_title(), {sample_plan(800, 600)}, with_font()));
  expect_schema_valid(composed(sample_proof(), {}, with_font()));
  expect_schema_valid(composed(sample_crowded(), {}, with_font()));
}

TEST(Compose, EveryKindIsUncut) {
  for (const Certificate& certificate : {sample_title(), sample_proof(), sample_crowded()}) {
    expect_uncut(certificate, composed(certificate, {}, with_font()));
  }
}

TEST(Compose, TheSameInputGivesTheSameBytes) {
  const Certificate certificate = sample_crowded();
  const std::string record = write_certificate(certificate);
  const Template layout = load_template("title.xml");
  const auto first = compose(layout, certificate, record, {}, with_font());
  const auto second = compose(layout, certificate, record, {}, with_font());
  EXPECT_EQ(first.value().file, second.value().file);
}

TEST(Compose, AnotherIdentifierIsAnotherDocument) {
  Certificate other = sample_title();
  const std::string before = composed(other, {}, with_font()).find("OFD.xml")->bytes;
  other.identifier = sample_proof().identifier;
  EXPECT_NE(composed(other, {}, with_font()).find("OFD.xml")->bytes, before);
}

TEST(Compose, ShortValuesNeedNoContinuation) {
  EXPECT_EQ(pages_of(composed(sample_title(), {}, with_font())), 3u);
  EXPECT_EQ(pages_of(composed(sample_proof(), {}, with_font())), 1u);
}

TEST(Compose, LongNotesGoOnAndSayWhose) {
  const ofd::Package package = composed(sample_crowded(), {}, with_font());
  ASSERT_GT(pages_of(package), 3u);
  EXPECT_NE(page_text(package, 2).find("（转附页）"), std::string::npos);
  EXPECT_NE(page_text(package, 3).find("附记（续）"), std::string::npos);
}

TEST(Compose, RandomLongValuesAreNeverCut) {
  std::mt19937 random(7);
  const std::u32string letters =
      U"不动产权利其他状况（）《》，。；：、0123456789.ABC /㎡\n\U0002CC56宗地坐落共有";
  for (int round = 0; round < 60; ++round) {
    Certificate certificate = round % 2 == 0 ? sample_title() : sample_proof();
    for (FaceItem& item : certificate.face) {
      std::u32string text = U"首";
      const std::size_t size = random() % (round % 7 == 0 ? 6000 : 300);
      while (text.size() < size) text.push_back(letters[random() % letters.size()]);
      item.value = to_utf8(text);
    }
    const std::size_t holders = 1 + random() % 60;
    for (std::size_t i = 1; i < holders; ++i) {
      certificate.holders.push_back({"持有人" + std::to_string(i), sample_code(20), {}});
    }
    const ofd::Package package = composed(certificate, {}, with_font());
    expect_uncut(certificate, package);
    if (round % 10 == 0) expect_schema_valid(package);
  }
}

TEST(Compose, AFaceItemWithoutAPlaceIsShownAllTheSame) {
  Certificate certificate = sample_title();
  certificate.face.push_back({"KZ_ZDYXX", "约定：不得分割转让"});
  const ofd::Package package = composed(certificate, {}, with_font());
  expect_uncut(certificate, package);
  EXPECT_NE(page_text(package, 3).find("约定：不得分割转让"), std::string::npos);
}

TEST(Compose, LineEndsOfAnySystemAreLineEnds) {
  Certificate certificate = sample_title();
  certificate.face.back().value = "甲\r\n乙\r丙\n丁";
  EXPECT_EQ(shown_field(certificate, "KZ_FJ"), "甲\n乙\n丙\n丁");
  EXPECT_NE(page_text(composed(certificate, {}, with_font()), 2).find("甲\n乙\n丙\n丁\n"),
            std::string::npos);
}

TEST(Compose, ARareCharacterIsAnOutlineAndStaysInTheData) {
  const ofd::Package package = composed(sample_crowded(), {}, with_font());
  EXPECT_EQ(page_text(package, 1).find("\U0002CC56"), std::string::npos);
  EXPECT_NE(package.find("OFD.xml")->bytes.find("\U0002CC56"), std::string::npos);
  EXPECT_NE(package.find("Doc_0/Attachs/certificate.xml")->bytes.find("\U0002CC56"),
            std::string::npos);
  EXPECT_NE(
      package.find("Doc_0/Pages/Page_1/Content.xml")->bytes.find("Stroke=\"false\" Fill=\"true\""),
      std::string::npos);
}

TEST(Compose, ThePinnedFontKnowsTheExtensions) {
  for (const char32_t code :
       {char32_t{0x20bb7}, char32_t{0x2a6d6}, char32_t{0x2b5ef}, char32_t{0x2cc56}}) {
    EXPECT_TRUE(test_font()->outline(code, 4600, 4000).has_value()) << static_cast<unsigned>(code);
  }
}

TEST(Compose, ACharacterThatNoFontHasIsRefusedOrBoxed) {
  Certificate certificate = sample_title();
  certificate.holders.front().name = "测试\U0003FFFD";
  const Template layout = load_template("title.xml");
  const auto refused = compose(layout, certificate, "<r/>", {}, with_font());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "ofd_compose.no_glyph");
  EXPECT_NE(refused.error().message.find("U+3FFFD of the field CZZT"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(refused.error().message.find("测试"), std::string::npos) << "names are personal data";
  const auto without_font = compose(layout, sample_crowded(), "<r/>", {}, {});
  ASSERT_FALSE(without_font.ok());
  EXPECT_EQ(without_font.error().code, "ofd_compose.no_glyph");
  expect_uncut(certificate, composed(certificate, {}, {nullptr, MissingGlyph::kBox, true}));
}

TEST(Compose, EveryPageIsMarkedOutsideProduction) {
  const ofd::Package sample = composed(sample_crowded(), {sample_plan(10, 10)}, with_font());
  for (std::size_t page = 0; page < pages_of(sample); ++page) {
    EXPECT_NE(page_text(sample, static_cast<int>(page)).find("样　张"), std::string::npos) << page;
    const std::string& xml =
        sample.find("Doc_0/Pages/Page_" + std::to_string(page) + "/Content.xml")->bytes;
    EXPECT_EQ(xml.find("<ofd:ImageObject", xml.find("样　张")), std::string::npos)
        << "a picture on page " << page << " hides the mark";
  }
  ComposeSettings production = with_font();
  production.sample = false;
  const ofd::Package real = composed(sample_crowded(), {}, production);
  for (const ofd::Entry& entry : real.entries) {
    EXPECT_EQ(entry.bytes.find("样　张"), std::string::npos) << entry.name;
  }
}

TEST(Compose, MetadataCarryWhatLibrariesCompare) {
  const Certificate certificate = sample_title();
  const std::string xml = composed(certificate, {}, with_font()).find("OFD.xml")->bytes;
  for (const char* name : {"ZZBS", "ZZBH", "ZZLXDM", "ZZBFJGDM", "CZZT", "KZ_BDCDYH"}) {
    const std::string expected = std::string("<ofd:CustomData Name=\"") + name + "\">" +
                                 data_field(certificate, name) + "</ofd:CustomData>";
    EXPECT_NE(xml.find(expected), std::string::npos) << expected;
  }
}

TEST(Compose, TheRecordTravelsUnchanged) {
  const Certificate certificate = sample_title();
  EXPECT_EQ(composed(certificate, {}, with_font()).find("Doc_0/Attachs/certificate.xml")->bytes,
            write_certificate(certificate));
}

TEST(Compose, TheSealHasItsPlaceOnThePageWithTheDate) {
  const auto made = compose(load_template("title.xml"), sample_title(), "<r/>", {}, with_font());
  const ofd::Package package = ofd::read_package(made.value().file, {}).value();
  EXPECT_EQ(ofd::read_structure(package).value().pages[0].id,
            std::to_string(made.value().seal_page));
  EXPECT_NE(page_text(package, 0).find("2026年11月24日"), std::string::npos);
}

TEST(Compose, PlansKeepTheirProportions) {
  const ofd::Package package =
      composed(sample_title(), {sample_plan(400, 100), sample_plan(1, 1000)}, with_font());
  EXPECT_EQ(pages_of(package), 5u);
  EXPECT_NE(package.find("Doc_0/Pages/Page_3/Content.xml")->bytes.find("154 38.5"),
            std::string::npos);
  EXPECT_NE(package.find("Doc_0/Res/Image_1.png"), nullptr);
}

TEST(Compose, WhatIsNoPictureIsRefused) {
  for (const char* bytes : {"", "GIF89a", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xd9"}) {
    const auto plan = read_plan(bytes, "plan-1.png");
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.error().code, "ofd_compose.picture");
  }
}

TEST(Compose, APictureWithAnyByteDamagedOrCutOffIsRefused) {
  const std::string whole = sample_png(640, 480);
  ASSERT_TRUE(read_plan(whole, "plan-1.png").ok());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(read_plan(damaged, "plan-1.png").ok()) << "byte " << at;
    EXPECT_FALSE(read_plan(whole.substr(0, at), "plan-1.png").ok()) << "cut at " << at;
  }
  EXPECT_FALSE(read_plan(whole + "x", "plan-1.png").ok());
}

TEST(Compose, EndlessTextIsRefused) {
  Certificate certificate = sample_title();
  for (int i = 0; i < 300'000; ++i) certificate.face.back().value += "长";
  const auto made = compose(load_template("title.xml"), certificate, "<r/>", {}, with_font());
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, "ofd_compose.too_long");
}

TEST(Compose, EveryFileIsReachableAndIdsAreUnique) {
  const ofd::Package package = composed(sample_crowded(), {sample_plan(10, 10)}, with_font());
  auto reachable = ofd::reachable_files(package).value();
  EXPECT_EQ(reachable.size(), package.entries.size());
  std::set<std::string> ids;
  std::size_t count = 0;
  for (const ofd::Entry& entry : package.entries) {
    if (!entry.name.ends_with(".xml") || entry.name.find("Attachs/") != std::string::npos) continue;
    if (entry.name.find("Pages/") == std::string::npos && !entry.name.ends_with("Res.xml") &&
        entry.name.find("Tpls/") == std::string::npos && !entry.name.ends_with("Document.xml")) {
      continue;
    }
    for (std::size_t at = entry.bytes.find(" ID=\""); at != std::string::npos;
         at = entry.bytes.find(" ID=\"", at + 1)) {
      ids.insert(entry.bytes.substr(at + 5, entry.bytes.find('"', at + 5) - at - 5));
      ++count;
    }
  }
  EXPECT_EQ(ids.size(), count);
  EXPECT_FALSE(ids.contains("0"));
}

TEST(GlyphFont, AnotherFileThanThePinnedOneIsAFault) {
  const std::string wrong = "sha256:" + std::string(64, '0');
  EXPECT_EQ(GlyphFont::open(kFont, wrong).error().code, "ofd_compose.glyph_font_digest");
  EXPECT_EQ(GlyphFont::open(kFont, "md5:1").error().code, "ofd_compose.glyph_font");
  EXPECT_EQ(GlyphFont::open("/does/not/exist", wrong).error().code, "ofd_compose.glyph_font");
}

}  // namespace
}  // namespace certbridge::ofd_compose

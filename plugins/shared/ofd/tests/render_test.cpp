// Structure and pictures of documents made by anyone.
#include "certbridge_ofd/render.h"

#include <gtest/gtest.h>

#include "certbridge_ofd/document.h"
#include "certbridge_ofd/structure.h"
#include "render_values.h"

namespace certbridge::ofd {
namespace {

const std::string kPng("\x89PNG\r\n\x1a\n and so on");

Package pictured_sample() {
  DocumentWriter writer({std::string(32, 'a'), "标题", "", "", "2026-11-24", "test", "1", {}});
  const int font = writer.add_font("宋体", false);
  const int picture = writer.add_picture("PNG", kPng);
  const int layout = writer.add_layout(210'000, 297'000).id();
  Canvas& page = writer.add_page(210'000, 297'000, layout);
  page.text({{10'000, 20'000, 30'000, 7'000},
             font,
             5'000,
             {1, 2, 3},
             255,
             "甲<b>&",
             0,
             5'000,
             {5'000, 2'500, 2'500, 2'500},
             0});
  Outline line;
  line.move(0, 0);
  line.cubic(1, 2, 3, 4, 5, 6);
  line.close();
  page.stroke({0, 0, 10, 10}, line, {500, {}});
  page.image({0, 0, 30'000, 20'000}, picture);
  writer.attach({"record", "记录", "xml", "record.xml", "<r/>"});
  writer.tag("urn:x", "Root", {{"A", {{page.id(), 7}}}});
  return writer.finish();
}

std::string with_page(const std::string& objects) {
  Package package = pictured_sample();
  package.put(
      "Doc_0/Pages/Page_0/Content.xml",
      "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Content><ofd:Layer ID=\"9\">" +
          objects + "</ofd:Layer></ofd:Content></ofd:Page>");
  const auto picture = render_document(package, {});
  return picture ? picture.value() : "refused: " + picture.error().code;
}

TEST(Structure, ReachesEveryFileThatIsWritten) {
  const Package package = pictured_sample();
  EXPECT_EQ(reachable_files(package).value().size(), package.entries.size());
}

TEST(Structure, AMissingFileIsNamedAlsoWhenOnlyTheCaseDiffers) {
  Package package = pictured_sample();
  package.remove("Doc_0/Res/Image_0.png");
  EXPECT_EQ(reachable_files(package).error().code, "ofd.missing_file");
  package.put("Doc_0/RES/Image_0.png", kPng);
  const auto reachable = reachable_files(package);
  ASSERT_FALSE(reachable.ok());
  EXPECT_NE(reachable.error().message.find("spells it Doc_0/RES/Image_0.png"), std::string::npos);
}

TEST(Structure, LocationsThatLeaveThePackageAreRefused) {
  Package package = pictured_sample();
  std::string document = package.find("Doc_0/Document.xml")->bytes;
  document.replace(document.find("PublicRes.xml"), 13, "../../a/b.xml");
  package.put("Doc_0/Document.xml", document);
  EXPECT_EQ(reachable_files(package).error().code, "ofd.location");
  EXPECT_EQ(render_document(package, {}).error().code, "ofd.location");
}

TEST(Structure, ADocumentTypeOrBrokenXmlIsRefused) {
  for (const char* xml : {"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "<ofd:OFD", "", "<a/>"}) {
    Package package = pictured_sample();
    package.put("OFD.xml", xml);
    EXPECT_EQ(render_document(package, {}).error().code, "ofd.structure") << xml;
  }
}

TEST(Structure, AttachedXmlIsNotFollowed) {
  Package package = pictured_sample();
  package.put("Doc_0/Attachs/record.xml",
              "<r xmlns=\"urn:other\" about=\"ofdspec.org\"><DocRoot>nowhere.xml</DocRoot></r>");
  EXPECT_TRUE(reachable_files(package).ok());
}

TEST(Render, ShowsTextPathPictureAndSeal) {
  const Package package = pictured_sample();
  const std::string page = read_structure(package).value().pages.front().id;
  const std::string svg = render_document(package, {{page, "100 200 40 40", kPng}}).value();
  EXPECT_NE(svg.find("甲&lt;b&gt;&amp;"), std::string::npos);
  EXPECT_NE(svg.find("d=\"M0 0C0.001 0.002 0.003 0.004 0.005 0.006Z\""), std::string::npos);
  EXPECT_NE(svg.find("translate(100 200)"), std::string::npos);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
}

TEST(Render, ASealThatIsNoPictureIsLeftOut) {
  const Package package = pictured_sample();
  const std::string page = read_structure(package).value().pages.front().id;
  const std::string plain = render_document(package, {}).value();
  const std::string svg =
      render_document(package, {{page, "100 200 40 40", "<svg onload='x'/>"}}).value();
  EXPECT_EQ(svg.find("onload"), std::string::npos);
  EXPECT_EQ(render_document(package, {{page, "a b c d", kPng}}).value(), plain);
}

TEST(Render, HostileValuesAreLeftOut) {
  const std::string text = "<ofd:TextObject ID=\"1\" Boundary=\"0 0 9 9\" Font=\"1\" Size=\"5\">";
  EXPECT_EQ(with_page("<ofd:TextObject ID=\"1\" Boundary=\"0 0 nan 9\" Font=\"1\" "
                      "Size=\"5\"><ofd:TextCode X=\"0\" "
                      "Y=\"0\">hidden</ofd:TextCode></ofd:TextObject>")
                .find("hidden"),
            std::string::npos);
  EXPECT_EQ(with_page("<ofd:PathObject ID=\"1\" Boundary=\"0 0 9 9\"><ofd:AbbreviatedData>M 0 0 L "
                      "1e9 x\" onload=\"y"
                      "</ofd:AbbreviatedData></ofd:PathObject>")
                .find("<path"),
            std::string::npos);
  const std::string many = with_page(
      text +
      "<ofd:TextCode X=\"0\" Y=\"0\" DeltaX=\"g 999999999 1\">ab</ofd:TextCode></ofd:TextObject>");
  EXPECT_LT(many.size(), 5000u);
  EXPECT_NE(many.find(">ab</text>"), std::string::npos);
  const std::string quoted =
      with_page(text +
                "<ofd:FillColor Value='\"&gt;&lt;script&gt;'/><ofd:TextCode X=\"0\" "
                "Y=\"0\">&lt;script&gt;</ofd:TextCode></ofd:TextObject>");
  EXPECT_EQ(quoted.find("<script"), std::string::npos);
}

TEST(Render, TooManyObjectsAreRefused) {
  std::string objects;
  for (int i = 0; i < 200'002; ++i) objects += "<ofd:PathObject/>";
  EXPECT_EQ(with_page(objects), "refused: ofd.too_large");
}

TEST(RenderValues, NumbersAreNumbers) {
  EXPECT_EQ(parse_numbers("1 -2.5  3", 3), (std::vector<double>{1, -2.5, 3}));
  for (const char* text : {"nan", "inf", "1e3", "0x1", "1,5", "1 2 3 4", "99999999"}) {
    EXPECT_FALSE(parse_numbers(text, 3).has_value()) << text;
  }
  EXPECT_EQ(parse_advances("g 3 2 5"), (std::vector<double>{2, 2, 2, 5}));
  for (const char* text : {"g", "g 3", "g -1 2", "g 1.5 2", "g 100001 1", "g 99999 1 g 99999 1"}) {
    EXPECT_FALSE(parse_advances(text).has_value()) << text;
  }
  EXPECT_EQ(to_svg_path("M 1 2 Z 3"), "");
  EXPECT_EQ(base64("ab"), "YWI=");
  EXPECT_EQ(base64("abc"), "YWJj");
}

TEST(Writer, LengthsHaveNoTrailingZeros) {
  EXPECT_EQ(print_length(4230), "4.23");
  EXPECT_EQ(print_length(-5), "-0.005");
  EXPECT_EQ(print_length(12'000), "12");
  EXPECT_EQ(print_box({0, 1, -2'500, 30}), "0 0.001 -2.5 0.03");
}

}  // namespace
}  // namespace certbridge::ofd

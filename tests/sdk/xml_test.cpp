#include "certbridge/xml.h"

#include <gtest/gtest.h>

namespace certbridge {
namespace {

std::string code_of(std::string_view bytes) {
  const auto parsed = parse_xml(bytes, "f.xml", XmlLimits{});
  return parsed.ok() ? "accepted" : parsed.error().code;
}

TEST(Xml, PlaceAndText) {
  const auto root = parse_xml("<a>\n  <b c='d'>x&#10;y</b></a>", "f.xml", XmlLimits{});
  ASSERT_TRUE(root.ok());
  const XmlElement* child = root.value().child("b");
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(child->line, 2);
  EXPECT_EQ(child->text, "x\ny");
  EXPECT_EQ(child->attribute_or_empty("c"), "d");
}

TEST(Xml, ByteOrderMarkAndDeclaredCharacterSets) {
  EXPECT_EQ(code_of("\xef\xbb\xbf<a/>"), "accepted");
  const auto chinese = parse_xml(
      "<?xml version=\"1.0\" encoding=\"GB18030\"?><a>\xd6\xd0\xb9\xfa</a>", "f", XmlLimits{});
  ASSERT_TRUE(chinese.ok()) << chinese.error().message;
  EXPECT_EQ(chinese.value().text, "中国");
  const std::string wide("\xff\xfe<\0a\0/\0>\0", 10);
  EXPECT_EQ(code_of(wide), "accepted");
}

TEST(Xml, Gb18030WhereUtf8WasPromised) {
  EXPECT_EQ(code_of("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>\xd6\xd0\xb9\xfa</a>"),
            "xml.encoding");
  const auto parsed = parse_xml("<a>\xd6\xd0</a>", "f", XmlLimits{});
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().message.find("D6"), std::string::npos) << "quotes the bytes";
}

TEST(Xml, AnErrorRepeatsNoLongName) {
  const std::string name(2000, 'x');
  const auto parsed = parse_xml("<a " + name + ":query:b='1'/>", "f", XmlLimits{});
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, "xml.malformed");
  EXPECT_LT(parsed.error().message.size(), 200U);
}

TEST(Xml, NoDoctypeNoEntities) {
  EXPECT_EQ(code_of("<!DOCTYPE a><a/>"), "xml.dtd");
  EXPECT_EQ(code_of("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
            "xml.dtd");
  EXPECT_EQ(code_of("<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>"),
            "xml.dtd");
  EXPECT_NE(code_of("<a>&undefined;</a>"), "accepted");
  EXPECT_NE(code_of("<a b='&undefined;'/>"), "accepted");
}

TEST(Xml, PredefinedEntitiesAndReferencesSurvive) {
  const auto root =
      parse_xml("<a b='&lt;&amp;&#x20BB7;'>&gt;&quot;&apos;&amp;</a>", "f", XmlLimits{});
  ASSERT_TRUE(root.ok()) << root.error().message;
  EXPECT_EQ(root.value().attribute_or_empty("b"), "<&𠮷");
  EXPECT_EQ(root.value().text, ">\"'&");
}

TEST(Xml, Refusals) {
  for (const char* text :
       {"", "x", "<a>", "<a></b>", "<a/><b/>", "<a b='1' b='2'/>", "<a>\x01</a>"}) {
    EXPECT_NE(code_of(text), "accepted") << text;
  }
  EXPECT_EQ(code_of(std::string(40, '<') + "a"), "xml.malformed");
}

TEST(Xml, Limits) {
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "<a>";
  for (int i = 0; i < 40; ++i) deep += "</a>";
  EXPECT_EQ(code_of(deep), "xml.too_deep");
  EXPECT_EQ(parse_xml("<a><b/><b/></a>", "f", XmlLimits{100, 9, 2}).error().code, "xml.too_large");
  EXPECT_EQ(parse_xml("<a></a>", "f", XmlLimits{3, 9, 9}).error().code, "xml.too_large");
}

TEST(Xml, WritesWhatItReads) {
  const std::string text = "<a xmlns=\"u\" b=\"1&#10;2\">x&amp;𠮷<c/></a>";
  const auto root = parse_xml(text, "f", XmlLimits{});
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(write_xml(root.value()), text);
}

}  // namespace
}  // namespace certbridge

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

// Behind a comment everything is read by libxml2; without it, what has the form of write_xml() is
// read by a shorter way.
TEST(Xml, BothWaysOfReadingAnswerTheSame) {
  const std::string long_name(129, 'n');
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "<a>";
  for (int i = 0; i < 40; ++i) deep += "</a>";
  for (const std::string& document :
       {std::string("<a/>"),
        std::string("<a></a>"),
        std::string("<a b=\"c\"><d>中&#10;&amp;</d>x</a>"),
        std::string("<a xmlns=\"urn:x:1\"><b c=\"d\"/><b xmlns=\"urn:y\"><e/></b><f/></a>"),
        std::string("<a b=\"1\" b=\"2\"/>"),
        std::string("<a xmlns=\"urn:x\" xmlns=\"urn:y\"/>"),
        std::string("<a b='c'/>"),
        std::string("<a  b=\"c\"/>"),
        std::string("<a b=\"c\" />"),
        std::string("<a b=\"x\ny\"/>"),
        std::string("<a>x\r\ny</a>"),
        std::string("<a>]]></a>"),
        std::string("<a>></a>"),
        std::string("<a b=\">\"/>"),
        std::string("<a b=\"<\"/>"),
        std::string("<a>\"</a>"),
        std::string("<a>&nbsp;</a>"),
        std::string("<a>&#0;</a>"),
        std::string("<a>&#65;</a>"),
        std::string("<a>\xd6\xd0</a>"),
        std::string("<a>\xc2\x85</a>"),
        std::string("<a>\x7f</a>"),
        std::string("<a>\xef\xbf\xbf</a>"),
        std::string("<a>\x01</a>"),
        std::string("<a><b></a></b>"),
        std::string("<a></ab>"),
        std::string("<a/><a/>"),
        std::string("<a/> "),
        std::string("<a>"),
        std::string("<a"),
        std::string("<"),
        std::string("<a b=\"c\"d=\"e\"/>"),
        std::string("<a b=\"\"/>"),
        std::string("<a b/>"),
        std::string("<1a/>"),
        std::string("<a:b/>"),
        std::string("<a xmlns=\"\"/>"),
        std::string("<a xmlns=\"http://www.w3.org/XML/1998/namespace\"/>"),
        std::string("<a xmlns=\"no uri\"/>"),
        "<" + long_name + "/>",
        "<a " + long_name + "=\"\"/>",
        deep,
        std::string("<a><![CDATA[x]]></a>"),
        std::string("<a><!--x--></a>"),
        std::string("<a><?x y?></a>"),
        std::string("<a>x<b/>y<b>z</b></a>")}) {
    const XmlLimits limits{2000, 32, 10};
    const auto one = parse_xml(document, "f", limits);
    const auto other = parse_xml("<!---->" + document, "f", limits);
    ASSERT_EQ(one.ok(), other.ok()) << document;
    if (!one) {
      EXPECT_EQ(one.error().code, other.error().code) << document;
      continue;
    }
    EXPECT_EQ(write_xml(one.value()), write_xml(other.value())) << document;
    if (document.find('\n') == std::string::npos) {
      EXPECT_EQ(one.value().column + 7, other.value().column) << document;
    }
    EXPECT_EQ(one.value().line, other.value().line) << document;
  }
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

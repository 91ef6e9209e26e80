// A layer above every page of a document made by anyone.
#include "certbridge_ofd/overlay.h"

#include <gtest/gtest.h>

#include <set>

#include "certbridge/xml.h"
#include "certbridge_ofd/document.h"
#include "certbridge_ofd/render.h"
#include "certbridge_ofd/structure.h"

namespace certbridge::ofd {
namespace {

void write_line(Canvas& canvas, int font, const std::string& text) {
  canvas.text({{0, 0, canvas.width(), 10'000}, font, 5'000, {}, 255, text, 0, 5'000, {}, 0});
}

Package original_of(int pages) {
  DocumentWriter writer(
      {std::string(32, 'a'), "标题", "", "", "2026-11-24", "test", "1", {{"ZZBH", "N1"}}});
  const int font = writer.add_font("宋体", false);
  for (int i = 0; i < pages; ++i) {
    write_line(writer.add_page(210'000, 297'000, 0), font, "original");
  }
  writer.attach({"record", "记录", "xml", "record.xml", "<r/>"});
  writer.tag("urn:x", "Root", {{"A", {{2, 3}}}});
  return writer.finish();
}

Overlay overlay() {
  Overlay it;
  it.id = std::string(32, 'b');
  it.modified = "2026-11-28";
  it.font = "宋体";
  it.custom_data = {{"ZZBH", "N2"}, {"JZJZZSY", "a & b"}};
  it.draw = [](Canvas& canvas, int font) { write_line(canvas, font, "above"); };
  return it;
}

XmlElement part(const Package& package, const std::string& name) {
  const Entry* entry = package.find(name);
  EXPECT_NE(entry, nullptr) << name;
  return entry == nullptr ? XmlElement{} : parse_xml(entry->bytes, name, {}).value();
}

void collect_ids(const XmlElement& element, std::multiset<std::string>& ids) {
  if (const XmlAttribute* id = element.attribute("ID")) ids.insert(id->value);
  for (const XmlElement& child : element.children) collect_ids(child, ids);
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++found;
  }
  return found;
}

TEST(Overlay, LiesAboveEveryPage) {
  const auto made = overlaid(original_of(3), overlay());
  ASSERT_TRUE(made.ok()) << made.error().message;
  const std::string picture = render_document(made.value(), {}).value();
  EXPECT_EQ(count(picture, "original"), 3u);
  EXPECT_EQ(count(picture, "above"), 3u);
  EXPECT_LT(picture.find("original"), picture.find("above"));
  const XmlElement page = part(made.value(), "Doc_0/Pages/Page_2/Content.xml");
  const auto layers = page.child("Content")->children_named("Layer");
  ASSERT_EQ(layers.size(), 2u);
  EXPECT_EQ(layers.back()->attribute_or_empty("Type"), "Foreground");
}

TEST(Overlay, IdsStayUniqueAndBelowTheLargest) {
  Package original = original_of(2);
  const Package made = overlaid(original, overlay()).value();
  std::multiset<std::string> ids;
  for (const Entry& entry : made.entries) {
    const bool tags = entry.name.find("Tags/") != std::string::npos;
    if (!tags && entry.name != "OFD.xml") collect_ids(part(made, entry.name), ids);
  }
  EXPECT_GT(ids.size(), 8u);
  const auto largest =
      std::stoul(part(made, "Doc_0/Document.xml").child("CommonData")->child("MaxUnitID")->text);
  for (const std::string& id : ids) {
    EXPECT_EQ(ids.count(id), 1u) << id;
    EXPECT_LE(std::stoul(id), largest);
  }
}

TEST(Overlay, WhatTravelsBesideThePagesStaysBehind) {
  Package original = original_of(1);
  std::string root = original.find("OFD.xml")->bytes;
  root.insert(root.find("</ofd:DocBody>"),
              "<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>");
  original.put("OFD.xml", root);
  original.put("Doc_0/Signs/Signatures.xml",
               "<ofd:Signatures xmlns:ofd=\"http://www.ofdspec.org/2016\"/>");
  original.put("nobody.txt", "belongs to nothing");
  const Package made = overlaid(original, overlay()).value();
  for (const Entry& entry : made.entries) {
    EXPECT_EQ(entry.name.find("Signs"), std::string::npos);
    EXPECT_EQ(entry.name.find("Attachs"), std::string::npos);
    EXPECT_NE(entry.name, "nobody.txt");
    EXPECT_EQ(entry.bytes.find("Signatures"), std::string::npos);
  }
  EXPECT_NE(made.find("Doc_0/Tags/CustomTag.xml"), nullptr) << "it says where fields are shown";
  EXPECT_EQ(reachable_files(made).value().size(), made.entries.size());
}

TEST(Overlay, SaysAnewWhatTheDocumentIs) {
  const Package made = overlaid(original_of(1), overlay()).value();
  const XmlElement root = part(made, "OFD.xml");
  const XmlElement& info = *root.child("DocBody")->child("DocInfo");
  EXPECT_EQ(info.child("DocID")->text, std::string(32, 'b'));
  EXPECT_EQ(info.child("ModDate")->text, "2026-11-28");
  EXPECT_EQ(info.child("Title")->text, "标题");
  const auto data = info.child("CustomDatas")->children_named("CustomData");
  ASSERT_EQ(data.size(), 2u);
  EXPECT_EQ(data[0]->text, "N2") << "in the place of the one of that name";
  EXPECT_EQ(data[1]->text, "a & b");
}

TEST(Overlay, CanLieAboveAnother) {
  const Package once = overlaid(original_of(1), overlay()).value();
  const Package twice = overlaid(once, overlay()).value();
  EXPECT_EQ(count(render_document(twice, {}).value(), "above"), 2u);
  EXPECT_NE(twice.find("Doc_0/OverlayRes_2.xml"), nullptr);
}

TEST(Overlay, TakesOldNamespacesAndPagesWithoutContent) {
  Package original = original_of(1);
  original.put("Doc_0/Pages/Page_0/Content.xml",
               "<Page xmlns=\"http://www.ofdspec.org\"><Area><PhysicalBox>0 0 50 40</PhysicalBox>"
               "</Area><Actions/></Page>");
  const Package made = overlaid(original, overlay()).value();
  const std::string page = made.find("Doc_0/Pages/Page_0/Content.xml")->bytes;
  EXPECT_LT(page.find("<ofd:Content>"), page.find("<ofd:Actions"));
  EXPECT_NE(page.find("0 0 50 10"), std::string::npos) << "as wide as the page: " << page;
}

TEST(Overlay, RefusesWhatDoesNotHoldTogether) {
  const auto code_of = [](const std::string& name, const std::string& bytes) {
    Package original = original_of(1);
    original.put(name, bytes);
    const auto made = overlaid(original, overlay());
    return made ? std::string("made") : made.error().code;
  };
  EXPECT_EQ(code_of("OFD.xml", "no XML"), "ofd.structure");
  EXPECT_EQ(code_of("Doc_0/Pages/Page_0/Content.xml", "<Page"), "ofd.structure");
  EXPECT_EQ(code_of("Doc_0/Pages/Page_0/Content.xml",
                    "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\" ID=\"2000000000\"/>"),
            "ofd.structure");
  Package incomplete = original_of(1);
  incomplete.remove("Doc_0/PublicRes.xml");
  EXPECT_EQ(overlaid(incomplete, overlay()).error().code, "ofd.missing_file");
}

}  // namespace
}  // namespace certbridge::ofd

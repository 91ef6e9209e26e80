#include "certbridge/items.h"

#include <gtest/gtest.h>

namespace certbridge {
namespace {

constexpr const char* kIdCard = "11100000000013127D001";

Result<ItemDirectory> parse(const std::string& inside) {
  return parse_items("<items xmlns=\"urn:certbridge:items:1\">" + inside + "</items>", "items.xml");
}
std::string refusal_of(const std::string& inside) {
  const auto items = parse(inside);
  return items.ok() ? "accepted" : items.error().code;
}
std::string item(const std::string& inside) {
  return "<item code=\"T1\" name=\"转移登记\">" + inside + "</item>";
}
std::string material(const std::string& attributes) { return "<material " + attributes + "/>"; }
const std::string kCard =
    material("name=\"居民身份证\" type=\"" + std::string(kIdCard) + "\" electronic=\"yes\"");

TEST(Items, AnItemSaysWhatIsHandedIn) {
  const auto items = parse(item(kCard + material("name=\"申请书\" electronic=\"no\"")));
  ASSERT_TRUE(items.ok()) << items.error().message;
  const ServiceItem* one = items.value().by_code("T1");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->name, "转移登记");
  EXPECT_EQ(one->materials,
            (std::vector<ItemMaterial>{{"居民身份证", kIdCard, true}, {"申请书", "", false}}));
  EXPECT_EQ(one->material_types(), std::vector<std::string>{kIdCard});
  EXPECT_EQ(items.value().by_code("T2"), nullptr);
}

TEST(Items, Refusals) {
  EXPECT_EQ(refusal_of(""), "accepted");
  EXPECT_EQ(refusal_of("<item code=\"1\"/>"), "items.shape");
  EXPECT_EQ(refusal_of("<item code=\"1\" name=\"a\" area=\"b\"/>"), "items.shape");
  EXPECT_EQ(refusal_of("<item code=\"\" name=\"a\"/>"), "items.shape");
  EXPECT_EQ(refusal_of("<thing/>"), "items.shape");
  EXPECT_EQ(refusal_of(item("") + item("")), "items.duplicate");
  EXPECT_EQ(refusal_of(item(kCard + kCard)), "items.duplicate");
  EXPECT_EQ(refusal_of(item(material("name=\"a\" electronic=\"no\"") +
                            material("name=\"a\" electronic=\"no\""))),
            "items.duplicate");
  EXPECT_EQ(refusal_of(item(material("name=\"a\""))), "items.shape");
  EXPECT_EQ(refusal_of(item(material("name=\"a\" electronic=\"maybe\""))), "items.shape");
  EXPECT_EQ(refusal_of(item(material("name=\"a\" electronic=\"yes\""))), "items.shape");
  EXPECT_EQ(refusal_of(item(material("name=\"a\" electronic=\"no\" type=\"12\""))), "items.type");
  EXPECT_EQ(refusal_of(item("<material name=\"a\" electronic=\"no\"><x/></material>")),
            "items.shape");
  EXPECT_EQ(parse_items("<items/>", "items.xml").error().code, "items.shape");
  EXPECT_TRUE(parse(item("<x/>")).error().message.starts_with("items.xml:1:"));
}

}  // namespace
}  // namespace certbridge

#include "catalogue/used_type.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catalogue/catalogue_files.h"
#include "catalogue/used_type_reader.h"

namespace certbridge::host {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kConfig = std::string(CERTBRIDGE_SOURCE_DIR) + "/config/";
const std::string kFields =
    "<field name=\"KZ_XM\" label=\"姓名\" personal=\"yes\"/>"
    "<field name=\"KZ_DJJG\" label=\"登记机关\" personal=\"no\"/>";
const std::string kEnd = "<copies keep=\"30d\"/><guide>无须提交。</guide>";

std::string document(const std::string& inside, const std::string& code = "11100000000013127D001") {
  return "<used-type xmlns=\"urn:certbridge:used-type:1\" code=\"" + code +
         "\" name=\"居民身份证\" authority=\"公安机关\" holder=\"person\">" + inside +
         "</used-type>";
}

// The type, or the sentences of what is wrong with it.
struct Read {
  std::optional<UsedType> type{};
  std::string wrong{};
};
Read read(const std::string& text) {
  Read made;
  ConfigurationErrors errors;
  made.type = read_used_type(text, "a.xml", errors);
  for (const ConfigurationError& error : errors) made.wrong += to_text(error) + "\n";
  EXPECT_EQ(made.type.has_value(), errors.empty());
  return made;
}

TEST(UsedType, DaysOnWhichItIsToBeUsed) {
  const auto with_days = [](const std::string& days) {
    std::string text = document(kFields + kEnd);
    return read(text.insert(text.find(" holder="), days));
  };
  const Read made = with_days(" from=\"2026-01-01\" until=\"2026-12-31\"");
  ASSERT_TRUE(made.type) << made.wrong;
  EXPECT_EQ(made.type->first_day, "2026-01-01");
  EXPECT_EQ(made.type->last_day, "2026-12-31");
  EXPECT_THAT(with_days(" from=\"2026-01-02\" until=\"2026-01-01\"").wrong,
              HasSubstr("`until` is before `from`"));
  EXPECT_THAT(with_days(" until=\"2026-13-01\"").wrong, HasSubstr("a day, as `2026-11-24`"));
}

TEST(UsedType, AFileSaysWhatATypeIs) {
  const Read made =
      read(document(kFields + "<disclose field=\"KZ_DJJG\"/>" +
                    "<disclose field=\"holder.name\"/>" + kEnd + "<assumed>字段名</assumed>"));
  ASSERT_TRUE(made.type) << made.wrong;
  EXPECT_EQ(made.type->code, "11100000000013127D001");
  EXPECT_EQ(made.type->name, "居民身份证");
  EXPECT_EQ(made.type->authority, "公安机关");
  EXPECT_EQ(made.type->holder, HolderClass::kPerson);
  EXPECT_EQ(made.type->fields.size(), 2U);
  EXPECT_THAT(made.type->disclosed, ElementsAre("KZ_DJJG", "holder.name"));
  EXPECT_EQ(made.type->copies.until, CopyRetention::Until::kDays);
  EXPECT_EQ(made.type->copies.days, std::chrono::days(30));
  EXPECT_EQ(made.type->guide, "无须提交。");
  EXPECT_THAT(made.type->assumed, ElementsAre("字段名"));
  EXPECT_EQ(made.type->file, "a.xml");
}

TEST(UsedType, WhatTheFileDoesNotNameIsPersonal) {
  const Read made = read(document(kFields + kEnd));
  ASSERT_TRUE(made.type) << made.wrong;
  EXPECT_TRUE(made.type->is_personal("KZ_XM"));
  EXPECT_FALSE(made.type->is_personal("KZ_DJJG"));
  EXPECT_TRUE(made.type->is_personal("附加"));
}

TEST(UsedType, CopiesAreKeptNotAtAllOrWithTheCase) {
  const auto until = [](const std::string& keep) {
    return read(document("<copies keep=\"" + keep + "\"/><guide>a</guide>")).type->copies.until;
  };
  EXPECT_EQ(until("none"), CopyRetention::Until::kNoCopy);
  EXPECT_EQ(until("case"), CopyRetention::Until::kCase);
}

TEST(UsedType, WhoMayHoldIt) {
  EXPECT_TRUE(may_hold(HolderClass::kPerson, "111"));
  EXPECT_TRUE(may_hold(HolderClass::kPerson, "414"));
  EXPECT_FALSE(may_hold(HolderClass::kPerson, "001"));
  EXPECT_TRUE(may_hold(HolderClass::kCompany, "001"));
  EXPECT_TRUE(may_hold(HolderClass::kCompany, "099"));
  EXPECT_FALSE(may_hold(HolderClass::kCompany, "111"));
  EXPECT_TRUE(may_hold(HolderClass::kBoth, "111"));
  EXPECT_TRUE(may_hold(HolderClass::kBoth, "001"));
  EXPECT_EQ(to_word(HolderClass::kCompany), "company");
}

TEST(UsedType, WhatIsWrongIsNamedWithItsPlace) {
  const auto wrong = [](const std::string& inside) { return read(document(inside)).wrong; };
  EXPECT_THAT(wrong("<field name=\"a\" label=\"b\" personal=\"maybe\"/>" + kEnd),
              HasSubstr("a.xml:1:"));
  EXPECT_THAT(wrong(kFields), HasSubstr("a.xml:1:"));  // no copies, no guide
  EXPECT_THAT(wrong("<copies keep=\"30\"/><guide>a</guide>"), HasSubstr("30d"));
  EXPECT_THAT(wrong(kFields + kFields + kEnd), HasSubstr("`KZ_XM` stands twice"));
  EXPECT_THAT(wrong(kFields + "<disclose field=\"KZ_XN\"/>" + kEnd), HasSubstr("`KZ_XM`"));
  EXPECT_THAT(wrong("<disclose field=\"number\"/><disclose field=\"number\"/>" + kEnd),
              HasSubstr("stands twice"));
  EXPECT_THAT(wrong("<field name=\"number\" label=\"b\" personal=\"no\"/>" + kEnd),
              HasSubstr("every certificate"));
  EXPECT_THAT(read(document(kEnd, "11100000000013127E001")).wrong, HasSubstr("does not fit"));
  EXPECT_THAT(read(document(kEnd, "1")).wrong, HasSubstr("21 characters"));
  EXPECT_THAT(read("<used-type/>").wrong, HasSubstr("a.xml:1:"));
  EXPECT_THAT(read("<used-type").wrong, HasSubstr("a.xml:1:"));
}

TEST(UsedType, EverythingWrongIsSaidAtOnce) {
  const std::string all =
      read(document(kFields + kFields + "<disclose field=\"x\"/>" + kEnd)).wrong;
  EXPECT_THAT(all, HasSubstr("`KZ_XM` stands twice"));
  EXPECT_THAT(all, HasSubstr("`KZ_DJJG` stands twice"));
  EXPECT_THAT(all, HasSubstr("no field `x`"));
}

// A folder of files that a test writes.
class CatalogueFolder : public ::testing::Test {
 protected:
  CatalogueFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "certbridge-types-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~CatalogueFolder() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
    return folder_ + "/" + name;
  }
  std::string wrong() {
    ConfigurationErrors errors;
    EXPECT_FALSE(read_used_types(folder_, errors));
    std::string all;
    for (const ConfigurationError& error : errors) all += to_text(error) + "\n";
    return all;
  }
  std::string folder_{};
};

TEST_F(CatalogueFolder, AnEmptyFolderIsWrong) {
  EXPECT_THAT(wrong(), HasSubstr("holds no type"));
  std::filesystem::remove(folder_);
  EXPECT_THAT(wrong(), HasSubstr("cannot be read"));
}

TEST_F(CatalogueFolder, ACodeStandsInOneFile) {
  write("a.xml", document(kEnd));
  write("b.xml", document(kEnd));
  write("note.txt", "no type");
  const std::string all = wrong();
  EXPECT_THAT(all, HasSubstr("b.xml: the type `11100000000013127D001` stands in"));
  EXPECT_THAT(all, HasSubstr("a.xml"));
  EXPECT_THAT(all, Not(HasSubstr("note.txt")));
}

TEST_F(CatalogueFolder, WhatIsWrongInEachFileIsSaid) {
  write("a.xml", document("", "1"));
  write("b.xml", "<x/>");
  const std::string all = wrong();
  EXPECT_THAT(all, HasSubstr("a.xml:1:"));
  EXPECT_THAT(all, HasSubstr("b.xml:1:"));
}

TEST_F(CatalogueFolder, WhatCanBeHadElectronicallyIsOfTheCatalogue) {
  write("a.xml", document(kEnd));
  ConfigurationErrors errors;
  const auto types = read_used_types(folder_, errors);
  ASSERT_TRUE(types);
  const auto item = [&](const std::string& code, const char* electronic) {
    return write("items.txt",
                 "<items xmlns=\"urn:certbridge:items:1\">\n<item code=\"1\" "
                 "name=\"a\">\n<material name=\"b\" type=\"" +
                     code + "\" electronic=\"" + electronic + "\"/></item></items>");
  };
  EXPECT_TRUE(read_items(item("11100000000013127D001", "yes"), *types, errors));
  EXPECT_TRUE(read_items(item("11100000000013127D002", "no"), *types, errors));
  EXPECT_TRUE(errors.empty());
  EXPECT_FALSE(read_items(item("11100000000013127D002", "yes"), *types, errors));
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].line, 3);
  EXPECT_THAT(to_text(errors[0]), HasSubstr("did you mean `11100000000013127D001`?"));
  errors.clear();
  EXPECT_FALSE(read_items(item("11100000000013127E001", "no"), *types, errors));
  EXPECT_EQ(errors.at(0).line, 3);
  errors.clear();
  EXPECT_FALSE(read_items(folder_ + "/nothing.xml", *types, errors));
  EXPECT_EQ(errors.size(), 1U);
}

TEST(ShippedCatalogue, HasTheTypesOfOtherAuthoritiesAndSaysWhatIsAssumed) {
  ConfigurationErrors errors;
  const auto types = read_used_types(kConfig + "catalogue/used", errors);
  ASSERT_TRUE(types) << to_text(errors.at(0));
  std::vector<std::string> names;
  for (const UsedType& type : types->all()) {
    names.push_back(type.name);
    const bool sandbox_code = type.code.starts_with("11411300Y41130001N");
    EXPECT_FALSE(sandbox_code && type.assumed.empty()) << type.name;
    EXPECT_FALSE(type.disclosed.empty()) << type.name;
  }
  for (const char* name :
       {"居民身份证", "居民户口簿", "结婚证", "离婚证", "营业执照", "法定代表人身份证明",
        "契税完税证明", "建设工程竣工验收备案表", "不动产权证书", "不动产登记证明"}) {
    EXPECT_THAT(names, Contains(name));
  }
  const UsedType* licence = types->by_code("11100000MB0143028R001");
  ASSERT_NE(licence, nullptr);
  EXPECT_EQ(licence->name, "营业执照");
  EXPECT_EQ(licence->holder, HolderClass::kCompany);
  EXPECT_EQ(types->by_code("11100000MB0143028R002"), nullptr);
  EXPECT_EQ(types->by_code("Z"), nullptr);
}

TEST(ShippedCatalogue, HasTheTypesOfTheShippedItems) {
  ConfigurationErrors errors;
  const auto types = read_used_types(kConfig + "catalogue/used", errors);
  ASSERT_TRUE(types);
  const auto items = read_items(kConfig + "guide/items.xml", *types, errors);
  ASSERT_TRUE(items) << to_text(errors.at(0));
  EXPECT_GE(items->all().size(), 4U);
}

}  // namespace
}  // namespace certbridge::host

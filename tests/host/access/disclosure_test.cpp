// What leaves of a certificate: the list of the purpose and nothing else, over random policies,
// requests and certificates.
#include <gtest/gtest.h>

#include <random>

#include "access/policy/certificate_fields.h"
#include "access/policy/disclosure.h"
#include "access/policy/masks.h"
#include "decision_table.h"

namespace certbridge::host::access_test {
namespace {

// Every value is found again wherever it is, because it has a number of its own.
class Canaries {
 public:
  std::string plant(const std::string& name) {
    std::string value = "canary" + std::to_string(734'000 + values_.size()) + "字of";
    values_.emplace_back(name, value);
    return value;
  }
  const std::vector<std::pair<std::string, std::string>>& all() const { return values_; }

 private:
  std::vector<std::pair<std::string, std::string>> values_{};
};

using Random = std::mt19937_64;
std::size_t below(Random& random, std::size_t limit) { return random() % limit; }
bool coin(Random& random) { return below(random, 2) == 0; }

const std::vector<std::string> kTypes{"11100000MB03271699001", "11100000MB03271699022",
                                      "11100000000013127D001", "11100000000019268D006", ""};
const std::vector<std::string> kMasks{"none", "name", "number", "address", "all"};

// Of members and of what sources have; the last are of members, but a source uses them.
std::vector<std::string> names_of_lists() {
  std::vector<std::string> names{"holder.name", "holder.code", "KZ_ZL", "KZ_MJ",
                                 "经营范围",    "a",           "b"};
  for (const TextMember& one : text_members()) names.emplace_back(one.name);
  return names;
}

// What the lists of the purpose "p" say, by type.
using Lists = std::map<std::string, std::map<std::string, std::string>>;

Lists random_lists(Random& random) {
  Lists lists;
  for (std::string type : kTypes) {
    if (coin(random)) continue;
    if (type.empty()) type = "*";
    auto& fields = lists[type];
    for (const std::string& name : names_of_lists()) {
      if (below(random, 3) == 0) fields[name] = kMasks[below(random, kMasks.size())];
    }
  }
  if (lists.empty()) lists["*"];
  return lists;
}

std::string policy_xml(const Lists& lists) {
  std::string xml =
      "<access xmlns=\"urn:certbridge:access:1\" version=\"1\"><levels order=\"password\"/>"
      "<purpose name=\"p\">";
  for (const auto& [type, fields] : lists) {
    xml += "<fields type=\"" + type + "\">";
    for (const auto& [name, mask] : fields) {
      xml += "<field name=\"" + name + "\" mask=\"" + mask + "\"/>";
    }
    xml += "</fields>";
  }
  return xml +
         "</purpose><ground name=\"g\" kind=\"inspection\" accesses=\"query\" purposes=\"p\" "
         "types=\"*\"><who person=\"no\"/><number pattern=\"N@\"/></ground></access>";
}

std::shared_ptr<const AccessPolicy> read_policy_of(const Lists& lists) {
  auto policy = AccessPolicy::parse(policy_xml(lists), "random.xml");
  if (!policy) throw std::runtime_error(policy.error().message);
  return std::move(policy).value();
}

FoundCertificate random_certificate(Random& random, Canaries& canaries) {
  FoundCertificate found;
  for (const TextMember& one : text_members()) {
    if (coin(random)) found.*one.member = canaries.plant(std::string(one.name));
  }
  found.type_code = kTypes[below(random, kTypes.size())];
  for (std::size_t i = below(random, 4); i > 0; --i) {
    found.holders.push_back({canaries.plant("holder.name"), canaries.plant("kind of holder.code"),
                             canaries.plant("holder.code")});
  }
  const auto names = names_of_lists();
  for (std::size_t i = below(random, 12); i > 0; --i) {
    const std::string& name = names[below(random, names.size())];
    // Not even where the list has that name: it means the member.
    const std::string counts_as = is_member_name(name) ? "a field that looks like " + name : name;
    found.fields.push_back({name, canaries.plant(counts_as)});
  }
  return found;
}

std::string everything_in(const DisclosedCertificate& disclosed) {
  const FoundCertificate& it = disclosed.certificate;
  std::string text;
  for (const TextMember& one : text_members()) text += it.*one.member + "\n";
  for (const QueriedHolder& one : it.holders) text += one.name + one.code_type + one.code + "\n";
  for (const FoundCertificate::Field& one : it.fields) text += one.name + "=" + one.value + "\n";
  for (const std::string& name : disclosed.fields) text += name + "\n";
  return text;
}

std::map<std::string, std::string> list_for(const Lists& lists, const std::string& type) {
  if (const auto found = lists.find(type); found != lists.end()) return found->second;
  if (const auto found = lists.find("*"); found != lists.end()) return found->second;
  return {};
}

void expect_only_the_list(const std::map<std::string, std::string>& listed,
                          const DisclosedCertificate& disclosed, const Canaries& canaries,
                          const std::string& type) {
  const std::string left = everything_in(disclosed);
  for (const auto& [name, value] : canaries.all()) {
    if (name == "type-code") continue;  // its canary was taken out again
    if (name == "kind of holder.code" && listed.contains("holder.code")) continue;  // goes along
    const auto found = listed.find(name);
    const bool whole = found != listed.end() && found->second == "none";
    EXPECT_EQ(left.find(value) != std::string::npos, whole) << name << " in " << left;
    if (found == listed.end()) {
      EXPECT_EQ(left.find(value.substr(6, 6)), std::string::npos) << name << " in " << left;
    }
  }
  if (!listed.contains("type-code") && !type.empty()) {
    EXPECT_EQ(left.find(type), std::string::npos);
  }
  for (const std::string& name : disclosed.fields) EXPECT_TRUE(listed.contains(name)) << name;
  EXPECT_TRUE(std::is_sorted(disclosed.fields.begin(), disclosed.fields.end()));
}

Decision random_decision(Random& random, const AccessPolicy& policy) {
  AccessRequest request;
  request.ground_kind = "g";
  request.ground = "N1";
  request.purpose = "p";
  request.number = coin(random) ? "N" : "M";
  for (std::size_t i = below(random, 3); i > 0; --i) {
    request.types.push_back(kTypes[below(random, kTypes.size() - 1)]);
  }
  return decide(policy, request, {});
}

TEST(Disclosure, NothingLeavesThatIsNotInTheList) {
  Random random(20261128);
  std::size_t disclosed_fields = 0;
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Lists lists = random_lists(random);
    const auto policy = read_policy_of(lists);
    const Decision decision = random_decision(random, *policy);
    ASSERT_TRUE(decision.allowed) << decision.code;
    for (int i = 0; i < 10; ++i) {
      Canaries canaries;
      const FoundCertificate found = random_certificate(random, canaries);
      const auto disclosed = disclose(*policy, decision.permission, found);
      expect_only_the_list(list_for(lists, found.type_code), disclosed, canaries, found.type_code);
      disclosed_fields += disclosed.fields.size();
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(disclosed_fields, 1000U);
}

TEST(Disclosure, NothingLeavesForAnotherPurposeOrABarredType) {
  const auto policy = policy_of("tests/host/access/decisions.xml");
  FoundCertificate found;
  found.number = "N-1";
  found.file = "F-1";
  Permission permission;
  permission.types = {"*"};
  EXPECT_EQ(disclose(*policy, permission, found).certificate, FoundCertificate());
  permission.purpose = "nothing";
  EXPECT_EQ(disclose(*policy, permission, found).certificate, FoundCertificate());
  permission.purpose = "registration";
  auto disclosed = disclose(*policy, permission, found);
  EXPECT_EQ(disclosed.fields, std::vector<std::string>{"number"});
  EXPECT_EQ(disclosed.certificate.number, "N-1");
  EXPECT_EQ(disclosed.certificate.file, "");
  found.type_code = type_named("barred");
  EXPECT_EQ(disclose(*policy, permission, found).certificate, FoundCertificate());
}

TEST(Disclosure, Masks) {
  EXPECT_EQ(masked_value(Mask::kNone, "张三"), "张三");
  EXPECT_EQ(masked_value(Mask::kName, ""), "");
  EXPECT_EQ(masked_value(Mask::kName, "张"), "*");
  EXPECT_EQ(masked_value(Mask::kName, "张三"), "张*");
  EXPECT_EQ(masked_value(Mask::kName, "欧阳娜"), "欧*娜");
  EXPECT_EQ(masked_value(Mask::kName, "𬱖小明"), "𬱖*明");
  EXPECT_EQ(masked_value(Mask::kNumber, "41130219800101001X"), "411***********001X");
  EXPECT_EQ(masked_value(Mask::kNumber, "E12345678"), "*****5678");
  EXPECT_EQ(masked_value(Mask::kNumber, "1234567"), "*******");
  EXPECT_EQ(masked_value(Mask::kAddress, "卧龙区光武路100号3幢"), "卧龙区光武路***");
  EXPECT_EQ(masked_value(Mask::kAddress, "卧龙区光武路１００号"), "卧龙区光武路***");
  EXPECT_EQ(masked_value(Mask::kAddress, "光武路一百号"), "光武路***");
  EXPECT_EQ(masked_value(Mask::kAddress, "河南省南阳市卧龙区某某街道办事处光武路1号"),
            "河南省南阳市卧龙区某某街***");
  EXPECT_EQ(masked_value(Mask::kAddress, "1号"), "***");
  EXPECT_EQ(masked_value(Mask::kAll, "x"), "***");
  EXPECT_EQ(masked_value(Mask::kName, "\xff"), "***");
}

TEST(Permits, TypeAndHolder) {
  FoundCertificate found;
  found.type_code = type_named("title");
  found.holders = {holder_named("li"), holder_named("zhang")};
  Permission permission;
  EXPECT_FALSE(permits(permission, found));
  permission.types = {"*"};
  EXPECT_TRUE(permits(permission, found));
  permission.barred_types = {type_named("title")};
  EXPECT_FALSE(permits(permission, found));
  permission.barred_types = {type_named("proof")};
  permission.types = {type_named("title"), type_named("proof")};
  EXPECT_TRUE(permits(permission, found));
  permission.holders = {{"", "111", holder_named("zhang").code}};
  EXPECT_TRUE(permits(permission, found));
  permission.holders = {holder_named("zhang-misnamed")};
  EXPECT_FALSE(permits(permission, found));
  permission.holders = {holder_named("wang")};
  EXPECT_FALSE(permits(permission, found));
  permission.holders = {holder_named("codeless")};
  found.holders = {holder_named("codeless")};
  EXPECT_FALSE(permits(permission, found));
  found.holders.clear();
  permission.holders = {holder_named("zhang")};
  EXPECT_FALSE(permits(permission, found));
  found.holders = {{"张三", "", "411302800101001"}};
  EXPECT_TRUE(permits(permission, found));
  permission.holders = {{"", "414", "E12345678"}};
  found.holders = {{"张三", "414", "E12345678"}};
  EXPECT_TRUE(permits(permission, found));
  found.holders = {{"张三", "", "E12345678"}};
  EXPECT_FALSE(permits(permission, found)) << "nobody says what kind of code it is";
  permission.holders = {holder_named("zhang")};
  found.holders = {{"张*", "111", "411***********001X"}};
  EXPECT_FALSE(permits(permission, found));
  permission.types = {type_named("proof")};
  EXPECT_FALSE(permits(permission, found));
}

class Comparison : public ::testing::Test {
 protected:
  std::string compared(const std::string& name, const std::string& value) const {
    const auto result = compare(*policy_, permission_, found_, {{name, value}});
    if (result.size() != 1 || result.front().name != name) return "wrong size";
    return to_word(result.front().result);
  }
  static Permission permission() {
    Permission permission;
    permission.types = {"*"};
    permission.purpose = "registration";
    return permission;
  }
  static FoundCertificate certificate() {
    FoundCertificate found;
    found.type_code = type_named("title");
    found.number = "豫(2026)南阳市不动产权第0000001号";
    found.issued_on = "2026-01-02";
    found.holders = {holder_named("zhang"), holder_named("li")};
    found.fields = {{"KZ_ZL", "卧龙区光武路1号"}, {"KZ_QT", "其他"}, {"number", "N-2"}};
    return found;
  }
  const std::shared_ptr<const AccessPolicy> policy_ = policy_of("config/access/access.xml");
  const Permission permission_ = permission();
  const FoundCertificate found_ = certificate();
};

TEST_F(Comparison, SpacesWidthAndFormsOfDatesMakeNoDifference) {
  EXPECT_EQ(compared("number", "豫（2026） 南阳市不动产权第0000001号"), "same");
  EXPECT_EQ(compared("number", "豫(2026)南阳市不动产权第0000002号"), "different");
  EXPECT_EQ(compared("number", "N-2"), "different");
  for (const char* date : {"2026-01-02", "2026年1月2日", "2026年01月02日", "2026/1/2", "2026.01.02",
                           "20260102", " ２０２６年１月２日 "}) {
    EXPECT_EQ(compared("issued-on", date), "same") << date;
  }
  for (const char* date : {"2026-01-03", "2026年2月1日", "", "2026-13-02", "2026-1-2-3"}) {
    EXPECT_EQ(compared("issued-on", date), "different") << date;
  }
  EXPECT_EQ(compared("KZ_ZL", "卧龙区 光武路１号"), "same");
}

TEST_F(Comparison, HoldersInAnyOrder) {
  EXPECT_EQ(compared("holder.name", "李四、张三"), "same");
  EXPECT_EQ(compared("holder.name", "张三，李四"), "same");
  EXPECT_EQ(compared("holder.name", "张三"), "different");
  EXPECT_EQ(compared("holder.name", "张三、张三"), "different");
  EXPECT_EQ(compared("holder.code", "411302198505050023 , 41130219800101001x"), "same");
  EXPECT_EQ(compared("holder.code", "41130219800101001X"), "different");
}

TEST_F(Comparison, OnlyFieldsOfTheList) {
  EXPECT_EQ(compared("KZ_QT", "其他"), "not-on-certificate");
  EXPECT_EQ(compared("version", "1"), "not-on-certificate");
  EXPECT_EQ(compared("KZ_MJ", "100"), "not-on-certificate");
  EXPECT_EQ(compared("expires-on", "2026-01-02"), "not-on-certificate");
  Permission other = permission();
  other.purpose = "nothing";
  EXPECT_EQ(compare(*policy_, other, found_, {{"number", found_.number}}).front().result,
            FieldComparison::kNotOnCertificate);
}

}  // namespace
}  // namespace certbridge::host::access_test

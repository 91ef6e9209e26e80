#include "booking_samples.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "message/booked.h"

namespace certbridge::provincial_platform::testing {
namespace {

constexpr const char* kUnit = "990101001001GB00001F00010002";
constexpr std::size_t kEvery = 6;  // of the attributes that are not required

std::string sample_value(const Profile& profile, const std::string& rec_type,
                         const AttributeRule& rule, std::size_t row) {
  if (rule.name == "YWH") return "20240318000123";
  if (rule.name == "BDCDYH") return kUnit;
  if (rule.name == "QXDM") return "990101";
  if (rule.name == "DJLX") return rec_type.substr(0, 1) + "00";
  if (!rule.codes.empty()) return *profile.codes.at(rule.codes).begin();
  switch (rule.type) {
    case ValueType::kInteger:
      return std::to_string(row);
    case ValueType::kDecimal:
      return "101.175";
    case ValueType::kTime:
      return "2024-03-18 10:30:18";
    case ValueType::kBinary:
      return "56S65b2i";
    case ValueType::kText:
      break;
  }
  const std::string text = rule.length > 0 && rule.length < 8 ? "9" : "样" + rule.name;
  return text;
}

Record sample_row(const Profile& profile, const std::string& rec_type, const TableRule& table,
                  std::size_t row) {
  Record record;
  std::size_t number = 0;
  for (const AttributeRule& rule : table.attributes) {
    const bool named = rule.name == "YWH" || rule.name == "BDCDYH";
    if (!rule.required && !named && number++ % kEvery != 0) continue;
    if (rule.otherwise && !rule.otherwise->empty()) continue;
    record.set(lower_case(rule.name), sample_value(profile, rec_type, rule, row));
  }
  return record;
}

Record sample_head(const std::string& rec_type) {
  Record head;
  head.set("rectype", rec_type);
  head.set("righttype", "4");
  head.set("regtype", rec_type.substr(0, 1) + "00");
  head.set("createdate", "2024-03-18 10:30:18");
  head.set("recflowid", "20240318000123");
  head.set("regorgid", "示例市不动产登记中心");
  head.set("estatenum", kUnit);
  head.set("precertid", "测（2019）示例市不动产权第0004567号,测（2019）示例市不动产权第0004568号");
  head.set("certcount", "1");
  return head;
}

std::string written(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string base64_of(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace

std::string source_text(const std::string& path) {
  std::ifstream in(std::string(CERTBRIDGE_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_TRUE(in) << path;
  return text.str();
}

std::string profile_text(const std::string& name) {
  return source_text("plugins/provincial_platform/profiles/" + name);
}

Profile shipped_profile(const std::string& name) {
  auto profile = parse_profile(profile_text(name + ".xml"), name + ".xml");
  if (!profile) {
    ADD_FAILURE() << profile.error().message;
    return {};
  }
  return std::move(profile).value();
}

Province patched(const std::string& path) {
  Province province{shipped_profile("v1"), {}};
  auto patch =
      parse_patch(source_text("plugins/provincial_platform/" + path), path, province.profile);
  if (!patch) {
    ADD_FAILURE() << patch.error().message;
  } else {
    province.patch = std::move(patch).value();
  }
  return province;
}

std::vector<RecordSet> sample_facts(const Profile& profile, const std::string& rec_type) {
  std::vector<RecordSet> facts{{"head", {sample_head(rec_type)}}};
  const MessageRule& rule = profile.messages.at(rec_type);
  for (const TableRule& table : profile.tables) {
    const auto found = rule.tables.find(table.name);
    if (found == rule.tables.end()) continue;
    RecordSet set{table.name, {sample_row(profile, rec_type, table, 1)}};
    if (found->second == Occurs::kSome)
      set.records.push_back(sample_row(profile, rec_type, table, 2));
    facts.push_back(std::move(set));
  }
  return facts;
}

std::string sample_rows(const Profile& profile, const std::string& rec_type,
                        const std::string& case_number) {
  const std::string number = "20240318000123";
  std::string rows = write_records(sample_facts(profile, rec_type));
  for (auto at = rows.find(number); at != std::string::npos; at = rows.find(number, at)) {
    rows.replace(at, number.size(), case_number);
    at += case_number.size();
  }
  return rows;
}

void change(std::vector<RecordSet>& facts, const std::string& set, const std::string& field,
            const std::optional<std::string>& value) {
  for (RecordSet& candidate : facts) {
    if (candidate.name == set) return candidate.records.at(0).set(field, value);
  }
  ADD_FAILURE() << "no set " << set;
}

void drop_set(std::vector<RecordSet>& facts, const std::string& set) {
  std::erase_if(facts, [&](const RecordSet& candidate) { return candidate.name == set; });
}

TestKey make_key(unsigned bits) {
  EVP_PKEY* key = EVP_RSA_gen(bits);
  BIO* pem = BIO_new(BIO_s_mem());
  BIO* der = BIO_new(BIO_s_mem());
  BIO* open = BIO_new(BIO_s_mem());
  EXPECT_EQ(PEM_write_bio_PKCS8PrivateKey(pem, key, nullptr, nullptr, 0, nullptr, nullptr), 1);
  EXPECT_EQ(i2d_PKCS8PrivateKey_bio(der, key, nullptr, nullptr, 0, nullptr, nullptr), 1);
  EXPECT_EQ(PEM_write_bio_PUBKEY(open, key), 1);
  EVP_PKEY_free(key);
  return {written(pem), base64_of(written(der)), written(open)};
}

}  // namespace certbridge::provincial_platform::testing

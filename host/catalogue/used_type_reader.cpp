#include "catalogue/used_type_reader.h"

#include <algorithm>

#include "certbridge/identifiers.h"
#include "config/document.h"

namespace certbridge::host {
namespace {

HolderClass holder_in(const std::string& word) {
  if (word == "person") return HolderClass::kPerson;
  return word == "company" ? HolderClass::kCompany : HolderClass::kBoth;
}

CopyRetention copies_in(const std::string& word) {
  if (word == "none") return {CopyRetention::Until::kNoCopy, {}};
  if (word == "case") return {CopyRetention::Until::kCase, {}};
  return {CopyRetention::Until::kDays, std::chrono::days(std::stoi(word))};
}

// One document that fits its schema.
class UsedTypeReader {
 public:
  UsedTypeReader(const std::string& file, ConfigurationErrors& errors)
      : file_(file), errors_(errors) {}

  UsedType read(const XmlElement& root) {
    type_.file = file_;
    type_.code = root.attribute_or_empty("code");
    if (auto code = TypeCode::parse(type_.code); !code) refuse(root, code.error().message);
    type_.name = root.attribute_or_empty("name");
    type_.authority = root.attribute_or_empty("authority");
    type_.holder = holder_in(root.attribute_or_empty("holder"));
    type_.first_day = root.attribute_or_empty("from");
    type_.last_day = root.attribute_or_empty("until");
    if (!type_.last_day.empty() && type_.last_day < type_.first_day) {
      refuse(root, "`until` is before `from`");
    }
    for (const XmlElement* field : root.children_named("field")) read_field(*field);
    for (const XmlElement* field : root.children_named("disclose")) read_disclosed(*field);
    for (const XmlElement* copies : root.children_named("copies")) {
      type_.copies = copies_in(copies->attribute_or_empty("keep"));
    }
    for (const XmlElement* guide : root.children_named("guide")) type_.guide = guide->text;
    for (const XmlElement* one : root.children_named("assumed")) type_.assumed.push_back(one->text);
    return std::move(type_);
  }

 private:
  void refuse(const XmlElement& at, const std::string& reason, const std::string& hint = {}) {
    errors_.push_back(error_at(place_of(file_, at), at.name, reason, hint));
  }

  void read_field(const XmlElement& at) {
    UsedField field{at.attribute_or_empty("name"), at.attribute_or_empty("label"),
                    at.attribute_or_empty("personal") == "yes"};
    const auto& common = common_fields();
    if (std::find(common.begin(), common.end(), field.name) != common.end()) {
      return refuse(at,
                    "`" + field.name + "` is what every certificate has, not a field of a face");
    }
    if (type_.field(field.name) != nullptr) {
      return refuse(at, "the field `" + field.name + "` stands twice");
    }
    type_.fields.push_back(std::move(field));
  }

  void read_disclosed(const XmlElement& at) {
    const std::string name = at.attribute_or_empty("field");
    std::vector<std::string> known = common_fields();
    for (const UsedField& field : type_.fields) known.push_back(field.name);
    auto& disclosed = type_.disclosed;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      refuse(at, "the type has no field `" + name + "`", did_you_mean(name, known));
    } else if (std::find(disclosed.begin(), disclosed.end(), name) != disclosed.end()) {
      refuse(at, "the field `" + name + "` stands twice");
    } else {
      disclosed.push_back(name);
    }
  }

  std::string file_;
  ConfigurationErrors& errors_;
  UsedType type_{};
};

}  // namespace

std::optional<UsedType> read_used_type(std::string_view bytes, const std::string& file,
                                       ConfigurationErrors& errors) {
  const std::size_t before = errors.size();
  const auto root = check_document(bytes, file, SchemaName::kUsedType, errors);
  if (!root) return std::nullopt;
  UsedType type = UsedTypeReader(file, errors).read(*root);
  if (errors.size() != before) return std::nullopt;
  return type;
}

}  // namespace certbridge::host

// Certificate types as XML.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <set>

#include "certbridge/certificate_type.h"
#include "certbridge/identifiers.h"
#include "certbridge/text.h"
#include "certbridge/xml.h"

namespace certbridge {
namespace {

constexpr std::string_view kTypeNameSpace = "urn:certbridge:certificate-type:1";
constexpr std::size_t kTimeLength = 19;  // "2026-12-01T00:00:00"
constexpr int kMostVersions = 999;
constexpr int kMostYears = 999;
constexpr std::size_t kMostEntries = 500;

using AttributeNames = std::vector<std::string_view>;

// The word that stands for one of these values, or none.
template <class Word>
std::optional<Word> word_named(std::string_view name, std::initializer_list<Word> words) {
  for (const Word word : words) {
    if (to_word(word) == name) return word;
  }
  return {};
}

std::optional<int> whole_number(const std::string& text, int most) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole && number >= 1 && number <= most ? std::optional(number) : std::nullopt;
}

// Reads one document; keeps the first thing that is wrong.
class TypeReader {
 public:
  explicit TypeReader(std::string_view file) : file_(file) {}

  Result<CertificateType> read(const XmlElement& root) {
    CertificateType type;
    type.file = file_;
    expect(root, "certificate-type", {"code", "name"}, {});
    type.code = root.attribute_or_empty("code");
    type.name = root.attribute_or_empty("name");
    if (const auto code = TypeCode::parse(type.code); !code) {
      wrong(root, "certificate_type.value", "code: " + code.error().message);
    }
    for (const XmlElement& child : root.children) {
      type.versions.push_back(read_version(child));
      check_order(child, type.versions);
    }
    if (type.versions.empty()) wrong(root, "certificate_type.shape", "a type needs a <version>");
    if (error_) return *error_;
    return type;
  }

 private:
  void wrong(const XmlElement& at, const char* code, const std::string& reason) {
    if (error_) return;
    error_ = Error::permanent(code, file_ + ":" + std::to_string(at.line) + ":" +
                                        std::to_string(at.column) + ": " + shortened(reason));
  }

  void expect(const XmlElement& at, std::string_view name, const AttributeNames& needed,
              const AttributeNames& allowed) {
    if (at.name != name || at.name_space != kTypeNameSpace) {
      return wrong(at, "certificate_type.shape",
                   "<" + at.name + "> stands where <" + std::string(name) + "> of " +
                       std::string(kTypeNameSpace) + " is expected");
    }
    for (const std::string_view one : needed) {
      if (at.attribute_or_empty(one).empty()) {
        wrong(at, "certificate_type.shape", "the attribute `" + std::string(one) + "` is missing");
      }
    }
    for (const XmlAttribute& one : at.attributes) {
      const auto is_it = [&one](std::string_view other) { return other == one.name; };
      if (std::any_of(needed.begin(), needed.end(), is_it)) continue;
      if (std::any_of(allowed.begin(), allowed.end(), is_it)) continue;
      wrong(at, "certificate_type.shape", "unknown attribute `" + one.name + "`");
    }
  }
  void expect_leaf(const XmlElement& at, std::string_view name, const AttributeNames& needed,
                   const AttributeNames& allowed = {}) {
    expect(at, name, needed, allowed);
    if (!at.children.empty()) {
      wrong(at, "certificate_type.shape", "<" + std::string(name) + "> has no elements");
    }
  }

  template <class Word>
  Word word(const XmlElement& at, const char* name, std::initializer_list<Word> words) {
    if (const auto found = word_named(at.attribute_or_empty(name), words)) return *found;
    wrong(at, "certificate_type.value", std::string(name) + ": a word that is not known");
    return *words.begin();
  }
  bool yes(const XmlElement& at, const char* name) {
    const std::string text = at.attribute_or_empty(name);
    if (text != "yes" && text != "no") {
      wrong(at, "certificate_type.value", std::string(name) + " is yes or no");
    }
    return text == "yes";
  }
  int number(const XmlElement& at, const char* name, int most) {
    if (const auto found = whole_number(at.attribute_or_empty(name), most)) return *found;
    wrong(at, "certificate_type.value",
          std::string(name) + " is a whole number from 1 to " + std::to_string(most));
    return 1;
  }
  Timestamp time(const XmlElement& at, const char* name) {
    const std::string text = at.attribute_or_empty(name);
    const auto when = parse_message_time(text);
    if (when && text.size() == kTimeLength && text[10] == 'T') return *when;
    wrong(at, "certificate_type.value",
          std::string(name) + " is a time of +08:00, as 2026-12-01T00:00:00");
    return {};
  }

  TypeVersion read_version(const XmlElement& at) {
    expect(at, "version", {"number", "state", "effective"}, {});
    TypeVersion version;
    version.line = at.line;
    version.column = at.column;
    version.number = number(at, "number", kMostVersions);
    version.state = word(
        at, "state",
        {TypeState::kDraft, TypeState::kSubmitted, TypeState::kApproved, TypeState::kSuspended});
    version.effective = time(at, "effective");
    std::set<std::string> given;
    for (const XmlElement& part : at.children) {
      read_part(part, version, given);
    }
    for (const char* part :
         {"unit", "item", "holders", "instances", "validity", "template", "sharing"}) {
      if (!given.contains(part)) {
        wrong(at, "certificate_type.shape", "the element <" + std::string(part) + "> is missing");
      }
    }
    return version;
  }

  void read_part(const XmlElement& part, TypeVersion& version, std::set<std::string>& given) {
    const bool first = given.insert(part.name).second;
    if (part.name == "unit") return read_unit(part, version);
    if (part.name == "item") return read_item(part, version);
    if (part.name == "field") return read_field(part, version);
    if (part.name == "other") return read_other(part, version);
    if (!first) {
      return wrong(part, "certificate_type.duplicate", "<" + part.name + "> stands twice");
    }
    read_single(part, version);
  }

  void read_single(const XmlElement& part, TypeVersion& version) {
    if (part.name == "holders") {
      expect_leaf(part, "holders", {"class", "several"});
      version.holders =
          word(part, "class", {TypeHolders::kPerson, TypeHolders::kCompany, TypeHolders::kBoth});
      version.several_holders = yes(part, "several");
    } else if (part.name == "instances") {
      expect_leaf(part, "instances", {"several"});
      version.several_instances = yes(part, "several");
    } else if (part.name == "validity") {
      read_validity(part, version);
    } else if (part.name == "template") {
      expect_leaf(part, "template", {"name"});
      version.template_name = part.attribute_or_empty("name");
    } else {
      expect_leaf(part, "sharing", {"class"});
      version.sharing =
          word(part, "class",
               {TypeSharing::kUnconditional, TypeSharing::kConditional, TypeSharing::kNone});
    }
  }

  void read_validity(const XmlElement& part, TypeVersion& version) {
    expect_leaf(part, "validity", {"kind"}, {"years"});
    version.validity =
        word(part, "kind", {TypeValidity::kUnlimited, TypeValidity::kTerm, TypeValidity::kYears});
    const bool counted = version.validity == TypeValidity::kYears;
    if (counted) version.years = number(part, "years", kMostYears);
    if (!counted && part.attribute("years") != nullptr) {
      wrong(part, "certificate_type.value", "`years` belongs to the kind years");
    }
  }

  void read_unit(const XmlElement& at, TypeVersion& version) {
    expect_leaf(at, "unit", {"code", "name"});
    TypeUnit unit{at.attribute_or_empty("code"), at.attribute_or_empty("name")};
    if (const auto code = CreditCode::parse(unit.code); !code) {
      wrong(at, "certificate_type.value", "code: " + code.error().message);
    }
    add(at, version.units, unit, &TypeUnit::code);
  }
  void read_item(const XmlElement& at, TypeVersion& version) {
    expect_leaf(at, "item", {"code", "name"});
    add(at, version.items, {at.attribute_or_empty("code"), at.attribute_or_empty("name")},
        &TypeItem::code);
  }
  void read_field(const XmlElement& at, TypeVersion& version) {
    expect_leaf(at, "field", {"name", "label", "required"});
    add(at, version.face,
        {at.attribute_or_empty("name"), at.attribute_or_empty("label"), yes(at, "required")},
        &TypeField::name);
  }
  void read_other(const XmlElement& at, TypeVersion& version) {
    expect_leaf(at, "other", {"name", "value"});
    add(at, version.other, {at.attribute_or_empty("name"), at.attribute_or_empty("value")},
        &TypeProperty::name);
  }

  template <class Entry>
  void add(const XmlElement& at, std::vector<Entry>& into, Entry entry, std::string Entry::*key) {
    const auto same = [&](const Entry& one) { return one.*key == entry.*key; };
    if (std::any_of(into.begin(), into.end(), same)) {
      return wrong(at, "certificate_type.duplicate",
                   "the <" + at.name + "> `" + entry.*key + "` stands twice");
    }
    if (into.size() >= kMostEntries) {
      return wrong(at, "certificate_type.shape", "there are more than 500 <" + at.name + ">");
    }
    into.push_back(std::move(entry));
  }

  // The newest against the one before.
  void check_order(const XmlElement& at, const std::vector<TypeVersion>& versions) {
    if (versions.size() < 2) return;
    const TypeVersion& before = versions[versions.size() - 2];
    const TypeVersion& version = versions.back();
    if (version.number <= before.number) {
      wrong(at, "certificate_type.order", "versions stand in the order of their numbers");
    }
    if (version.effective <= before.effective) {
      wrong(at, "certificate_type.order", "a version takes effect later than the one before it");
    }
  }

  std::string file_;
  std::optional<Error> error_{};
};

std::string local_text(Timestamp when) {
  const auto local = when + std::chrono::hours(8);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(local - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

XmlElement type_element(const char* name, std::vector<XmlAttribute> attributes) {
  XmlElement element;
  element.name = name;
  element.name_space = kTypeNameSpace;
  element.attributes = std::move(attributes);
  return element;
}
std::string yes_no(bool value) { return value ? "yes" : "no"; }

XmlElement version_element(const TypeVersion& version) {
  XmlElement at = type_element("version", {{"number", std::to_string(version.number)},
                                           {"state", to_word(version.state)},
                                           {"effective", local_text(version.effective)}});
  const auto add = [&at](const char* name, std::vector<XmlAttribute> attributes) {
    at.children.push_back(type_element(name, std::move(attributes)));
  };
  for (const TypeUnit& one : version.units) add("unit", {{"code", one.code}, {"name", one.name}});
  for (const TypeItem& one : version.items) add("item", {{"code", one.code}, {"name", one.name}});
  add("holders",
      {{"class", to_word(version.holders)}, {"several", yes_no(version.several_holders)}});
  add("instances", {{"several", yes_no(version.several_instances)}});
  std::vector<XmlAttribute> validity{{"kind", to_word(version.validity)}};
  if (version.years > 0) validity.push_back({"years", std::to_string(version.years)});
  add("validity", std::move(validity));
  add("template", {{"name", version.template_name}});
  add("sharing", {{"class", to_word(version.sharing)}});
  for (const TypeField& one : version.face) {
    add("field", {{"name", one.name}, {"label", one.label}, {"required", yes_no(one.required)}});
  }
  for (const TypeProperty& one : version.other) {
    add("other", {{"name", one.name}, {"value", one.value}});
  }
  return at;
}

}  // namespace

Result<CertificateType> parse_certificate_type(std::string_view xml, std::string_view file) {
  const auto root = parse_xml(xml, file, XmlLimits{});
  if (!root) return root.error();
  return TypeReader(file).read(root.value());
}

std::string write_certificate_type(const CertificateType& type, const TypeVersion& version) {
  XmlElement root = type_element("certificate-type", {{"code", type.code}, {"name", type.name}});
  root.children.push_back(version_element(version));
  return write_xml(root);
}

}  // namespace certbridge

#include "certbridge/query.h"
#include "certificate_words.h"
#include "query_words.h"

namespace certbridge {
namespace {

using namespace query;

Result<void> read_asked_about(const XmlElement& root, FindQuestion& question) {
  question.identifier = root.attribute_or_empty("identifier");
  question.number = root.attribute_or_empty("number");
  const auto holders = root.children_named("holder");
  for (const XmlElement* one : holders) {
    if (auto checked = check_shape(*one, {{"code"}, {"name", "code-type"}, {}}); !checked) {
      return checked;
    }
    question.holder = read_holder(*one);
  }
  const std::size_t asked =
      holders.size() + (question.identifier.empty() ? 0 : 1) + (question.number.empty() ? 0 : 1);
  if (asked == 1) return {};
  return wrong_value(root, "a question is about a holder, an identifier or a number: one of them");
}

}  // namespace

std::string write_find_question(const FindQuestion& question) {
  std::string xml = opened("find") + attribute("identifier", question.identifier) +
                    attribute("number", question.number) + ">";
  if (question.holder) xml += "<holder" + holder_attributes(*question.holder) + "/>";
  return xml + list_xml("type", "code", question.types) + asked_for_xml(question.asked_for) +
         "</find>";
}

Result<FindQuestion> parse_find_question(std::string_view xml) {
  const auto root =
      read_root(xml, "find", {{}, {"identifier", "number"}, {"holder", "type", "asked-for"}});
  if (!root) return root.error();
  FindQuestion question;
  if (auto read = read_asked_about(root.value(), question); !read) return read.error();
  auto types = read_list(root.value(), "type", "code");
  if (!types) return types.error();
  auto asked_for = read_asked_for(root.value());
  if (!asked_for) return asked_for.error();
  question.types = std::move(types).value();
  question.asked_for = std::move(asked_for).value();
  return question;
}

std::string write_file_question(const FileQuestion& question) {
  return opened("file") + attribute("file", question.file) +
         attribute("identifier", question.identifier) + ">" + asked_for_xml(question.asked_for) +
         "</file>";
}

Result<FileQuestion> parse_file_question(std::string_view xml) {
  const auto root = read_root(xml, "file", {{"file"}, {"identifier"}, {"asked-for"}});
  if (!root) return root.error();
  auto asked_for = read_asked_for(root.value());
  if (!asked_for) return asked_for.error();
  return FileQuestion{root.value().attribute_or_empty("file"),
                      root.value().attribute_or_empty("identifier"), std::move(asked_for).value()};
}

std::string write_verify_question(const VerifyQuestion& question) {
  return opened("verify") + ">" + asked_for_xml(question.asked_for) + "</verify>";
}

Result<VerifyQuestion> parse_verify_question(std::string_view xml) {
  const auto root = read_root(xml, "verify", {{}, {}, {"asked-for"}});
  if (!root) return root.error();
  auto asked_for = read_asked_for(root.value());
  if (!asked_for) return asked_for.error();
  return VerifyQuestion{std::move(asked_for).value()};
}

std::string write_case_question(const CaseQuestion& question) {
  return opened("case") + attribute("case-no", question.case_no) +
         flag("provisional", question.provisional) + "/>";
}

Result<CaseQuestion> parse_case_question(std::string_view xml) {
  const auto root = read_root(xml, "case", {{"case-no"}, {"provisional"}, {}});
  if (!root) return root.error();
  const auto provisional = read_flag(root.value(), "provisional");
  if (!provisional) return provisional.error();
  return CaseQuestion{root.value().attribute_or_empty("case-no"), provisional.value()};
}

std::string write_copy_question(const CopyQuestion& question) {
  return opened("copy") + attribute("unit", question.unit) + attribute("cause", question.cause) +
         attribute("made", time_text(question.made)) +
         attribute("expires", time_text(question.expires)) + "/>";
}

Result<CopyQuestion> parse_copy_question(std::string_view xml) {
  const auto root = read_root(xml, "copy", {{"unit", "cause", "made", "expires"}, {}, {}});
  if (!root) return root.error();
  const auto made = parse_time(root.value().attribute_or_empty("made"));
  const auto expires = parse_time(root.value().attribute_or_empty("expires"));
  if (!made || !expires || *expires <= *made) {
    return wrong_value(root.value(), "a copy expires after it was made, in UTC");
  }
  return CopyQuestion{root.value().attribute_or_empty("unit"),
                      root.value().attribute_or_empty("cause"), *made, *expires};
}

}  // namespace certbridge

#include "daily_log/log_form.h"

#include <algorithm>

#include "exchange/response.h"
#include "exchange/signature.h"
#include "profile/http_replies_reader.h"
#include "profile/profile_reader.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kLogNameSpace = "urn:certbridge:provincial-daily-log:1";
constexpr int kLeastKeyBits = 1024;

LogTimes read_times(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "times", {"closes", "wait", "due", "reply", "unsure"});
  const LogTimes times{reader.duration(element, "closes"), reader.duration(element, "wait"),
                       reader.duration(element, "due"), reader.duration(element, "reply")};
  if (times.wait < times.closes || times.due < times.wait) {
    reader.fail(element, "a log closes, then waits, then is due");
  }
  return times;
}

// Names are relative, below the folder, and differ from log to log.
void check_file_name(ProfileReader& reader, const XmlElement& element, const std::string& name) {
  const bool named = name.find("{number}") != std::string::npos;
  if (!named || name.starts_with('/') || name.find("..") != std::string::npos) {
    reader.fail(element, "a file's name is relative and has {number}");
  }
}

FileNames read_files(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "files", {"log", "reply", "unsure"});
  FileNames names{reader.needed(element, "log"), reader.needed(element, "reply")};
  check_file_name(reader, element, names.message);
  check_file_name(reader, element, names.response);
  return names;
}

LogField::Source field_source(ProfileReader& reader, const XmlElement& element) {
  const std::string from = element.attribute_or_empty("from");
  if (from == "fact") return LogField::Source::kFact;
  if (from == "number") return LogField::Source::kNumber;
  if (from == "area") return LogField::Source::kArea;
  if (from == "day") return LogField::Source::kDay;
  if (from == "version") return LogField::Source::kVersion;
  if (!from.empty()) reader.fail(element, "from is fact, number, area, day or version");
  if (element.attribute("constant") == nullptr) reader.fail(element, "it has from or constant");
  return LogField::Source::kConstant;
}

LogField read_field(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "field", {"name", "from", "constant", "otherwise", "unsure"});
  LogField field{reader.wire_name(element, "name"), field_source(reader, element), {}};
  const bool constant = field.source == LogField::Source::kConstant;
  field.text = element.attribute_or_empty(constant ? "constant" : "otherwise");
  const bool number = field.source == LogField::Source::kNumber;
  if (number != (field.name == kNumberField)) {
    reader.fail(element, "the number, and nothing else, is BizMsgID");
  }
  return field;
}

std::set<std::string, std::less<>> word_set(const XmlElement& element, const char* name) {
  const std::vector<std::string> words = words_of(element.attribute_or_empty(name));
  return {words.begin(), words.end()};
}

LogCount read_count(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "count", {"name", "types", "rights", "kinds", "unsure"});
  return {reader.wire_name(element, "name"), word_set(element, "types"),
          word_set(element, "rights"), reader.yes(element, "kinds", false)};
}

LogSide read_side(ProfileReader& reader, const XmlElement& element) {
  const std::string of = reader.needed(element, "of");
  if (of != "registered" && of != "accessed") reader.fail(element, "of is registered or accessed");
  return of == "accessed" ? LogSide::kAccessed : LogSide::kRegistered;
}

LogTotal read_total(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "total", {"name", "of", "unsure"});
  return {reader.wire_name(element, "name"), read_side(reader, element)};
}

LogAttribute read_log_attribute(ProfileReader& reader, const XmlElement& element) {
  reader.expect(
      element, "attribute",
      {"name", "label", "from", "length", "required", "otherwise", "yes", "no", "unsure"});
  LogAttribute attribute;
  attribute.name = reader.wire_name(element, "name");
  const std::string from = reader.needed(element, "from");
  if (from == "reported") {
    attribute.source = LogAttribute::Source::kReported;
    attribute.yes = reader.needed(element, "yes");
    attribute.no = reader.needed(element, "no");
  } else if (from == "number") {
    attribute.source = LogAttribute::Source::kNumber;
  } else if (from != "fact") {
    reader.fail(element, "from is fact, reported or number");
  }
  attribute.length = static_cast<std::size_t>(reader.number(element, "length", 0));
  attribute.required = reader.yes(element, "required", false);
  attribute.otherwise = element.attribute_or_empty("otherwise");
  return attribute;
}

LogList read_list(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "list", {"name", "of", "total", "row", "unsure"});
  LogList list{reader.wire_name(element, "name"),
               read_side(reader, element),
               reader.wire_name(element, "total"),
               reader.wire_name(element, "row"),
               {}};
  for (const XmlElement& attribute : element.children) {
    list.attributes.push_back(read_log_attribute(reader, attribute));
  }
  return list;
}

LogReplyForm read_reply(ProfileReader& reader, const XmlElement& element) {
  reader.expect(element, "reply", {"code", "words", "unsure"});
  LogReplyForm reply{reader.wire_name(element, "code"), reader.wire_name(element, "words"), {}};
  bool any = false;
  for (const XmlElement& code : element.children) {
    reader.expect(code, "code", {"value", "means", "label", "unsure"});
    const std::string means = reader.needed(code, "means");
    if (means != "accepted" && means != "rejected") {
      reader.fail(code, "means is accepted or rejected");
    }
    any = any || means == "accepted";
    const std::string value = reader.needed(code, "value");
    if (!is_reply_code(value)) reader.fail(code, kNoReplyCode);
    if (!reply.accepts.emplace(value, means == "accepted").second) {
      reader.fail(code, "it stands twice");
    }
  }
  if (!any) reader.fail(element, "no code accepts a log");
  return reply;
}

void read_part(ProfileReader& reader, const XmlElement& part, LogForm& form) {
  if (part.name == "field") return form.fields.push_back(read_field(reader, part));
  if (part.name == "count") return form.counts.push_back(read_count(reader, part));
  if (part.name == "total") return form.totals.push_back(read_total(reader, part));
  if (part.name == "list") return form.lists.push_back(read_list(reader, part));
  if (part.name == "http") {
    form.http = read_http_replies(reader, part);
    return;
  }
  reader.fail(part, "this element is not known here");
}

// Each element of the log has a name of its own, as has each attribute of one element.
void check_log_names(ProfileReader& reader, const XmlElement& root, const LogForm& form) {
  std::set<std::string> names;
  std::set<std::string> counts;
  bool fresh = true;
  for (const LogField& field : form.fields) fresh = names.insert(field.name).second && fresh;
  for (const LogTotal& total : form.totals) fresh = names.insert(total.name).second && fresh;
  for (const LogCount& count : form.counts) fresh = counts.insert(count.name).second && fresh;
  for (const LogList& list : form.lists) {
    fresh = names.insert(list.name).second && fresh;
    std::set<std::string> attributes;
    for (const LogAttribute& one : list.attributes) {
      fresh = attributes.insert(one.name).second && fresh;
    }
  }
  if (!fresh) reader.fail(root, "a name stands twice");
  if (form.fields.empty()) reader.fail(root, "it has no field");
}

}  // namespace

bool LogForm::is_signed() const {
  return std::any_of(fields.begin(), fields.end(), [](const LogField& field) {
    return field.source == LogField::Source::kNumber;
  });
}

Result<LogForm> parse_log_form(std::string_view xml, std::string_view file) {
  auto parsed = parse_xml(xml, file, kProfileLimits);
  if (!parsed) return Error::fault("profile.shape", parsed.error().message);
  const XmlElement& root = parsed.value();
  ProfileReader reader(file);
  reader.set_name_space(kLogNameSpace);
  reader.expect(root, "daily-log", {"name", "root", "entry", "least-bits"});
  LogForm form;
  form.name = reader.needed(root, "name");
  form.root = reader.wire_name(root, "root");
  form.entry = reader.wire_name(root, "entry");
  form.least_key_bits = static_cast<unsigned>(reader.number(root, "least-bits", kLeastKeyBits));
  if (form.least_key_bits < kLeastKeyBits) reader.fail(root, "keys have 1024 bits at least");
  if (root.children.size() < 4) {
    reader.fail(root, "it has times and files, then fields, counts, totals and lists, then reply");
    return *reader.error();
  }
  form.times = read_times(reader, root.children[0]);
  form.files = read_files(reader, root.children[1]);
  for (std::size_t i = 2; i + 1 < root.children.size(); ++i) {
    read_part(reader, root.children[i], form);
  }
  form.reply = read_reply(reader, root.children.back());
  check_log_names(reader, root, form);
  if (reader.error()) return *reader.error();
  return form;
}

}  // namespace certbridge::provincial_platform

#include "daily_log/log_text.h"

#include <cstdio>

#include "certbridge/xml.h"
#include "message/booked.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kXmlDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string element_text(const std::string& name, const std::string& value) {
  return "<" + name + ">" + xml_escape(value) + "</" + name + ">\n";
}

std::string attribute_of(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + xml_escape(value) + "\"";
}

std::string field_value(const LogField& field, const LogContent& content, int version) {
  switch (field.source) {
    case LogField::Source::kConstant:
      return field.text;
    case LogField::Source::kNumber:
      return {};
    case LogField::Source::kArea:
      return content.of.area;
    case LogField::Source::kDay:
      return content.of.compact_day();
    case LogField::Source::kVersion:
      return std::to_string(version);
    case LogField::Source::kFact:
      break;
  }
  const std::string fact = content.facts.text_or_empty(lower_case(field.name));
  return fact.empty() ? field.text : fact;
}

const std::vector<LogRow>& side_of(const LogContent& content, LogSide side) {
  return side == LogSide::kAccessed ? content.accessed : content.registered;
}

std::size_t counted(const LogCount& count, const std::vector<LogRow>& rows) {
  std::size_t number = 0;
  std::set<std::string> kinds;
  for (const LogRow& row : rows) {
    const std::string type = row.values.text_or_empty("djlx");
    const bool of_type = count.types.empty() || count.types.contains(type);
    const bool of_right =
        count.rights.empty() || count.rights.contains(row.values.text_or_empty("qllx"));
    if (!of_type || !of_right) continue;
    ++number;
    kinds.insert(type);
  }
  return count.kinds ? kinds.size() : number;
}

std::string total_text(const LogForm& form, const LogTotal& total, const LogContent& content) {
  std::string text = "<" + total.name;
  for (const LogCount& count : form.counts) {
    text += attribute_of(count.name, std::to_string(counted(count, side_of(content, total.side))));
  }
  return text + "/>\n";
}

std::string log_value(const LogAttribute& attribute, const LogRow& row) {
  std::string value;
  switch (attribute.source) {
    case LogAttribute::Source::kReported:
      return row.reported ? attribute.yes : attribute.no;
    case LogAttribute::Source::kNumber:
      value = row.number;
      break;
    case LogAttribute::Source::kFact:
      value = row.values.text_or_empty(lower_case(attribute.name));
      break;
  }
  return value.empty() ? attribute.otherwise : value;
}

std::string list_text(const LogList& list, const std::vector<LogRow>& rows) {
  std::string text =
      "<" + list.name + attribute_of(list.total, std::to_string(rows.size())) + ">\n";
  for (const LogRow& row : rows) {
    text += "<" + list.row;
    for (const LogAttribute& attribute : list.attributes) {
      text += attribute_of(attribute.name, log_value(attribute, row));
    }
    text += "/>\n";
  }
  return text + "</" + list.name + ">\n";
}

// The schema.
std::string simple_type(const std::string& facets) {
  return "<xs:simpleType><xs:restriction base=\"xs:string\">" + facets +
         "</xs:restriction></xs:simpleType>";
}
std::string pattern_type(const std::string& pattern) {
  return simple_type("<xs:pattern value=\"" + pattern + "\"/>");
}

std::string field_schema(const LogField& field) {
  std::string type = simple_type("<xs:maxLength value=\"500\"/>");
  std::string behind;
  switch (field.source) {
    case LogField::Source::kNumber:
      type = pattern_type("([0-9]{18})?");
      behind = "<xs:element name=\"DigitalSign\" minOccurs=\"0\">" +
               pattern_type("[0-9a-f]{256,4096}") + "</xs:element>\n";
      break;
    case LogField::Source::kArea:
      type = pattern_type("[0-9]{6}");
      break;
    case LogField::Source::kDay:
      type = pattern_type("[0-9]{8}");
      break;
    case LogField::Source::kVersion:
      type = pattern_type("[1-9][0-9]{0,5}");
      break;
    case LogField::Source::kConstant:
    case LogField::Source::kFact:
      break;
  }
  return "<xs:element name=\"" + field.name + "\">" + type + "</xs:element>\n" + behind;
}

std::string count_schema(const std::string& name) {
  return "<xs:attribute name=\"" + name + "\" use=\"required\" type=\"xs:nonNegativeInteger\"/>";
}

std::string total_schema(const LogForm& form, const LogTotal& total) {
  std::string text = "<xs:element name=\"" + total.name + "\"><xs:complexType>";
  for (const LogCount& count : form.counts) text += count_schema(count.name);
  return text + "</xs:complexType></xs:element>\n";
}

std::string row_type(const LogAttribute& attribute) {
  std::string facets;
  if (attribute.source == LogAttribute::Source::kReported) {
    for (const std::string& word : {attribute.yes, attribute.no}) {
      facets += "<xs:enumeration value=\"" + xml_escape(word) + "\"/>";
    }
    return simple_type(facets);
  }
  if (attribute.required) facets += "<xs:minLength value=\"1\"/>";
  if (attribute.length != 0) {
    facets += "<xs:maxLength value=\"" + std::to_string(attribute.length) + "\"/>";
  }
  return simple_type(facets);
}

std::string list_schema(const LogList& list) {
  std::string text = "<xs:element name=\"" + list.name +
                     "\"><xs:complexType><xs:sequence>\n<xs:element name=\"" + list.row +
                     "\" minOccurs=\"0\" maxOccurs=\"unbounded\"><xs:complexType>\n";
  for (const LogAttribute& attribute : list.attributes) {
    text += "<xs:attribute name=\"" + attribute.name + "\" use=\"required\">" +
            row_type(attribute) + "</xs:attribute>\n";
  }
  return text + "</xs:complexType></xs:element>\n</xs:sequence>" + count_schema(list.total) +
         "</xs:complexType></xs:element>\n";
}

LogRow accessed_row(const Access& access, const Record* registered) {
  LogRow row{{}, true, access.number};
  if (registered != nullptr) row.values = *registered;
  row.values.set("ywh", access.case_no);
  row.values.set("bdcdyh", access.unit);
  if (registered == nullptr) {
    row.values.set("djlx", access.type);
    row.values.set("qllx", access.right);
  }
  return row;
}

}  // namespace

LogContent log_content_of(const BookedDay& day, std::vector<Access> accesses) {
  LogContent content{day.of, day.facts, {}, {}};
  AccessFinder finder(std::move(accesses));
  for (const Record& registered : day.registered) {
    const Access* access = finder.take(registered);
    const bool sent = access != nullptr && access->standing == Access::Standing::kSent;
    content.registered.push_back({registered, sent, sent ? access->number : std::string()});
    if (sent) content.accessed.push_back(accessed_row(*access, &registered));
  }
  for (const Access& access : finder.left_of_the_day()) {
    if (access.standing != Access::Standing::kSent) continue;
    content.accessed.push_back(accessed_row(access, nullptr));
  }
  return content;
}

std::string write_log(const LogForm& form, const LogContent& content, int version) {
  std::string text = kXmlDeclaration + ("<" + form.root + ">\n<" + form.entry + ">\n");
  for (const LogField& field : form.fields) {
    text += element_text(field.name, field_value(field, content, version));
  }
  for (const LogTotal& total : form.totals) text += total_text(form, total, content);
  for (const LogList& list : form.lists) text += list_text(list, side_of(content, list.side));
  return text + "</" + form.entry + ">\n</" + form.root + ">\n";
}

std::string log_schema_text(const LogForm& form) {
  std::string text =
      kXmlDeclaration + ("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n<xs:element "
                         "name=\"" +
                         form.root + "\"><xs:complexType><xs:sequence>\n<xs:element name=\"" +
                         form.entry + "\"><xs:complexType><xs:sequence>\n");
  for (const LogField& field : form.fields) text += field_schema(field);
  for (const LogTotal& total : form.totals) text += total_schema(form, total);
  for (const LogList& list : form.lists) text += list_schema(list);
  return text +
         "</xs:sequence></xs:complexType></xs:element>\n"
         "</xs:sequence></xs:complexType></xs:element>\n</xs:schema>\n";
}

std::string log_number(const AreaDay& day, int version) {
  char text[16];
  std::snprintf(text, sizeof text, "%06d", version);
  return day.area + day.compact_day().substr(2) + text;
}

}  // namespace certbridge::provincial_platform

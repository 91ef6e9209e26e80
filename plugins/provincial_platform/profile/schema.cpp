#include "profile/schema.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <set>

namespace certbridge::provincial_platform {
namespace {

struct Released {
  void operator()(xmlDocPtr document) const { xmlFreeDoc(document); }
  void operator()(xmlSchemaParserCtxtPtr parser) const { xmlSchemaFreeParserCtxt(parser); }
  void operator()(xmlSchemaValidCtxtPtr check) const { xmlSchemaFreeValidCtxt(check); }
};
template <class T>
using Owned = std::unique_ptr<T, Released>;

void silent(void*, const char*, ...) {}
void silent_structured(void*, xmlErrorPtr) {}

std::string name_of(const xmlNode* node) {
  return node == nullptr || node->name == nullptr
             ? std::string()
             : std::string(reinterpret_cast<const char*>(node->name));
}

// The name in "Element 'A', attribute 'B': ..." and "Element 'A': The attribute 'B' is required
// ...". Values stand behind it only.
std::string named_attribute(const char* message) {
  constexpr std::string_view kMark = "attribute '";
  const std::string_view text = message == nullptr ? "" : message;
  const auto from = text.find(kMark);
  if (from == std::string_view::npos) return {};
  const auto start = from + kMark.size();
  return std::string(text.substr(start, text.find('\'', start) - start));
}

// "; expected: A, B" of "Expected is one of ( A, B )."
std::string expected_names(const char* message) {
  const std::string_view text = message == nullptr ? "" : message;
  const auto mark = text.find("Expected is");
  const auto from = mark == std::string_view::npos ? mark : text.find("( ", mark);
  const auto end = from == std::string_view::npos ? from : text.find(" )", from);
  if (end == std::string_view::npos) return {};
  return "; expected: " + std::string(text.substr(from + 2, end - from - 2));
}

std::size_t position_of(const xmlNode* node) {
  std::size_t position = 1;
  for (const xmlNode* other = node->prev; other != nullptr; other = other->prev) {
    if (other->type == XML_ELEMENT_NODE && xmlStrEqual(other->name, node->name) != 0) ++position;
  }
  return position;
}

Finding place_of(const xmlNode* node, const char* message) {
  Finding finding;
  if (node != nullptr && node->type == XML_ATTRIBUTE_NODE) {
    finding.attribute = name_of(node);
    node = node->parent;
  } else {
    finding.attribute = named_attribute(message);
  }
  const std::string parent = node == nullptr ? std::string() : name_of(node->parent);
  if (parent == "Head") return {"head", 0, name_of(node), {}};
  finding.table = node == nullptr ? "message" : name_of(node);
  if (finding.table == "Head") finding.table = "head";
  if (parent == "Data" || parent.ends_with("List")) finding.row = position_of(node);
  return finding;
}

std::string rule_of(int code, const char* message) {
  switch (code) {
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4:
      return "is missing";
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2:
      return "is not known here";
    case XML_SCHEMAV_ELEMENT_CONTENT:
      return "tables are missing, too many or out of order" + expected_names(message);
    case XML_SCHEMAV_CVC_MAXLENGTH_VALID:
      return "is too long";
    case XML_SCHEMAV_CVC_MINLENGTH_VALID:
      return "is empty";
    case XML_SCHEMAV_CVC_ENUMERATION_VALID:
      return "is no code of its list";
    default:
      return "has not the form that it needs";
  }
}

// More are as good as that many; each one's row is counted from the first.
constexpr std::size_t kMostPlaces = 100;

struct Findings {
  std::vector<Finding> all{};
  std::set<std::string> said{};
};

// What a union of codes, or a type and its facets, says twice is said once, by its place.
void on_finding(void* user, xmlErrorPtr problem) {
  auto& findings = *static_cast<Findings*>(user);
  if (problem == nullptr || findings.all.size() >= kMostPlaces) return;
  Finding finding = place_of(static_cast<const xmlNode*>(problem->node), problem->message);
  const std::string place = sentence(finding);
  finding.rule = rule_of(problem->code, problem->message);
  if (findings.said.insert(place).second) findings.all.push_back(std::move(finding));
}

}  // namespace

struct MessageSchema::Compiled {
  explicit Compiled(xmlSchemaPtr parsed) : schema(parsed) {}
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() { xmlSchemaFree(schema); }

  xmlSchemaPtr schema;  // null: the text was no schema
};

MessageSchema::MessageSchema() = default;
MessageSchema::~MessageSchema() = default;
MessageSchema::MessageSchema(MessageSchema&&) noexcept = default;
MessageSchema& MessageSchema::operator=(MessageSchema&&) noexcept = default;

Result<MessageSchema> MessageSchema::compile(const std::string& text) {
  const Owned<xmlSchemaParserCtxt> parser(
      xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size())));
  if (!parser) return Error::fault("provincial.schema_text", "a schema could not be set up");
  xmlSchemaSetParserErrors(parser.get(), &silent, &silent, nullptr);
  xmlSchemaSetParserStructuredErrors(parser.get(), &silent_structured, nullptr);
  MessageSchema schema;
  schema.compiled_ = std::make_unique<Compiled>(xmlSchemaParse(parser.get()));
  if (schema.compiled_->schema != nullptr) return schema;
  return Error::fault("provincial.schema_text",
                      "no schema can be made of the profile; check its patterns and names");
}

std::vector<Finding> MessageSchema::check(std::string_view message) const {
  const Owned<xmlDoc> document(
      xmlReadMemory(message.data(), static_cast<int>(message.size()), "message.xml", nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE));
  if (!document) return {{"message", 0, {}, "is not well-formed"}};
  const Owned<xmlSchemaValidCtxt> check(xmlSchemaNewValidCtxt(compiled_->schema));
  if (!check) return {{"message", 0, {}, "could not be checked: memory is short"}};
  Findings findings;
  xmlSchemaSetValidStructuredErrors(check.get(), &on_finding, &findings);
  const int answer = xmlSchemaValidateDoc(check.get(), document.get());
  if (answer != 0 && findings.all.empty()) {
    findings.all.push_back({"message", 0, {}, "could not be checked"});
  }
  return findings.all;
}

}  // namespace certbridge::provincial_platform

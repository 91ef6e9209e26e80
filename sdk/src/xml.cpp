#include "certbridge/xml.h"

#include "certbridge/text.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace certbridge {
namespace {

std::string text_of(const xmlChar* chars) {
  return chars == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(chars));
}

constexpr std::size_t kLongestName = 128;

bool has_short_names(const XmlElement& element) {
  return element.name.size() <= kLongestName &&
         std::all_of(element.attributes.begin(), element.attributes.end(),
                     [](const XmlAttribute& one) { return one.name.size() <= kLongestName; });
}

// Builds the tree while libxml2 reads, because its own tree keeps no columns.
class Builder {
 public:
  Builder(std::string_view file, const XmlLimits& limits) : file_(file), limits_(limits) {}

  void attach(xmlParserCtxtPtr context) { context_ = context; }
  const std::optional<Error>& error() const { return error_; }
  XmlElement take_root() { return std::move(root_.children.front()); }
  bool has_root() const { return !root_.children.empty(); }

  void start(XmlElement element) {
    if (error_) return;
    if (++elements_ > limits_.elements) return fail("xml.too_large", "too many elements");
    if (static_cast<int>(open_.size()) > limits_.depth)
      return fail("xml.too_deep", "elements are nested too deeply");
    if (!has_short_names(element))
      return fail("xml.too_large",
                  "a name is longer than " + std::to_string(kLongestName) + " bytes");
    for (const XmlAttribute& attribute : element.attributes) check(attribute.value);
    if (error_) return;
    element.line = xmlSAX2GetLineNumber(context_);
    element.column = xmlSAX2GetColumnNumber(context_);
    open_.back()->children.push_back(std::move(element));
    open_.push_back(&open_.back()->children.back());
  }
  void end() {
    if (!error_) check(open_.back()->text);
    if (!error_) open_.pop_back();
  }
  void characters(const char* text, int length) {
    if (!error_) open_.back()->text.append(text, static_cast<std::size_t>(length));
  }
  void fail(const char* code, const std::string& reason) {
    fail_at(code, reason, xmlSAX2GetLineNumber(context_), xmlSAX2GetColumnNumber(context_));
  }
  void fail_at(const char* code, const std::string& reason, int line, int column) {
    if (error_) return;
    error_ = Error::permanent(
        code, file_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + reason);
    xmlStopParser(context_);
  }

 private:
  // XML has control characters (U+007F to U+009F) that no text of ours may hold.
  void check(const std::string& text) {
    if (!check_text(text)) fail("xml.encoding", "a text holds a control character");
  }

  std::string file_;
  XmlLimits limits_;
  xmlParserCtxtPtr context_ = nullptr;
  std::size_t elements_ = 0;
  XmlElement root_{};
  std::vector<XmlElement*> open_{&root_};
  std::optional<Error> error_{};
};

Builder& builder(void* context) {
  return *static_cast<Builder*>(static_cast<xmlParserCtxtPtr>(context)->_private);
}

void on_start(void* context, const xmlChar* name, const xmlChar*, const xmlChar* uri, int,
              const xmlChar**, int attribute_count, int, const xmlChar** attributes) {
  XmlElement element;
  element.name = text_of(name);
  element.name_space = text_of(uri);
  element.attributes.reserve(static_cast<std::size_t>(attribute_count));
  for (int i = 0; i < attribute_count; ++i) {
    const xmlChar** part = attributes + static_cast<std::ptrdiff_t>(i) * 5;
    element.attributes.push_back(
        {text_of(part[0]), std::string(reinterpret_cast<const char*>(part[3]),
                                       static_cast<std::size_t>(part[4] - part[3]))});
  }
  builder(context).start(std::move(element));
}
void on_end(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  builder(context).end();
}
void on_characters(void* context, const xmlChar* text, int length) {
  builder(context).characters(reinterpret_cast<const char*>(text), length);
}
void on_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  builder(context).fail("xml.dtd", "a document type declaration is not allowed");
}
// Only the five predefined entities exist; libxml2 asks for every other one here.
xmlEntityPtr on_entity(void*, const xmlChar* name) { return xmlGetPredefinedEntity(name); }

constexpr std::size_t kRepeated = 20;  // bytes of a quotation by which it is found
constexpr std::size_t kLongestOwnWord = 40;

// Words of this alphabet are ours: element and attribute names of our own documents.
bool is_own_word(std::string_view word) {
  return word.size() <= kLongestOwnWord && std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || c == '-';
         });
}

// libxml2 quotes the document in its sentences. A document that is cut in the wrong place has
// personal data where a name should be, so nothing is repeated but names of our own documents.
std::string without_quotations(xmlErrorPtr problem) {
  std::string reason = problem->message == nullptr ? "not well-formed" : problem->message;
  if (const auto bytes = reason.find("Bytes:"); bytes != std::string::npos) reason.resize(bytes);
  for (const char* quoted : {problem->str1, problem->str2, problem->str3}) {
    const std::string_view word = quoted == nullptr ? "" : quoted;
    if (is_own_word(word)) continue;
    // Long ones are cut in the sentence.
    const auto at = reason.find(word.substr(0, kRepeated));
    if (at != std::string::npos) reason.replace(at, std::string::npos, "...");
  }
  std::replace_if(
      reason.begin(), reason.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  while (!reason.empty() && reason.back() == ' ') reason.pop_back();
  return reason;
}

void on_error(void* user, xmlErrorPtr problem) {
  if (problem == nullptr || problem->level < XML_ERR_ERROR) return;
  auto* context = static_cast<xmlParserCtxtPtr>(user);
  const bool encoding =
      problem->code == XML_ERR_INVALID_ENCODING || problem->code == XML_ERR_INVALID_CHAR ||
      problem->code == XML_I18N_CONV_FAILED || problem->code == XML_ERR_UNSUPPORTED_ENCODING ||
      problem->code == XML_ERR_UNKNOWN_ENCODING;
  static_cast<Builder*>(context->_private)
      ->fail_at(encoding ? "xml.encoding" : "xml.malformed", without_quotations(problem),
                problem->line, problem->int2);
}

xmlSAXHandler make_handler() {
  xmlSAXHandler handler{};
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = on_start;
  handler.endElementNs = on_end;
  handler.characters = on_characters;
  handler.cdataBlock = on_characters;
  handler.internalSubset = on_doctype;
  handler.getEntity = on_entity;
  handler.serror = on_error;
  return handler;
}

// Nothing for a character that stands for itself.
std::string_view escape_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&apos;";
    case '\n':
      return "&#10;";  // survives attribute normalisation
    case '\r':
      return "&#13;";
    case '\t':
      return "&#9;";
    default:
      return {};
  }
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("=\"");
  append_xml_escaped(out, value);
  out += '"';
}

void write_into(std::string& out, const XmlElement& element, const std::string& inherited) {
  out.append("<").append(element.name);
  if (element.name_space != inherited) append_attribute(out, "xmlns", element.name_space);
  for (const XmlAttribute& one : element.attributes) append_attribute(out, one.name, one.value);
  if (element.children.empty() && element.text.empty()) {
    out += "/>";
    return;
  }
  out += '>';
  append_xml_escaped(out, element.text);
  for (const XmlElement& child : element.children) write_into(out, child, element.name_space);
  out.append("</").append(element.name).append(">");
}

}  // namespace

const XmlAttribute* XmlElement::attribute(std::string_view attribute_name) const {
  for (const XmlAttribute& candidate : attributes) {
    if (candidate.name == attribute_name) return &candidate;
  }
  return nullptr;
}

const XmlElement* XmlElement::child(std::string_view child_name) const {
  for (const XmlElement& candidate : children) {
    if (candidate.name == child_name) return &candidate;
  }
  return nullptr;
}

std::vector<const XmlElement*> XmlElement::children_named(std::string_view child_name) const {
  std::vector<const XmlElement*> found;
  for (const XmlElement& candidate : children) {
    if (candidate.name == child_name) found.push_back(&candidate);
  }
  return found;
}

std::string XmlElement::attribute_or_empty(std::string_view attribute_name) const {
  const XmlAttribute* found = attribute(attribute_name);
  return found == nullptr ? std::string() : found->value;
}

Result<XmlElement> parse_xml(std::string_view bytes, std::string_view file,
                             const XmlLimits& limits) {
  if (bytes.size() > limits.bytes) {
    return Error::permanent("xml.too_large",
                            std::string(file) + ": document of " + std::to_string(bytes.size()) +
                                " bytes is above the limit of " + std::to_string(limits.bytes));
  }
  if (bytes.empty())
    return Error::permanent("xml.malformed", std::string(file) + ":1:1: the document is empty");
  Builder build(file, limits);
  xmlSAXHandler handler = make_handler();
  using ContextPointer = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;
  const ContextPointer context(
      xmlCreateMemoryParserCtxt(bytes.data(), static_cast<int>(bytes.size())), &xmlFreeParserCtxt);
  if (context == nullptr) return Error::fault("xml.memory", "libxml2 gave no parser");
  // The context frees the handler that it came with; ours is lent and taken back below.
  xmlSAXHandlerPtr own = context->sax;
  context->sax = &handler;
  context->_private = &build;
  context->sax2 = 1;
  // NOENT: else &amp; in an attribute arrives as a reference. Entities cannot be declared anyway: a
  // document type declaration ends the parsing before its first declaration is read.
  xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOENT);
  build.attach(context.get());
  xmlParseDocument(context.get());
  context->sax = own;
  if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
  context->myDoc = nullptr;
  if (build.error()) return *build.error();
  if (!context->wellFormed || !build.has_root()) {
    return Error::permanent("xml.malformed", std::string(file) + ":1:1: not well-formed");
  }
  return build.take_root();
}

// Most texts have nothing to escape, and are copied as a whole.
void append_xml_escaped(std::string& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view escape = escape_of(text[at]);
    if (escape.empty()) continue;
    out.append(text, from, at - from).append(escape);
    from = at + 1;
  }
  out.append(text, from);
}

std::string xml_escape(std::string_view text) {
  std::string out;
  append_xml_escaped(out, text);
  return out;
}

std::string write_xml(const XmlElement& element) {
  std::string out;
  write_into(out, element, "");
  return out;
}

}  // namespace certbridge

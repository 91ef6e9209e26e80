#include "config/schema_check.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlschemas.h>

#include <memory>

#include "config/schema_words.h"

namespace certbridge::host {
namespace {

struct Freed {
  void operator()(xmlParserCtxtPtr parser) const {
    if (parser->myDoc != nullptr) xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
  }
  void operator()(xmlSchemaParserCtxtPtr parser) const { xmlSchemaFreeParserCtxt(parser); }
  void operator()(xmlSchemaPtr schema) const { xmlSchemaFree(schema); }
  void operator()(xmlSchemaValidCtxtPtr check) const { xmlSchemaFreeValidCtxt(check); }
};
template <class T>
using Held = std::unique_ptr<T, Freed>;

struct Collector {
  const std::string& file;
  const SchemaWords& words;
  xmlParserCtxtPtr parser;
  ConfigurationErrors& errors;
};

void on_schema_error(void* user, xmlErrorPtr problem) {
  if (problem == nullptr || problem->message == nullptr) return;
  auto& collector = *static_cast<Collector*>(user);
  const auto said = collector.words.explain(problem->code, problem->message);
  if (!said) return;
  const Place place{collector.file, xmlSAX2GetLineNumber(collector.parser),
                    xmlSAX2GetColumnNumber(collector.parser)};
  collector.errors.push_back(error_at(place, said->element, said->reason, said->suggestion));
}

Held<xmlSchema> compile(std::string_view text) {
  const Held<xmlSchemaParserCtxt> parser(
      xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size())));
  return Held<xmlSchema>(parser ? xmlSchemaParse(parser.get()) : nullptr);
}

}  // namespace

void check_against_schema(std::string_view bytes, const XmlElement& document,
                          const std::string& file, SchemaName name, ConfigurationErrors& errors) {
  const Held<xmlSchema> schema = compile(schema_text(name));
  const Held<xmlSchemaValidCtxt> check(schema ? xmlSchemaNewValidCtxt(schema.get()) : nullptr);
  const Held<xmlParserCtxt> parser(
      xmlCreateMemoryParserCtxt(bytes.data(), static_cast<int>(bytes.size())));
  if (!check || !parser) {
    errors.push_back({file, 0, 0, {}, "the schema could not be set up: memory is short", {}});
    return;
  }
  const SchemaWords words(schema_text(name), document);
  Collector collector{file, words, parser.get(), errors};
  xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  xmlSchemaSetValidStructuredErrors(check.get(), &on_schema_error, &collector);
  xmlSchemaSAXPlugPtr plug = xmlSchemaSAXPlug(check.get(), &parser->sax, &parser->userData);
  if (plug == nullptr) {
    errors.push_back({file, 0, 0, {}, "the schema could not be set up", {}});
    return;
  }
  xmlParseDocument(parser.get());
  xmlSchemaSAXUnplug(plug);
}

}  // namespace certbridge::host

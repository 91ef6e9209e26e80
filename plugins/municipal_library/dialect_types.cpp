#include "dialect_reader.h"
#include "values.h"

namespace certbridge::municipal_library {
namespace {

void read_type_call(DialectReader& reader, const XmlElement& element, RemoteCall& into,
                    bool only_code) {
  std::set<std::string> carried;
  into = reader.read_call(element, carried);
  reader.check_sources(
      element, into,
      [only_code](std::string_view from) {
        return only_code ? from == "type.code" : is_type_source(from);
      },
      only_code ? "has only the type's code" : "has only what the catalogue says of a type");
}

void read_published(DialectReader& reader, const XmlElement& element, PublishedRule& into) {
  into.list = reader.needed(element, "list");
  into.name = reader.needed(element, "name");
  into.label = reader.needed(element, "label");
  into.required = reader.needed(element, "required");
}

}  // namespace

void read_catalogue(DialectReader& reader, const XmlElement& element, CatalogueRule& into) {
  for (const XmlElement& part : element.children) {
    if (part.name == "tell" || part.name == "face") {
      const XmlElement* call = part.child("call");
      if (call == nullptr || part.children.size() != 1) {
        reader.fail(part, "it needs one call");
        return;
      }
      read_type_call(reader, *call, part.name == "tell" ? into.tell : into.face,
                     part.name == "face");
    } else if (part.name == "published") {
      read_published(reader, part, into.published);
    } else if (part.name == "word") {
      reader.once(part, into.words, reader.needed(part, "from"), reader.needed(part, "to"));
    } else {
      reader.fail_unknown(part);
    }
  }
  if (into.published.list.empty()) reader.fail(element, "it needs what is published");
}

}  // namespace certbridge::municipal_library

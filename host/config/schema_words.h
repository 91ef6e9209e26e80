// Turns the schema validator's sentences into ones that operations staff can act on.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/xml.h"

namespace certbridge::host {

struct Explained {
  std::string element{};
  std::string reason{};
  std::string suggestion{};
};

class SchemaWords {
 public:
  // `schema` is one of config/schema: its named types carry a documentation sentence. `document` is
  // what is held against it.
  SchemaWords(std::string_view schema, const XmlElement& document);

  // Nothing for a sentence that only repeats another one. `code` and `message` are libxml2's.
  std::optional<Explained> explain(int code, std::string_view message) const;

 private:
  Explained unexpected_element(std::string element, std::string_view sentence) const;
  Explained unknown_attribute(std::string element, const std::string& attribute) const;
  Explained wrong_value(std::string element, const std::string& attribute,
                        std::string_view sentence) const;

  std::vector<std::string> missing_in(const std::string& element) const;

  using AttributeTypes = std::map<std::string, std::string, std::less<>>;

  std::map<std::string, AttributeTypes, std::less<>> attributes_{};                    // by element
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> optional_{};  // by element
  // What an element needs once each, in any order; what the document's root has of it.
  std::map<std::string, std::vector<std::string>, std::less<>> needed_{};
  std::string root_{};
  std::set<std::string, std::less<>> has_{};
  std::map<std::string, std::string, std::less<>> documentation_{};        // by type
  std::map<std::string, std::vector<std::string>, std::less<>> values_{};  // by type
};

}  // namespace certbridge::host

// What the parts of a dialect file are read with: it keeps the first thing that is wrong.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "certbridge/xml.h"
#include "dialect.h"

namespace certbridge::municipal_library {

template <class T>
using Words = std::map<std::string, T, std::less<>>;

// One thread. After the first fail() whatever is read counts for nothing.
class DialectReader {
 public:
  explicit DialectReader(std::string_view file) : file_(file) {}

  // The first failure: "dialect.shape" with file, line and element.
  const std::optional<Error>& error() const { return error_; }
  void fail(const XmlElement& at, const std::string& why);
  void fail_unknown(const XmlElement& at) { fail(at, "this element is not known here"); }
  // An attribute that must be there and not empty.
  std::string needed(const XmlElement& element, const char* name);
  std::chrono::seconds duration(const XmlElement& element, const char* name);
  Field read_field(const XmlElement& element);
  // `carried`: names that earlier calls carry, and this one's afterwards.
  RemoteCall read_call(const XmlElement& element, std::set<std::string>& carried);
  // Fails for a source of values that the call does not have; texts are always there.
  void check_sources(const XmlElement& at, const RemoteCall& call,
                     const std::function<bool(std::string_view)>& has, const std::string& why);

  template <class T>
  T word(const XmlElement& element, const char* name, const Words<T>& words) {
    const auto found = words.find(element.attribute_or_empty(name));
    if (found != words.end()) return found->second;
    fail(element, std::string("the attribute ") + name + " has a word that is not known");
    return words.begin()->second;
  }
  template <class T>
  void once(const XmlElement& element, Words<T>& into, const std::string& key, T value) {
    if (!into.emplace(key, std::move(value)).second) fail(element, "\"" + key + "\" stands twice");
  }

 private:
  std::size_t read_longest(const XmlElement& element);
  void check_source(const XmlElement& at, const Field& field);
  void check_carried(const XmlElement& at, const Field& field,
                     const std::set<std::string>& carried);

  std::string file_;
  std::optional<Error> error_{};
};

// The elements <word>, of which there is one for each status that is told, and <state>.
void read_word(DialectReader& reader, const XmlElement& element, Dialect& into);
void check_words(DialectReader& reader, const XmlElement& at, const Dialect& dialect);
void read_state(DialectReader& reader, const XmlElement& element, Dialect& into);
// The element <index>: how a platform that keeps an index is told of entries.
void read_index(DialectReader& reader, const XmlElement& element, Dialect& into);
// The element <ask>: how the library is asked for certificates.
void read_ask(DialectReader& reader, const XmlElement& element, AskRule& into);
// The element <uses>: how its log of uses is read.
void read_uses(DialectReader& reader, const XmlElement& element, UsesRule& into);
// The element <catalogue>: how it is told of types, and asked what it publishes of them.
void read_catalogue(DialectReader& reader, const XmlElement& element, CatalogueRule& into);
// The element <usage-report>: how it is told of uses.
void read_usage_form(DialectReader& reader, const XmlElement& element, UsageFormRule& into);

}  // namespace certbridge::municipal_library

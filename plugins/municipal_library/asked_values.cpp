#include <map>

#include "values.h"

namespace certbridge::municipal_library {
namespace {

// GB/T 36906: a use is bound to an item, or it is not.
constexpr const char* kBoundToItem = "0";
constexpr const char* kNotBound = "1";

using Source = std::string (*)(const Asked&);
const std::map<std::string, Source, std::less<>> kSources{
    {"asked.holder.name", [](const Asked& it) { return it.holder.name; }},
    {"asked.holder.code", [](const Asked& it) { return it.holder.code; }},
    {"asked.holder.type", [](const Asked& it) { return it.holder.code_type; }},
    {"asked.identifier", [](const Asked& it) { return it.identifier; }},
    {"asked.number", [](const Asked& it) { return it.number; }},
    {"asked.type", [](const Asked& it) { return it.type; }},
    {"asked.types", [](const Asked&) { return std::string(); }},
    {"asked.file", [](const Asked& it) { return it.file; }},
    {"asked.purpose", [](const Asked& it) { return it.asked_for.purpose; }},
    {"asked.item", [](const Asked& it) { return it.asked_for.item; }},
    {"asked.category",
     [](const Asked& it) {
       return std::string(it.asked_for.item.empty() ? kNotBound : kBoundToItem);
     }},
    {"asked.basis", [](const Asked& it) { return it.asked_for.basis; }},
    {"asked.unit", [](const Asked& it) { return it.asked_for.unit; }},
    {"asked.person", [](const Asked& it) { return it.asked_for.person; }}};

std::string translated_type(const std::string& type, const Dialect& dialect) {
  auto found = dialect.holder_types.find(type);
  if (found == dialect.holder_types.end()) found = dialect.holder_types.find("*");
  return found == dialect.holder_types.end() ? type : found->second.code;
}

std::string joined_types(const Asked& asked, const Dialect& dialect) {
  std::string joined;
  for (const std::string& type : asked.types) {
    joined += (joined.empty() ? "" : dialect.separator) + type;
  }
  return joined;
}

std::string translated(std::string_view from, const Asked& asked, const Dialect& dialect) {
  std::string text = kSources.find(from)->second(asked);
  if (from == "asked.types") return joined_types(asked, dialect);
  if (from == "asked.holder.type" && !text.empty()) return translated_type(text, dialect);
  if (from == "asked.purpose") {
    const auto word = dialect.ask.purposes.find(text);
    if (word != dialect.ask.purposes.end()) return word->second;
  }
  return text;
}

}  // namespace

bool is_asked_source(std::string_view from) { return kSources.contains(from); }

std::optional<std::string> asked_value(std::string_view from, const Asked& asked,
                                       const Dialect& dialect) {
  std::string text = translated(from, asked, dialect);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

}  // namespace certbridge::municipal_library

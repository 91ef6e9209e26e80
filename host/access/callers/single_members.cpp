#include "access/callers/single_members.h"

#include <boost/json.hpp>

namespace certbridge::host {
namespace {

namespace json = boost::json;

// How many members a text of valid JSON writes down.
std::size_t written_members(std::string_view text) {
  std::size_t colons = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[at] == ':') {
      ++colons;
    }
  }
  return colons;
}

std::size_t kept_members(const json::value& value) {
  std::size_t count = 0;
  if (value.is_array()) {
    for (const json::value& one : value.get_array()) count += kept_members(one);
  }
  if (value.is_object()) {
    count = value.get_object().size();
    for (const auto& member : value.get_object()) count += kept_members(member.value());
  }
  return count;
}

}  // namespace

bool has_repeated_member(const json::value& parsed, std::string_view text) {
  return kept_members(parsed) != written_members(text);
}

}  // namespace certbridge::host

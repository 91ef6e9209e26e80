#include "config/query_route_reader.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <sstream>

#include "config/document.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

constexpr const char* kKinds[] = {"", "find", "file", "verify", "availability", "compare"};

std::vector<std::string> words_of(const XmlElement& element, const char* attribute) {
  std::istringstream words(element.attribute_or_empty(attribute));
  return {std::istream_iterator<std::string>(words), {}};
}

std::optional<std::chrono::milliseconds> duration_of(const XmlElement& element,
                                                     const char* attribute) {
  const auto found = parse_duration_ms(element.attribute_or_empty(attribute));
  if (!found) return {};
  return std::chrono::milliseconds(*found);
}

QuerySource read_source(const XmlElement& element, const std::string& file) {
  QuerySource source;
  source.endpoint = element.attribute_or_empty("endpoint");
  for (std::string& type : words_of(element, "types")) source.types.insert(std::move(type));
  source.timeout = duration_of(element, "timeout").value_or(source.timeout);
  source.place = place_of(file, element);
  return source;
}

QueryStep read_step(const XmlElement& element, const std::string& file) {
  QueryStep step;
  step.hedge_after = duration_of(element, "hedge-after");
  if (element.name == "ask") {
    step.sources.push_back(read_source(element, file));
  } else {
    for (const XmlElement& one : element.children) step.sources.push_back(read_source(one, file));
  }
  return step;
}

// The schema has seen that it is one to three digits and a letter.
std::chrono::hours validity_of(const XmlElement& element) {
  const std::string text = element.attribute_or_empty("valid");
  const int number = std::atoi(text.c_str());
  return text.ends_with('d') ? std::chrono::hours(24) * number : std::chrono::hours(number);
}

QueryCopy read_copy(const XmlElement& element, const std::string& file) {
  QueryCopy copy;
  copy.endpoint = element.attribute_or_empty("endpoint");
  copy.valid = validity_of(element);
  copy.timeout = duration_of(element, "timeout").value_or(copy.timeout);
  copy.place = place_of(file, element);
  for (const XmlElement* one : element.children_named("purpose")) {
    copy.purposes[one->attribute_or_empty("name")] = one->attribute_or_empty("text");
  }
  for (const XmlElement* one : element.children_named("unit")) {
    copy.units[one->attribute_or_empty("code")] = one->attribute_or_empty("text");
  }
  return copy;
}

std::optional<QueryCache> read_cache(const XmlElement& root) {
  const auto keep = duration_of(root, "cache");
  if (!keep) return {};
  QueryCache cache;
  cache.keep = *keep;
  const auto entries = parse_integer(root.attribute_or_empty("cache-entries"));
  if (entries) cache.entries = static_cast<std::size_t>(*entries);
  const auto bytes = parse_size_bytes(root.attribute_or_empty("cache-size"));
  if (bytes) cache.bytes = static_cast<std::size_t>(*bytes);
  return cache;
}

void read_case(const XmlElement& element, const std::string& file, QueryRouteConfig& route) {
  route.case_place = place_of(file, element);
  route.case_endpoint = element.attribute_or_empty("endpoint");
  route.case_timeout = duration_of(element, "timeout").value_or(route.case_timeout);
}

}  // namespace

std::string to_text(QueryKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<QueryKind> query_kind(std::string_view word) {
  const auto found = std::find(std::begin(kKinds) + 1, std::end(kKinds), word);
  if (found == std::end(kKinds)) return {};
  return static_cast<QueryKind>(found - std::begin(kKinds));
}

QueryRouteConfig read_query_route(const XmlElement& root, const std::string& file) {
  QueryRouteConfig route;
  route.name = root.attribute_or_empty("name");
  route.budget = duration_of(root, "budget").value_or(route.budget);
  route.place = place_of(file, root);
  route.cache = read_cache(root);
  for (const std::string& word : words_of(root, "answers")) {
    if (const auto kind = query_kind(word)) route.answers.insert(*kind);
  }
  for (const XmlElement& element : root.children) {
    if (element.name == "case") {
      read_case(element, file, route);
    } else if (element.name == "copy") {
      route.copy = read_copy(element, file);
    } else {
      route.steps.push_back(read_step(element, file));
    }
  }
  return route;
}

}  // namespace certbridge::host

#include "config/query_route_reader.h"

#include <algorithm>
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
  for (const std::string& word : words_of(root, "answers")) {
    if (const auto kind = query_kind(word)) route.answers.insert(*kind);
  }
  for (const XmlElement& element : root.children) {
    if (element.name != "case") {
      route.steps.push_back(read_step(element, file));
      continue;
    }
    route.case_place = place_of(file, element);
    route.case_endpoint = element.attribute_or_empty("endpoint");
    route.case_timeout = duration_of(element, "timeout").value_or(route.case_timeout);
  }
  return route;
}

}  // namespace certbridge::host

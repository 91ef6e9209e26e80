#include "config/upward_reader.h"

#include <set>

#include "config/document.h"
#include "config/upward_leaving.h"

namespace certbridge::host {
namespace {

class LineChecker {
 public:
  LineChecker(const Configuration& configuration, ConfigurationErrors& errors)
      : configuration_(configuration), errors_(errors) {}

  void check() {
    std::set<std::string> names;
    for (const UpwardLine& line : configuration_.upward) {
      if (!names.insert(line.name).second) refuse(line, "the line stands twice", "keep one");
      check_parts(line);
      check_named(line, line.endpoint);
      for (const std::string& name : line.also) check_named(line, name);
      check_named(line, line.books);
      check_named(line, line.of);
    }
    check_told_once();
  }

 private:
  void refuse(const UpwardLine& line, const std::string& reason, const std::string& hint) {
    errors_.push_back(error_at(line.place, "line", "`" + line.name + "`: " + reason, hint));
  }
  void check_named(const UpwardLine& line, const std::string& name) {
    if (name.empty() || endpoint_named(configuration_, name) != nullptr) return;
    refuse(line, "unknown endpoint `" + name + "`",
           did_you_mean(name, endpoint_names(configuration_)));
  }
  void check_parts(const UpwardLine& line) {
    const bool city = line.name == kCityForwards;
    const bool sends = !line.endpoint.empty() || !line.also.empty();
    if (city && (line.of.empty() || line.books.empty() || sends)) {
      refuse(
          line, "where the city forwards, nothing is sent from here: it has no `endpoint`",
          "give `of`, the library that forwards, and `books`, which tells what the province shows");
    }
    if (!city && (line.endpoint.empty() || !line.of.empty())) {
      refuse(line, "it needs an `endpoint` on which the province is told, and no `of`", {});
    }
    if (line.on && !line.books.empty() && !configuration_.reconcile.given) {
      refuse(line, "`books` are compared, and the configuration does not say when",
             "give <reconcile>");
    }
  }
  void check_told_once() {
    const auto on = [&](const char* name) -> const UpwardLine* {
      for (const UpwardLine& line : configuration_.upward) {
        if (line.name == name && line.on) return &line;
      }
      return nullptr;
    };
    if (on(kCityForwards) == nullptr || on(kECertificateLine) == nullptr) return;
    refuse(*on(kECertificateLine),
           "the city forwards already: the province would be told of each certificate twice",
           "switch one of the two off; where the city forwards, ours only compares");
  }

  const Configuration& configuration_;
  ConfigurationErrors& errors_;
};

}  // namespace

std::vector<UpwardLine> read_upward(const XmlElement& element, const std::string& file) {
  std::vector<UpwardLine> lines;
  for (const XmlElement* one : element.children_named("line")) {
    lines.push_back({one->attribute_or_empty("name"), one->attribute_or_empty("on") == "yes",
                     one->attribute_or_empty("endpoint"), one->attribute_or_empty("books"),
                     one->attribute_or_empty("of"), names_in(one->attribute_or_empty("also")),
                     place_of(file, *one)});
  }
  return lines;
}

void apply_upward(Configuration& configuration, ConfigurationErrors& errors) {
  if (configuration.upward.empty()) return;
  const std::size_t before = errors.size();
  LineChecker(configuration, errors).check();
  if (errors.size() > before) return;
  for (const UpwardLine& line : configuration.upward) {
    if (!line.on || line.books.empty()) continue;
    const bool city = line.name == kCityForwards;
    ReconcileCounterpart counterpart{line.books, city ? line.of : line.endpoint, {}};
    counterpart.name = city ? line.name : line.endpoint;
    counterpart.only_compared = city;
    counterpart.newest_only = line.name != kSectorLine;
    configuration.reconcile.counterparts.push_back(std::move(counterpart));
  }
  leave_out_lines(configuration);
}

}  // namespace certbridge::host

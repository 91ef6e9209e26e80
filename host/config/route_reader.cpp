#include "config/route_reader.h"

#include <filesystem>
#include <map>
#include <sstream>

#include "config/document.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

class RouteReader {
 public:
  RouteReader(std::string file, std::string folder)
      : file_(std::move(file)), folder_(std::move(folder)) {}

  RouteConfig read(const XmlElement& root) {
    RouteConfig route;
    route.name = root.attribute_or_empty("name");
    if (root.attribute("lane") != nullptr) route.lane = root.attribute_or_empty("lane");
    route.report_refusal = root.attribute_or_empty("report-refusal");
    route.incomplete_while = root.attribute_or_empty("incomplete-while");
    route.supersedes = root.attribute_or_empty("supersedes");
    route.incomplete_code = root.attribute_or_empty("incomplete-code");
    read_duration(root, "incomplete-retry", route.incomplete_retry);
    read_duration(root, "incomplete-limit", route.incomplete_limit);
    route.place = place_of(file_, root);
    const XmlElement& from = *root.child("from");
    route.from = names_in(from.attribute_or_empty("endpoint"));
    route.beside = from.attribute_or_empty("beside") == "yes";
    route.when = condition(from, "when");
    route.steps = read_steps(root);
    return route;
  }

 private:
  static void read_duration(const XmlElement& element, const char* name,
                            std::chrono::milliseconds& into) {
    if (const auto found = parse_duration_ms(element.attribute_or_empty(name))) {
      into = std::chrono::milliseconds(*found);
    }
  }

  template <class Number>
  static void read_number(const std::string& text, Number& into) {
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    stream >> into;
  }

  ConditionText condition(const XmlElement& element, const char* attribute) const {
    const bool certificate = element.attribute_or_empty("scope") == "certificate";
    return {element.attribute_or_empty(attribute),
            certificate ? ConditionScope::kCertificate : ConditionScope::kEnvelope,
            place_of(file_, element)};
  }

  std::vector<Step> read_steps(const XmlElement& parent) {
    std::vector<Step> steps;
    for (const XmlElement& element : parent.children) {
      if (element.name != "from") steps.push_back(read_step(element));
    }
    return steps;
  }

  std::string name_of(const XmlElement& element) {
    std::string given = element.attribute_or_empty("name");
    if (!given.empty()) return given;
    std::string endpoint = element.attribute_or_empty("endpoint");
    if (!endpoint.empty()) return endpoint;
    const int count = ++counts_[element.name];
    return count == 1 ? element.name : element.name + "-" + std::to_string(count);
  }

  Step read_step(const XmlElement& element) {
    Step step;
    step.place = place_of(file_, element);
    step.name = name_of(element);
    step.endpoint = element.attribute_or_empty("endpoint");
    if (element.name == "filter") {
      step.kind = StepKind::kFilter;
      step.when = condition(element, "when");
    } else if (element.name == "choose") {
      step.kind = StepKind::kChoose;
      step.branches = read_branches(element);
    } else if (element.name == "validate") {
      step.kind = StepKind::kValidate;
      step.rules_file = (std::filesystem::path(folder_) / element.attribute_or_empty("rules"))
                            .lexically_normal()
                            .string();
    } else if (element.name == "call") {
      step.kind = StepKind::kCall;
      step.query = element.attribute_or_empty("query");
      step.prefix = element.attribute_or_empty("prefix");
    } else if (element.name == "deliver") {
      read_delivery(element, step);
    } else if (element.name == "review") {
      step.kind = StepKind::kReview;
      step.when = condition(element, "when");
      const std::string share = element.attribute_or_empty("share");
      if (!share.empty()) read_number(share, step.share);
    } else if (element.name == "life") {
      step.kind = StepKind::kLife;
      step.collected_by = element.attribute_or_empty("collected-by");
    } else if (element.name == "type-version") {
      step.kind = StepKind::kTypeVersion;
    } else if (element.name == "withdraw") {
      step.kind = StepKind::kWithdraw;
      step.key_kind = element.attribute_or_empty("key");
      step.withdraw_type = element.attribute_or_empty("type");
      step.reported_type = element.attribute_or_empty("reported");
    }
    return step;
  }

  std::vector<Branch> read_branches(const XmlElement& element) {
    std::vector<Branch> branches;
    for (const XmlElement& child : element.children) {
      branches.push_back({condition(child, "test"), read_steps(child)});
    }
    return branches;
  }

  static void read_delivery(const XmlElement& element, Step& step) {
    step.kind = StepKind::kDeliver;
    step.after = names_in(element.attribute_or_empty("after"));
    const XmlElement* retry = element.child("retry");
    if (retry == nullptr) return;
    RetryPolicy policy;
    read_duration(*retry, "first", policy.first);
    read_duration(*retry, "most", policy.most);
    const auto number = [&](const char* name, auto& into) {
      const XmlAttribute* found = retry->attribute(name);
      if (found == nullptr) return;
      read_number(found->value, into);
    };
    number("factor", policy.factor);
    number("jitter", policy.jitter);
    number("attempts", policy.attempts);
    step.retry = policy;
  }

  std::string file_;
  std::string folder_;
  std::map<std::string, int> counts_{};
};

}  // namespace

RouteConfig read_route(const XmlElement& root, const std::string& file,
                       const std::string& configuration_folder) {
  return RouteReader(file, configuration_folder).read(root);
}

}  // namespace certbridge::host

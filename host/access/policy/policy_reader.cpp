#include "access/policy/policy_reader.h"

#include <sstream>

#include "config/option_value.h"

namespace certbridge::host {
namespace {

void read_levels(const XmlElement& at, AccessPolicy::Parts& parts, PolicyFindings& findings) {
  parts.levels = words_in(at, "order");
  if (Words(parts.levels.begin(), parts.levels.end()).size() != parts.levels.size()) {
    findings.add("policy.value", at, "a level stands twice in `order`", {});
  }
}

void read_office_hours(const XmlElement& at, OfficeHours& hours, PolicyFindings& findings) {
  for (const std::string& day : words_in(at, "days")) {
    hours.days[static_cast<std::size_t>(day.front() - '0') % hours.days.size()] = true;
  }
  hours.from = parse_time_of_day(at.attribute_or_empty("from")).value_or(hours.from);
  hours.until = parse_time_of_day(at.attribute_or_empty("until")).value_or(hours.until);
  if (hours.from >= hours.until) {
    findings.add("policy.value", at, "`until` is not after `from`", {});
  }
}

std::uint32_t number_in(const XmlElement& at, std::string_view attribute) {
  const auto number = parse_integer(at.attribute_or_empty(attribute));
  return number ? static_cast<std::uint32_t>(*number) : 0;
}

void read_limits(const XmlElement& at, PatternSettings& settings) {
  settings.person = {number_in(at, "person-requests-per-minute"),
                     number_in(at, "person-holders-per-day")};
  settings.system = {number_in(at, "system-requests-per-minute"),
                     number_in(at, "system-holders-per-day")};
}

void read_flags(const XmlElement& at, PatternSettings& settings) {
  settings.cases_of_a_holder = number_in(at, "cases-of-a-holder");
  settings.denials_of_a_person = number_in(at, "denials-of-a-person");
  settings.flags_outside_office_hours = is_yes(at, "outside-office-hours", false);
}

void read_objections(const XmlElement& at, ObjectionDays& days) {
  days.objections = days.complaints = std::chrono::days(number_in(at, "days"));
  if (at.attribute("complaint-days") != nullptr) {
    days.complaints = std::chrono::days(number_in(at, "complaint-days"));
  }
}

void read_denial(const XmlElement& at, Denials& denials, PolicyFindings& findings) {
  if (at.attributes.size() != 1) {
    findings.add("policy.value", at, "one of `system`, `person`, `unit` and `type` is to be given",
                 "write a line for each");
    return;
  }
  const XmlAttribute& what = at.attributes.front();
  if (what.name == "system") denials.systems.insert(what.value);
  if (what.name == "person") denials.persons.insert(what.value);
  if (what.name == "unit") denials.units.insert(what.value);
  if (what.name == "type") denials.types.insert(what.value);
}

void read_element(const XmlElement& at, AccessPolicy::Parts& parts, PolicyFindings& findings) {
  if (at.name == "levels") return read_levels(at, parts, findings);
  if (at.name == "office-hours") return read_office_hours(at, parts.office_hours, findings);
  if (at.name == "limits") return read_limits(at, parts.patterns);
  if (at.name == "flags") return read_flags(at, parts.patterns);
  if (at.name == "objections") return read_objections(at, parts.objection_days);
  if (at.name == "purpose") return read_purpose(at, parts, findings);
  if (at.name == "ground") return read_ground(at, parts, findings);
  if (at.name == "authorisation") return read_authorisation(at, parts, findings);
  if (at.name == "deny") return read_denial(at, parts.denials, findings);
}

}  // namespace

std::vector<std::string> words_in(const XmlElement& at, std::string_view attribute) {
  std::istringstream stream(at.attribute_or_empty(attribute));
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

bool is_yes(const XmlElement& at, std::string_view attribute, bool otherwise) {
  const XmlAttribute* found = at.attribute(attribute);
  return found == nullptr ? otherwise : found->value == "yes";
}

Period read_period(const XmlElement& at, PolicyFindings& findings) {
  const std::string first = at.attribute_or_empty("from"), last = at.attribute_or_empty("until");
  const Period period{parse_day(first), parse_day(last)};
  if ((!first.empty() && !period.first) || (!last.empty() && !period.last)) {
    findings.add("policy.value", at, "there is no such day in the calendar", {});
  } else if (period.first && period.last && *period.last < *period.first) {
    findings.add("policy.value", at, "`until` is before `from`", {});
  }
  return period;
}

void read_policy(const XmlElement& root, AccessPolicy::Parts& parts, PolicyFindings& findings) {
  for (const XmlElement& element : root.children) read_element(element, parts, findings);
  parts.patterns.office_hours = parts.office_hours;
}

}  // namespace certbridge::host

#include "config/delivery_policy_reader.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "config/document.h"
#include "config/option_value.h"

namespace certbridge::host {
namespace {

using std::chrono::local_days;
using std::chrono::minutes;

constexpr std::array<const char*, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

int number_in(const std::string& text, std::size_t at, std::size_t length) {
  return std::atoi(text.substr(at, length).c_str());
}

// "08:30"; the schema has seen to its form.
int minutes_of(const std::string& text) {
  return number_in(text, 0, 2) * 60 + number_in(text, 3, 2);
}

// "+08:00"
minutes zone_of(const std::string& text) {
  const int ahead = minutes_of(text.substr(1));
  return minutes(text.front() == '-' ? -ahead : ahead);
}

std::size_t day_at(const std::string& name) {
  std::size_t day = 0;
  while (day < kDays.size() - 1 && name != kDays.at(day)) ++day;
  return day;
}

// "mon-fri", "fri-mon" or "mon,wed,sat-sun"
std::uint8_t days_of(const std::string& text) {
  std::uint8_t days = 0;
  for (std::size_t at = 0; at < text.size();
       at = std::min(text.find(',', at), text.size() - 1) + 1) {
    const std::size_t first = day_at(text.substr(at, 3));
    const bool range = at + 3 < text.size() && text[at + 3] == '-';
    const std::size_t last = range ? day_at(text.substr(at + 4, 3)) : first;
    for (std::size_t day = first;; day = (day + 1) % kDays.size()) {
      days = static_cast<std::uint8_t>(days | 1U << day);
      if (day == last) break;
    }
  }
  return days;
}

// "10/s", "300/min", "20000/h"
double per_second(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string unit = text.substr(slash + 1);
  const double seconds = unit == "s" ? 1 : unit == "min" ? 60 : 3600;
  return std::atof(text.substr(0, slash).c_str()) / seconds;
}

class PolicyReader {
 public:
  PolicyReader(const XmlElement& endpoint, const std::string& file, ConfigurationErrors& errors)
      : endpoint_(endpoint), file_(file), errors_(errors) {}

  DeliveryPolicy read() {
    const std::string zone = endpoint_.attribute_or_empty("zone");
    if (!zone.empty()) policy_.zone = zone_of(zone);
    if (const XmlElement* breaker = only("breaker")) read_breaker(*breaker);
    if (const XmlElement* verdicts = only("verdicts")) read_verdicts(*verdicts);
    if (const XmlElement* limits = only("limits")) read_limits(*limits);
    if (const XmlElement* hours = only("hours")) read_hours(*hours);
    for (const XmlElement* window : endpoint_.children_named("maintenance")) {
      read_maintenance(*window);
    }
    return policy_;
  }

 private:
  void refuse(const XmlElement& element, const std::string& reason, const std::string& hint) {
    errors_.push_back(error_at(place_of(file_, element), element.name, reason, hint));
  }

  // Null when there is none; a second one is refused.
  const XmlElement* only(const char* name) {
    const auto found = endpoint_.children_named(name);
    if (found.empty()) return nullptr;
    if (found.size() > 1) refuse(*found[1], "it is given twice", "keep one");
    return found.front();
  }

  template <class Number>
  static void number(const XmlElement& element, const char* name, Number& into) {
    const std::string text = element.attribute_or_empty(name);
    if (!text.empty()) into = static_cast<Number>(std::atoll(text.c_str()));
  }
  static void duration(const XmlElement& element, const char* name,
                       std::chrono::milliseconds& into) {
    const auto found = parse_duration_ms(element.attribute_or_empty(name));
    if (found) into = std::chrono::milliseconds(*found);
  }

  void read_breaker(const XmlElement& element) {
    BreakerPolicy& breaker = policy_.breaker;
    number(element, "failures", breaker.failures);
    duration(element, "first-probe", breaker.first_probe);
    duration(element, "longest-probe", breaker.longest_probe);
    if (breaker.first_probe <= breaker.longest_probe) return;
    refuse(element, "the first pause before a probe is longer than the longest one",
           "raise `longest-probe` or lower `first-probe`");
  }

  void read_verdicts(const XmlElement& element) {
    VerdictPolicy& verdicts = policy_.verdicts;
    duration(element, "ask", verdicts.ask);
    duration(element, "watch", verdicts.watch);
    duration(element, "look", verdicts.look);
    verdicts.repair_holds = element.attribute_or_empty("repair") == "holds";
    if (verdicts.watch.count() > 0 || element.attribute("look") == nullptr) return;
    refuse(element, "`look` says nothing without a `watch`", "add watch=\"72h\"");
  }

  void read_limits(const XmlElement& element) {
    DeliveryLimits& limits = policy_.limits;
    number(element, "per-hour", limits.per_hour);
    number(element, "per-day", limits.per_day);
    const std::string rate = element.attribute_or_empty("rate");
    if (!rate.empty()) limits.per_second = per_second(rate);
    number(element, "burst", limits.burst);
    if (rate.empty() && !element.attribute_or_empty("burst").empty()) {
      refuse(element, "`burst` says nothing without a `rate`", "add rate=\"10/s\"");
    }
    if (limits.per_hour > 0 && limits.per_day > 0 && limits.per_hour > limits.per_day) {
      refuse(element, "more is allowed in an hour than in a day", "lower `per-hour`");
    }
  }

  std::optional<local_days> day_of(const XmlElement& element, const std::string& text) {
    const std::chrono::year_month_day date(
        std::chrono::year(number_in(text, 0, 4)),
        std::chrono::month(static_cast<unsigned>(number_in(text, 5, 2))),
        std::chrono::day(static_cast<unsigned>(number_in(text, 8, 2))));
    if (date.ok()) return local_days(date);
    refuse(element, "there is no day `" + text.substr(0, 10) + "`", {});
    return {};
  }

  void read_hours(const XmlElement& element) {
    for (const XmlElement* open : element.children_named("open")) {
      OpenWindow window;
      const std::string days = open->attribute_or_empty("days");
      if (!days.empty()) window.days = days_of(days);
      window.from = minutes_of(open->attribute_or_empty("from"));
      window.to = minutes_of(open->attribute_or_empty("to"));
      if (window.from == window.to) {
        refuse(*open, "a window that ends when it begins is never open",
               "from=\"00:00\" to=\"24:00\" is the whole day");
      }
      policy_.hours.windows.push_back(window);
    }
    for (const XmlElement* closed : element.children_named("closed")) read_closed(*closed);
  }

  void read_closed(const XmlElement& element) {
    const std::string last = element.attribute_or_empty("to");
    const auto from = day_of(element, element.attribute_or_empty("from"));
    const auto to = last.empty() ? from : day_of(element, last);
    if (!from || !to) return;
    if (*to < *from) refuse(element, "the last closed day is before the first", "swap them");
    policy_.hours.closed.push_back({*from, *to});
  }

  // "2026-12-01T22:00"
  std::optional<Timestamp> moment_of(const XmlElement& element, const std::string& text) {
    const auto day = day_of(element, text);
    if (!day) return {};
    const auto local = *day + minutes(minutes_of(text.substr(11)));
    return Timestamp(std::chrono::milliseconds(local.time_since_epoch()) - policy_.zone);
  }

  void read_maintenance(const XmlElement& element) {
    const auto from = moment_of(element, element.attribute_or_empty("from"));
    const auto to = moment_of(element, element.attribute_or_empty("to"));
    if (!from || !to) return;
    if (*to <= *from) refuse(element, "the maintenance ends before it begins", "swap them");
    policy_.maintenance.push_back({*from, *to});
  }

  const XmlElement& endpoint_;
  const std::string& file_;
  ConfigurationErrors& errors_;
  DeliveryPolicy policy_{};
};

}  // namespace

DeliveryPolicy read_delivery_policy(const XmlElement& endpoint, const std::string& file,
                                    ConfigurationErrors& errors) {
  return PolicyReader(endpoint, file, errors).read();
}

}  // namespace certbridge::host

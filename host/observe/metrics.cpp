#include "observe/metrics.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace certbridge::host {
namespace {

constexpr std::size_t kMostSeries = 1000;  // of one name; more are counted under no labels

// A name as Prometheus takes it: a plugin's slip must not make the whole page unreadable.
std::string name_of(std::string_view name) {
  std::string text(name);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::replace_if(
      text.begin(), text.end(),
      [&](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_');
      },
      '_');
  return text.empty() || is_digit(text.front()) ? "_" + text : text;
}

std::string escaped(const std::string& value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"') out.push_back('\\');
    if (c == '\n') {
      out += "\\n";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string rendered(const MetricLabels& labels) {
  if (labels.empty()) return {};
  std::string text = "{";
  for (const auto& [name, value] : labels) {
    if (text.size() > 1) text += ',';
    text.append(name_of(name)).append("=\"");
    value.find_first_of("\\\"\n") == std::string::npos ? text.append(value)
                                                       : text.append(escaped(value));
    text += '"';
  }
  text += '}';
  return text;
}

// The shortest text that reads back as the same number.
std::string number_text(double value) {
  std::array<char, 40> text{};
  return {text.data(), std::to_chars(text.begin(), text.end(), value).ptr};
}

std::string sample(const std::string& name, const std::string& labels, double value) {
  return name + labels + " " + number_text(value) + "\n";
}

class EndpointMetrics final : public Metrics {
 public:
  EndpointMetrics(MetricsRegistry& registry, std::string endpoint)
      : registry_(registry), endpoint_(std::move(endpoint)) {}
  void count(std::string_view name, const MetricLabels& labels, double amount) override {
    registry_.count(std::string(name), with_endpoint(labels), amount);
  }
  void gauge(std::string_view name, const MetricLabels& labels, double value) override {
    registry_.gauge(std::string(name), with_endpoint(labels), value);
  }
  void observe(std::string_view name, const MetricLabels& labels, double value) override {
    registry_.observe(std::string(name), with_endpoint(labels), value);
  }

 private:
  MetricLabels with_endpoint(const MetricLabels& labels) const {
    MetricLabels all;
    all.reserve(labels.size() + 1);
    std::copy_if(labels.begin(), labels.end(), std::back_inserter(all),
                 [](const auto& label) { return label.first != "endpoint"; });
    all.emplace_back("endpoint", endpoint_);
    return all;
  }
  MetricsRegistry& registry_;
  std::string endpoint_;
};

}  // namespace

MetricsRegistry::Series& MetricsRegistry::series(const std::string& name, const char* type,
                                                 const MetricLabels& labels) {
  auto known = families_.find(name);
  if (known == families_.end()) {
    known = families_.try_emplace(name_of(name), Family{type, {}}).first;
  }
  Family& family = known->second;
  const std::string key = rendered(labels);
  if (family.series.size() >= kMostSeries && !family.series.contains(key)) return family.series[""];
  return family.series[key];
}

void MetricsRegistry::count(const std::string& name, const MetricLabels& labels, double amount) {
  const std::lock_guard lock(mutex_);
  series(name, "counter", labels).value += amount;
}

void MetricsRegistry::gauge(const std::string& name, const MetricLabels& labels, double value) {
  const std::lock_guard lock(mutex_);
  series(name, "gauge", labels).value = value;
}

void MetricsRegistry::observe(const std::string& name, const MetricLabels& labels, double value) {
  const std::lock_guard lock(mutex_);
  Series& entry = series(name, "summary", labels);
  entry.value += value;
  entry.number += 1;
}

double MetricsRegistry::value(const std::string& name, const MetricLabels& labels) const {
  const std::lock_guard lock(mutex_);
  const auto family = families_.find(name_of(name));
  if (family == families_.end()) return 0;
  const auto found = family->second.series.find(rendered(labels));
  return found == family->second.series.end() ? 0 : found->second.value;
}

std::string MetricsRegistry::prometheus_text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [name, family] : families_) {
    const std::string full = "certbridge_" + name;
    text += "# TYPE " + full + " " + family.type + "\n";
    const bool summary = std::string_view(family.type) == "summary";
    for (const auto& [labels, entry] : family.series) {
      text += sample(full + (summary ? "_sum" : ""), labels, entry.value);
      if (summary) text += sample(full + "_count", labels, entry.number);
    }
  }
  return text;
}

std::unique_ptr<Metrics> make_metrics(MetricsRegistry& registry, std::string endpoint) {
  return std::make_unique<EndpointMetrics>(registry, std::move(endpoint));
}

}  // namespace certbridge::host

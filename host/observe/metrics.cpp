#include "observe/metrics.h"

#include <array>
#include <cstdio>

namespace certbridge::host {
namespace {

constexpr std::size_t kMostSeries = 1000;  // of one name; more are counted under no labels

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
    if (text.size() > 1) text += ",";
    text += name + "=\"" + escaped(value) + "\"";
  }
  return text + "}";
}

std::string number_text(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.15g", value);
  return text.data();
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
    MetricLabels all = labels;
    all.emplace_back("endpoint", endpoint_);
    return all;
  }
  MetricsRegistry& registry_;
  std::string endpoint_;
};

}  // namespace

MetricsRegistry::Series& MetricsRegistry::series(const std::string& name, const char* type,
                                                 const MetricLabels& labels) {
  Family& family = families_[name];
  family.type = type;
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
  const auto family = families_.find(name);
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
      text += full + (summary ? "_sum" : "") + labels + " " + number_text(entry.value) + "\n";
      if (summary) text += full + "_count" + labels + " " + number_text(entry.number) + "\n";
    }
  }
  return text;
}

std::unique_ptr<Metrics> make_metrics(MetricsRegistry& registry, std::string endpoint) {
  return std::make_unique<EndpointMetrics>(registry, std::move(endpoint));
}

}  // namespace certbridge::host

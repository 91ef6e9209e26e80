// Counters, gauges and summaries in memory, shown in the text format of Prometheus.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "certbridge/context.h"

namespace certbridge::host {

// Any thread may call anything.
class MetricsRegistry {
 public:
  void count(const std::string& name, const MetricLabels& labels, double amount);
  void gauge(const std::string& name, const MetricLabels& labels, double value);
  void observe(const std::string& name, const MetricLabels& labels, double value);
  // The whole registry, "certbridge_" in front of every name.
  std::string prometheus_text() const;
  // Value of one counter or gauge; 0 when there is none.
  double value(const std::string& name, const MetricLabels& labels) const;

 private:
  struct Series {
    double value = 0;   // counters and gauges; the sum of a summary
    double number = 0;  // observations of a summary
  };
  struct Family {
    const char* type = "counter";
    std::map<std::string, Series> series{};  // by rendered labels
  };
  Series& series(const std::string& name, const char* type, const MetricLabels& labels);

  mutable std::mutex mutex_{};
  std::map<std::string, Family> families_{};
};

// Metrics of one endpoint: adds its label. `registry` outlives it.
std::unique_ptr<Metrics> make_metrics(MetricsRegistry& registry, std::string endpoint);

}  // namespace certbridge::host

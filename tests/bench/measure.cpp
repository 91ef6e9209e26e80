#include "measure.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace certbridge::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Three significant digits: more would claim what a shared machine cannot give.
std::string shown(double value) {
  char text[48];
  const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace

std::string Options::suffix() const { return slow_syncs ? " (+2 ms per sync)" : ""; }

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    const bool more = i + 1 < count;
    if (argument == "--short") {
      options.short_run = true;
    } else if (argument == "--rounds" && more) {
      options.rounds = std::max(1, std::atoi(arguments[++i]));
    } else if (argument == "--messages" && more) {
      options.messages = std::strtoull(arguments[++i], nullptr, 10);
    } else if (argument == "--journal" && more) {
      options.journal = arguments[++i];
    } else if (argument == "--folder" && more) {
      options.folder = arguments[++i];
    } else {
      give_up("unknown option " + argument +
              "; there are --short, --rounds N, --messages N, --journal DIR, --folder DIR");
    }
  }
  const char* delay = std::getenv("SLOW_SYNC_US");
  options.slow_syncs = delay != nullptr && std::atoi(delay) > 0;
  std::filesystem::create_directories(options.folder);
  return options;
}

double steady_seconds() { return seconds_of(CLOCK_MONOTONIC); }
double process_seconds() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }
double thread_seconds() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

std::uint64_t proportional_set_size() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  std::string line;
  while (std::getline(rollup, line)) {
    if (line.starts_with("Pss:")) return std::strtoull(line.c_str() + 4, nullptr, 10) * 1024;
  }
  give_up("/proc/self/smaps_rollup has no line Pss");
}

ScratchFolder::ScratchFolder(const std::string& parent) {
  std::string pattern = parent + "/bench-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    give_up("no folder can be made in " + parent + ": " + std::strerror(errno));
  }
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Table::Table(std::string subject, std::string title)
    : subject_(std::move(subject)), title_(std::move(title)) {}

void Table::add(const std::string& row, const std::string& unit, double value) {
  auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const Row& known) { return known.name == row; });
  if (found == rows_.end()) found = rows_.insert(rows_.end(), Row{row, unit, {}});
  found->values.push_back(value);
}

void Table::print() const {
  std::size_t width = 4;
  for (const Row& row : rows_) width = std::max(width, row.name.size());
  std::printf("\n## %s: %s\n\n", subject_.c_str(), title_.c_str());
  std::printf("| %-*s | %8s | %8s | %8s | unit |\n", static_cast<int>(width), "what", "min",
              "median", "max");
  std::printf("| %s | --- | --- | --- | --- |\n", std::string(width, '-').c_str());
  for (const Row& row : rows_) {
    std::vector<double> sorted = row.values;
    std::sort(sorted.begin(), sorted.end());
    std::printf("| %-*s | %8s | %8s | %8s | %s |\n", static_cast<int>(width), row.name.c_str(),
                shown(sorted.front()).c_str(), shown(sorted[sorted.size() / 2]).c_str(),
                shown(sorted.back()).c_str(), row.unit.c_str());
  }
  std::fflush(stdout);
}

void give_up(const std::string& why) {
  std::fprintf(stderr, "error: %s\n", why.c_str());
  std::exit(1);
}

}  // namespace certbridge::bench

#include <functional>

#include "reports/usage_files.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostSentences = 20;

std::uint64_t sum(const CountsByReason& counts) {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : counts) total += count;
  return total;
}

std::string is_not(const std::string& what, std::uint64_t told, std::uint64_t counted) {
  return what + ": " + std::to_string(told) + " in the report, " + std::to_string(counted) +
         " when counted again";
}

class Sentences {
 public:
  void add(std::string sentence) {
    if (found_.size() < kMostSentences) found_.push_back(std::move(sentence));
  }
  void compare(const std::string& what, std::uint64_t told, std::uint64_t counted) {
    if (told != counted) add(is_not(what, told, counted));
  }
  std::vector<std::string> all() { return std::move(found_); }

 private:
  std::vector<std::string> found_{};
};

std::string text_of(const UsageKey& key) {
  return "row " + key.period + " " + key.issuer + " " + key.unit + " " + key.type + " " +
         key.purpose + " " + key.kind + " " + key.result;
}

void compare_rows(const UsageReport& told, const UsageReport& counted, Sentences& found) {
  const auto count_in = [](const UsageReport& report, const UsageKey& key) {
    const auto row = report.rows.find(key);
    return row == report.rows.end() ? 0 : row->second;
  };
  for (const auto& [key, count] : told.rows) {
    if (key.source == kOwnUses) found.compare(text_of(key), count, count_in(counted, key));
  }
  for (const auto& [key, count] : counted.rows) {
    if (!told.rows.contains(key)) found.compare(text_of(key), 0, count);
  }
}

void compare_reasons(const CountsByReason& told, const CountsByReason& counted, Sentences& found) {
  CountsByReason all = told;
  all.insert(counted.begin(), counted.end());
  for (const auto& [reason, count] : all) {
    const auto count_in = [&reason = reason](const CountsByReason& counts) {
      const auto one = counts.find(reason);
      return one == counts.end() ? 0 : one->second;
    };
    found.compare("not counted, " + reason, count_in(told), count_in(counted));
  }
}

void compare_end(const char* which, const UsageEnd& told, const UsageEnd& counted,
                 Sentences& found) {
  if (told == counted) return;
  found.add(std::string(which) + " record: " + std::to_string(told.number) + " " + told.hash +
            " in the report, " + std::to_string(counted.number) + " " + counted.hash +
            " in the log");
}

}  // namespace

std::vector<std::string> wrong_sums(const UsageReport& report) {
  Sentences found;
  const UsageRecords& records = report.records;
  found.compare("uses by records", records.counted, report.total(kOwnUses));
  found.compare("records of the period", records.records,
                records.counted + sum(records.not_counted));
  std::uint64_t of_libraries = 0;
  for (const UsageLibrary& one : report.libraries) {
    of_libraries += one.counted;
    found.compare("log of " + one.library, one.logged,
                  one.ours + one.counted + sum(one.not_counted));
  }
  found.compare("uses by libraries", of_libraries, report.total(kLibraryUses));
  return found.all();
}

std::vector<std::string> differences(const UsageReport& told, const UsageReport& counted) {
  Sentences found;
  if (told.node != counted.node) found.add("it is a report of the node " + told.node);
  found.compare("records of the period", told.records.records, counted.records.records);
  found.compare("counted records", told.records.counted, counted.records.counted);
  compare_reasons(told.records.not_counted, counted.records.not_counted, found);
  compare_end("first", told.records.first, counted.records.first, found);
  compare_end("last", told.records.last, counted.records.last, found);
  compare_rows(told, counted, found);
  return found.all();
}

}  // namespace certbridge::host

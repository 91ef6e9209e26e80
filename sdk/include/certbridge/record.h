// Rows of named values: the language between a table-shaped wire and a plugin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certbridge/result.h"

namespace certbridge {

inline constexpr const char* kRecordsMediaType = "application/vnd.certbridge.records+xml";
// The most bytes of records that are read: a case of a whole development has thousands of units.
inline constexpr std::uint64_t kLargestRecords = 64UL << 20U;

// One row; a null value stays distinguishable from an empty one. Field names are lower case.
struct Record {
  std::vector<std::pair<std::string, std::optional<std::string>>> fields{};

  // Null when the row has no such field; a present field may hold no value.
  const std::optional<std::string>* find(std::string_view name) const;
  // The value, or empty when absent or null.
  std::string text_or_empty(std::string_view name) const;
  void set(std::string_view name, std::optional<std::string> value);
};

// The rows that one named query gave, or the parameters for one.
struct RecordSet {
  std::string name{};
  std::vector<Record> records{};
};

std::string write_records(const std::vector<RecordSet>& sets);
// Codes as parse_xml with kLargestRecords and a million elements, and "records.shape".
Result<std::vector<RecordSet>> parse_records(std::string_view xml);

}  // namespace certbridge

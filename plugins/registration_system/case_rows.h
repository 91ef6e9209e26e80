// The rows of one case, under our names and cleaned.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "certbridge/record.h"
#include "mapping.h"

namespace certbridge::registration {

// One row. A field that is absent, null or a placeholder is an empty text.
struct CaseRow {
  std::map<std::string, std::string, std::less<>> fields{};
  std::string query{};     // where it came from, for errors
  std::size_t number = 0;  // 1-based

  const std::string& text(std::string_view field) const;
  // "mw_case_party row 2": names the place without the value.
  std::string place() const;
};

struct CaseRows {
  std::map<std::string, std::vector<CaseRow>, std::less<>> sets{};

  const std::vector<CaseRow>& set(std::string_view name) const;  // empty when there is none
};

// Applies the mapping to what the named queries gave. "registration.incomplete" (retryable) when a
// required field has nothing, "registration.unmapped_code" when a code table lacks a code.
Result<CaseRows> map_rows(const std::vector<RecordSet>& answer, const Mapping& mapping);

// Full-width digits, letters, brackets and blanks to ASCII; outer white space removed.
std::string folded(std::string_view text);

}  // namespace certbridge::registration

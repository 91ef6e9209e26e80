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
  const SetMapping* set = nullptr;  // where it came from; of the mapping, which outlives the row
  std::size_t number = 0;           // 1-based

  const std::string& text(std::string_view field) const;
  // "mw_case_party row 2, column zjh": names the place, in the vendor's words, without the value.
  std::string place(std::string_view field) const;
};

// The place in an error's message as a clerk reads it, "mw_case_party.zjh，第2行"; what stands
// there for any field when the message names no place.
std::string place_for_clerks(const std::string& message);

struct CaseRows {
  std::map<std::string, std::vector<CaseRow>, std::less<>> sets{};

  const std::vector<CaseRow>& set(std::string_view name) const;  // empty when there is none
};

// Applies the mapping to what the named queries gave, of all sets or of one.
// "registration.incomplete" (retryable) when a required field has nothing,
// "registration.unmapped_code" when a code table lacks a code.
Result<CaseRows> map_rows(const std::vector<RecordSet>& answer, const Mapping& mapping,
                          std::string_view only = {});

// Full-width digits, letters, brackets and blanks to ASCII; outer white space removed.
std::string folded(std::string_view text);

}  // namespace certbridge::registration

// Objections as access records, and back.
#pragma once

#include <string>
#include <vector>

#include "access/policy/request.h"
#include "access/records/access_record.h"
#include "objections/objection.h"

namespace certbridge::host {

// Names of what a request states of an objection (StatedText), in its record's inputs.
namespace objection_words {
inline constexpr const char* kText = "text";        // what is not so, or what happened
inline constexpr const char* kField = "field";      // once for each field
inline constexpr const char* kDue = "due";          // milliseconds since 1970
inline constexpr const char* kUnit = "unit";        // that asked for paper
inline constexpr const char* kReason = "reason";    // of a step
inline constexpr const char* kVersion = "version";  // that replaces the certificate
inline constexpr const char* kNumber = "number";    // of the certificate that replaces it
}  // namespace objection_words

inline constexpr std::size_t kLongestObjection = 1000;  // characters of its text
inline constexpr std::size_t kMostObjectedFields = 32;

// The first value of that name; empty when there is none.
std::string statement_in(const std::vector<StatedText>& statements, std::string_view name);
// What the record of an objection or step states; nothing when its key is gone.
std::vector<StatedText> statements_of(const AccessRecord& record);

// Whether an allowed record of this number raises an objection or complaint.
bool raises_objection(const AccessRecord& record);
Objection objection_of(std::uint64_t number, const AccessRecord& record);
// What the record of a step does to it; others, and steps that cannot be, do nothing.
void apply_step(Objection& objection, std::uint64_t number, const AccessRecord& step);
// The members of `step` that follow from what it is about.
void fill_step(AccessRecord& step, const Objection& about, const std::string& result);

inline constexpr const char* kRaised = "raised";  // results of their records
inline constexpr const char* kShown = "shown";    // somebody read it: no step of the table

// The last moment of the so-manieth day behind the one it is raised on, in Beijing.
Timestamp due_after(Timestamp raised, std::chrono::days days);

}  // namespace certbridge::host

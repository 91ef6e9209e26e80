// What several operations need.
#pragma once

#include <algorithm>

#include "operate/operation.h"

namespace certbridge::host {

inline constexpr std::size_t kStandardLimit = 100;
inline constexpr std::int64_t kHighestLimit = 10'000;
inline constexpr std::size_t kMostFound = 1000;  // on one page of a search

std::size_t limit_of(const OperationCall& call);
Field count_field(std::uint64_t count);
// "in-review"; nothing for what is no state.
std::optional<MessageState> state_named(const std::string& name);
// "operate.parameter", with the states that there are.
Error no_such_state(const std::string& name);
// "operate.parameter" when `endpoint` or `route` names what the configuration does not have. Where
// something of a former endpoint may be found, only an answer without anything asks this.
Result<void> check_names(const OperationCall& call);
// Milliseconds as people write them, empty for none.
Field time_field(Timestamp when);

// The record of this call, to be committed with what it changes.
Action action_of(const OperationCall& call, const std::string& operation, const std::string& target,
                 const std::string& detail);
AnswerTable action_table(const std::vector<Action>& actions);
AnswerTable trace_table(const std::vector<TraceEntry>& trace);

}  // namespace certbridge::host

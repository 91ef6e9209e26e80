// What must be known of a piece of SQL before it is sent: its parameters and its names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::sql {

// Names of the parameters (":name") in the order in which they first occur, each once. Texts in
// quotes, comments and casts ("::") are passed over.
std::vector<std::string> parameters_of(std::string_view statement);

// Lower-case letters, digits and underscores, at most 63; one dot between schema and table.
bool is_table_name(std::string_view text);
bool is_column_name(std::string_view text);

}  // namespace certbridge::sql

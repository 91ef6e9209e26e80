// The named queries and statements that operations staff declare in XML.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "session.h"

namespace certbridge::sql {

struct NamedQuery {
  std::string set{};  // name of the record set in the answer
  std::string text{};
};

// Queries that are read together, in one snapshot.
struct QueryGroup {
  std::vector<NamedQuery> queries{};
  RowLimits limits{};  // of each query
};
using QueryGroups = std::map<std::string, QueryGroup, std::less<>>;

struct NamedStatement {
  std::string execute{};
  std::string confirm{};  // a row back means present
  std::string key{};      // the parameter whose value names what was written; may be empty
};
using NamedStatements = std::map<std::string, NamedStatement, std::less<>>;

// urn:certbridge:sql-queries:1 and urn:certbridge:sql-statements:1. "sql.declaration" names file,
// line and column.
Result<QueryGroups> parse_queries(std::string_view xml, std::string_view file);
Result<NamedStatements> parse_statements(std::string_view xml, std::string_view file);

}  // namespace certbridge::sql

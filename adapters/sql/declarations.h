// The XML files of this adapter: what is asked, what is written, and how an outbox looks.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"

namespace certbridge::sql {

struct NamedQuery {
  std::string name{};
  std::string sql{};
};
// Queries that are answered together, in one snapshot; by group name.
using QueryGroups = std::map<std::string, std::vector<NamedQuery>, std::less<>>;

struct NamedStatement {
  std::string sql{};
  std::string confirm{};  // a row back means that the effect is there; empty: cannot tell
};
using Statements = std::map<std::string, NamedStatement, std::less<>>;

struct ColumnHeader {
  std::string name{};
  std::string column{};
};
// Order keys of a row that stand in another table of the same database: every value of `column`
// there in the rows that have the row's value of `by`, a column of both tables.
struct KeyTable {
  std::string kind{};
  std::string table{};
  std::string column{};
  std::string by{};
};
struct Outbox {
  std::string table{};
  std::string sequence{};  // ordering column, also the row's key for us
  // Columns; rows that share a value of one of them are handed over in order. May be empty.
  std::vector<std::string> keep_order{};
  std::string key{};  // column with the source's idempotency key
  std::string message_type{};
  std::string area{};                  // column, may be empty
  std::string classified{};            // column; any value but empty and 0 means secret
  std::vector<std::string> columns{};  // all that are read, in order
  std::vector<ColumnHeader> headers{};
  std::vector<ColumnHeader> order_keys{};  // name is the kind
  std::vector<KeyTable> key_tables{};      // rows that share one of these are in order as well
};

// urn:certbridge:sql-queries:1, urn:certbridge:sql-statements:1, urn:certbridge:sql-outbox:1. Wrong
// files are faults, "sql.declaration", that name line and column.
Result<QueryGroups> parse_queries(std::string_view xml, const std::string& file);
Result<Statements> parse_statements(std::string_view xml, const std::string& file);
Result<Outbox> parse_outbox(std::string_view xml, const std::string& file);

}  // namespace certbridge::sql

// Which columns of an outbox table mean what: read from XML, so that the adapter knows nothing of
// certificates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "certbridge/message.h"
#include "certbridge/record.h"

namespace certbridge::sql {

struct ColumnRule {
  std::string name{};  // header name or order-key kind
  std::string column{};
  bool required = false;
};

struct Envelope {
  std::string table{};
  std::string message_type{};
  std::string record_set{};
  std::string sequence{};    // order of the rows; also their key
  std::string keep_order{};  // rows of one value of this column are handed over in order
  std::string source_key{};
  std::string area{};
  std::string classified{};  // may be empty
  std::string classified_value{};
  // Columns that we write; they are no part of the message.
  std::string status{}, owner{}, until{}, attempts{}, retry_at{}, error{}, done_at{};
  std::vector<ColumnRule> order_keys{};
  std::vector<ColumnRule> headers{};
};

// urn:certbridge:sql-outbox:1; every name is checked, since it becomes part of SQL.
// "sql.declaration" names file, line and column.
Result<Envelope> parse_envelope(std::string_view xml, std::string_view file);

// The message of one row: the raw row as body; what is missing becomes intake-error headers.
Message message_of(const Envelope& envelope, const Record& row);
// The row without the columns that we write.
Record content_of_row(const Envelope& envelope, const Record& row);

}  // namespace certbridge::sql

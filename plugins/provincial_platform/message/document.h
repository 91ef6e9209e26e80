// A message to the platform as a value, and its one written form.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace certbridge::provincial_platform {

struct Row {
  std::string table{};
  std::vector<std::pair<std::string, std::string>> attributes{};  // in the order of the wire
};

struct Document {
  std::string rec_type{};
  std::vector<std::pair<std::string, std::string>> head{};
  std::vector<Row> rows{};  // in the order of Data
};

// UTF-8 without byte-order mark: declaration, LF after each element, the same bytes for the same
// document. BizMsgID is empty in it; the signature puts the number there (signature.h).
std::string write_document(const Document& document);

}  // namespace certbridge::provincial_platform

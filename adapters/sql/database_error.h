// What a failure of the database means. A database's own words may quote values, so they are
// passed on only where they can name nothing but tables and columns.
#pragma once

#include <exception>
#include <string>

#include "certbridge/result.h"

namespace certbridge::sql {

// `what_for` is the sentence's subject: "query `right` of group `case`".
Error classify(const std::exception& failure, const std::string& what_for);
// From the five characters of a SQLSTATE, and what the server said.
Error classify_state(const std::string& state, const std::string& words,
                     const std::string& what_for);
// From a result code of SQLite, and its words.
Error classify_sqlite(int result, const std::string& words, const std::string& what_for);

}  // namespace certbridge::sql

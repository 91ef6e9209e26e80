// One statement with its parameters, prepared, bound and run through SOCI.
#pragma once

#include <soci/soci.h>

#include <deque>
#include <string>

#include "certbridge/record.h"
#include "session.h"

namespace certbridge::sql {

// For the sources of this folder only: it shows types of SOCI. Its calls may throw what SOCI
// throws.
class BoundStatement {
 public:
  BoundStatement(soci::session& session, Engine engine, const std::string& text,
                 const Record& parameters);
  std::int64_t run();
  Result<std::vector<Record>> rows(const RowLimits& limits);

 private:
  Result<std::vector<Record>> sqlite_rows(const RowLimits& limits);
  Result<std::vector<Record>> postgresql_rows(const RowLimits& limits);

  Engine engine_;
  // Bound by address, so they must not move.
  std::deque<std::string> values_{};
  std::deque<soci::indicator> indicators_{};
  soci::statement statement_;
};

}  // namespace certbridge::sql

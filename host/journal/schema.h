// The tables of the journal and the versions of their form.
#pragma once

#include "journal/database.h"

namespace certbridge::host {

inline constexpr std::int64_t kJournalFormat = 1;

// Settings that hold for every connection; `writer` connections sync each commit.
void configure_connection(Connection& connection, bool writer);
// Makes the tables in an empty file and checks the version of an existing one
// ("journal.newer_format"). Commits by itself.
void prepare_schema(Connection& connection);
void check_schema(Connection& connection);

}  // namespace certbridge::host

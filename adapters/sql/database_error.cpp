#include "database_error.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <string_view>

namespace certbridge::sql {
namespace {

struct Meaning {
  std::string_view prefix;
  Severity severity;
  std::string_view code;
  std::string_view sentence;
  bool words_are_safe;
};

// First match counts; a SQLSTATE's first two characters are its class.
constexpr std::array<Meaning, 15> kStates{{
    {"57014", Severity::kRetryable, "sql.timeout", "the database did not answer in time", false},
    {"57", Severity::kRetryable, "sql.connect", "the database is being stopped or restarted",
     false},
    {"08", Severity::kRetryable, "sql.connect", "the connection to the database was lost", false},
    {"53", Severity::kRetryable, "sql.busy", "the database is short of resources", false},
    {"55", Severity::kRetryable, "sql.busy", "another transaction holds what is needed", false},
    {"40", Severity::kRetryable, "sql.busy",
     "the database undid the transaction in favour of another", false},
    {"58", Severity::kRetryable, "sql.busy", "the database had trouble with its own files", false},
    {"28", Severity::kFault, "sql.authentication", "the database refuses user or password", false},
    {"3D", Severity::kFault, "sql.authentication", "there is no such database on this server",
     false},
    {"42501", Severity::kFault, "sql.authentication", "the user lacks a right", true},
    {"42", Severity::kFault, "sql.statement", "the statement does not fit the tables", true},
    {"25", Severity::kFault, "sql.statement", "the statement writes where only reading is allowed",
     false},
    {"22", Severity::kPermanent, "sql.value", "a value does not fit its column's type or length",
     false},
    {"23", Severity::kPermanent, "sql.constraint", "a rule of the table refuses the row", false},
    {"", Severity::kFault, "sql.failed", "the database failed", false},
}};

Error made(const Meaning& meaning, const std::string& what_for, const std::string& detail,
           const std::string& words) {
  std::string message = what_for + ": " + std::string(meaning.sentence) + " (" + detail + ")";
  if (meaning.words_are_safe && !words.empty()) message += ": " + words.substr(0, words.find('\n'));
  return {meaning.severity, std::string(meaning.code), std::move(message), {}};
}

// A name in the table above that means the same.
std::string_view state_of_sqlite(int result) {
  switch (result & 0xff) {
    case 5:
    case 6:
    case 13:
      return "55";  // busy, locked, full
    case 9:
      return "57014";  // interrupted by our deadline
    case 10:
    case 14:
      return "08";  // input or output, cannot open
    case 18:
    case 20:
      return "22";  // too big, mismatch
    case 19:
      return "23";  // constraint
    case 1:
    case 17:
      return "42";  // error, schema changed
    case 8:
      return "25";  // read-only
    default:
      return "";
  }
}

const Meaning& meaning_of(std::string_view state) {
  for (const Meaning& meaning : kStates) {
    if (state.substr(0, meaning.prefix.size()) == meaning.prefix) return meaning;
  }
  return kStates.back();
}

}  // namespace

Error classify_state(const std::string& state, const std::string& words,
                     const std::string& what_for) {
  // Without a state the server was not reached or went away in the middle.
  const std::string known = state.empty() || state[0] == ' ' || state[0] == '\0' ? "08000" : state;
  return made(meaning_of(known), what_for, "SQLSTATE " + known, words);
}

Error classify_sqlite(int result, const std::string& words, const std::string& what_for) {
  return made(meaning_of(state_of_sqlite(result)), what_for,
              "SQLite result " + std::to_string(result), words);
}

Error classify(const std::exception& failure, const std::string& what_for) {
  if (const auto* of_postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&failure)) {
    return classify_state(of_postgresql->sqlstate(), of_postgresql->get_error_message(), what_for);
  }
  if (const auto* of_sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&failure)) {
    return classify_sqlite(of_sqlite->result(), of_sqlite->get_error_message(), what_for);
  }
  return Error::fault("sql.failed", what_for + ": the database library failed");
}

}  // namespace certbridge::sql

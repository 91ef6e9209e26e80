// What people can do with a host: one list (operation_table.h) from which command line and HTTP API
// are made, so that both have the same names, parameters and rules.
#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "config/model.h"
#include "journal/store.h"

namespace certbridge::host {

enum class ParameterType : std::uint8_t {
  kText = 1,    // 1 to 500 characters, no control characters
  kNumber = 2,  // a whole number from 0
  kFlag = 3,    // "yes" or "no"
  kTime = 4,    // "2026-11-27" or "2026-11-27T08:00:00Z"
};
struct Parameter {
  const char* name = nullptr;
  ParameterType type = ParameterType::kText;
  bool required = false;
  bool positional = false;  // on the command line, without its name
  const char* meaning = nullptr;
  // Says who a person is: it stands in no address, and a command may read it from elsewhere.
  bool personal = false;
};

// What is left behind: only kReads works on the journal of a host that does not run.
enum class Effect : std::uint8_t {
  kReads = 1,
  kChanges = 2,
  kReveals = 3,  // changes nothing, but shows what a certificate says: leaves an action
};

struct Actor {
  std::string person{};
  std::string role{};  // under which he acts
};

class FaceSchedule;
class Objections;
class Reconciler;
class OperatorAccess;
class PersonalKeyDestroyer;

// What operations work on. All references outlive the call.
struct OperationServices {
  const Configuration& configuration;
  Store& store;
  const Clock& clock;
  std::stop_token stop{};            // whoever waits for an outcome ends then
  Reconciler* reconciler = nullptr;  // null beside a running host
  // Null beside a running host, and where accesses are not recorded.
  OperatorAccess* access = nullptr;
  PersonalKeyDestroyer* access_keys = nullptr;
  Objections* objections = nullptr;
  FaceSchedule* faces = nullptr;  // null beside a running host
};

using ParameterValues = std::map<std::string, std::string, std::less<>>;

struct OperationCall {
  OperationServices services;
  Actor actor{};
  ParameterValues values{};  // checked: known, complete, of their types

  std::string text(std::string_view name) const;  // empty when not given
  std::int64_t number(std::string_view name, std::int64_t otherwise) const;
  bool flag(std::string_view name) const;
  std::optional<Timestamp> time(std::string_view name) const;
};

// An answer without a library's types: named values, and tables below them.
using Field = std::variant<std::string, std::int64_t, bool>;
struct AnswerTable {
  std::string name{};
  std::vector<std::string> columns{};
  std::vector<std::vector<Field>> rows{};
};
struct OperationAnswer {
  std::vector<std::pair<std::string, Field>> values{};
  std::vector<AnswerTable> tables{};
};

struct Operation {
  const char* noun = nullptr;  // "parked"
  const char* verb = nullptr;  // "refetch"; empty: the noun says it all
  Effect effect = Effect::kReads;
  std::vector<Role> roles{};  // any of them
  const char* meaning = nullptr;
  std::vector<Parameter> parameters{};
  Result<OperationAnswer> (*perform)(const OperationCall& call) = nullptr;

  std::string name() const { return joined(" "); }
  std::string path() const { return "/api/1/" + joined("/"); }
  // Whether its parameters stand in the body of a request instead of in its address.
  bool in_body() const;
  const char* method() const { return in_body() ? "POST" : "GET"; }
  const Parameter* parameter(std::string_view wanted) const;
  std::string joined(const char* between) const {
    return *verb == '\0' ? std::string(noun) : std::string(noun) + between + verb;
  }
};

// "operate.parameter" names what is unknown, missing or of the wrong type. Nothing else is changed.
Result<void> check_parameters(const Operation& operation, const ParameterValues& values);

// Milliseconds since 1970 of "2026-11-27" or "2026-11-27T08:00:00Z" (UTC).
std::optional<Timestamp> parse_time(std::string_view text);

}  // namespace certbridge::host

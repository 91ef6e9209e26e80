#include "cli/admission.h"

#include <unistd.h>

#include "access/policy/access_policy.h"
#include "certbridge/text.h"
#include "cli/access_context.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "config/document.h"
#include "operate/operate_client.h"
#include "operate/operation_table.h"
#include "operate/people.h"
#include "operate/wire.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestPolicy = 1024UL * 1024;

void put(ParameterValues& values, const char* name, const std::string& value) {
  if (!value.empty()) values[name] = value;
}

ParameterValues values_of(const OperatorWish& wish) {
  ParameterValues values;
  put(values, "kind", to_text(wish.kind));
  put(values, "about", wish.about);
  put(values, "ground", wish.ground);
  put(values, "purpose", wish.purpose);
  put(values, "reason", wish.reason);
  put(values, "type", wish.type);
  put(values, "holder", wish.holder);
  put(values, "number", wish.number);
  put(values, "identifier", wish.identifier);
  if (wish.refers_to > 0) values["record"] = std::to_string(wish.refers_to);
  if (!wish.digest.empty()) values["digest"] = to_hex_text(wish.digest);
  return values;
}

Result<std::uint64_t> record_in(const std::string& answer) {
  const auto read = read_answer(answer);
  if (!read) return read.error();
  for (const auto& [name, value] : read.value().values) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (name == "record" && number != nullptr) return static_cast<std::uint64_t>(*number);
  }
  return Error::fault("operate.answer", "the host names no record");
}

Error not_recorded() {
  return Error::permanent("access.none",
                          "the configuration has no <access> and <queries>, so that nobody could "
                          "record it: what is personal stays masked");
}

// Whoever works at a host that does not run.
Result<std::uint64_t> admit_here(const AccessContext& context, const Operation& operation,
                                 OperatorWish wish) {
  const Configuration& configuration = context.loaded.configuration;
  const auto people = People::from(configuration.operate, [&](const std::string& name) {
    return context.loaded.secrets.value(name);
  });
  if (!people) return people.error();
  const Person* person = people.value().by_user(::geteuid());
  const auto role = person == nullptr ? std::nullopt : role_for(*person, operation);
  if (!role) {
    return Error::permanent("operate.role", "<operate> names nobody of this user who may do so");
  }
  const auto text = read_file(configuration.queries.policy_file, kLargestPolicy);
  if (!text) return text.error();
  const auto policy = AccessPolicy::parse(text.value(), configuration.queries.policy_file);
  if (!policy) return policy.error();
  const auto log = AccessLog::open(context.settings);
  if (!log) return log.error();
  wish.person = person->name;
  wish.role = to_text(*role);
  return RecordedOperatorAccess(*policy.value(), *log.value(), context.clock).admit(wish);
}

Result<std::uint64_t> ask(const AccessContext& context, const OperatorWish& wish) {
  const Operation& operation = *operation_at("/api/1/access/admit");
  const ParameterValues values = values_of(wish);
  if (auto fine = check_parameters(operation, values); !fine) return fine.error();
  const auto answer = ask_host(context.loaded.configuration.operate.socket, operation, values);
  if (answer) return record_in(answer.value());
  if (answer.error().code != "operate.no_host") return answer.error();
  return admit_here(context, operation, wish);
}

int admission_refused(const Error& error, Screen& problems) {
  problems.line(error.message + " (" + error.code + ")", Tone::kBad);
  return error.code == "operate.parameter" ? kExitUsage : kExitRefused;
}

}  // namespace

std::optional<int> admit(const Arguments& arguments, OperatorWish wish, Screen& problems,
                         std::uint64_t& record) {
  const auto reason = arguments.values.find("reason");
  if (reason != arguments.values.end()) wish.reason += reason->second;
  AccessContext context;
  if (const auto code = load_for_access(arguments, problems, context)) return code;
  const Configuration& configuration = context.loaded.configuration;
  if (!configuration.access.given || !configuration.queries.given) {
    return admission_refused(not_recorded(), problems);
  }
  if (const auto code = open_access_context(problems, context)) return code;
  const auto admitted = ask(context, wish);
  if (!admitted) return admission_refused(admitted.error(), problems);
  record = admitted.value();
  return {};
}

}  // namespace certbridge::host

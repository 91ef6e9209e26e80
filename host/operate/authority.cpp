#include "operate/authority.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include "operate/operation_table.h"
#include "operate/wire.h"

namespace certbridge::host {
namespace {

std::string path_of(const std::string& target) { return target.substr(0, target.find('?')); }

int status_of(const Error& error) {
  if (error.code == "journal.no_such_message" || error.code == "replay.no_such_job" ||
      error.code == "review.no_such_review" || error.code == "objection.unknown") {
    return 404;
  }
  if (error.code == "operate.parameter" || error.code == "operate.body") return 400;
  if (error.severity == Severity::kRetryable) return 503;
  return error.severity == Severity::kPermanent ? 409 : 500;
}

}  // namespace

const Person* OperationDesk::person_of(const OperationRequest& request) const {
  if (request.user) return people_.by_user(*request.user);
  if (!request.certificate_sha256.empty()) {
    const Person* person = people_.by_certificate(request.certificate_sha256);
    if (person != nullptr) return person;
  }
  return request.key.empty() ? nullptr : people_.by_key(request.key);
}

Result<ParameterValues> OperationDesk::parameters_of(const Operation& operation,
                                                     const OperationRequest& request) const {
  ParameterValues values;
  const auto question = request.target.find('?');
  if (operation.in_body()) {
    // A change is not to be had by following a link, and no address tells of a person.
    if (question != std::string::npos) {
      return Error::permanent("operate.parameter",
                              "the parameters of " + operation.name() + " stand in the body");
    }
    auto read = read_parameters(request.body);
    if (!read) return read.error();
    values = std::move(read).value();
  } else if (question != std::string::npos) {
    try {
      for (auto& [name, value] : Poco::URI(request.target).getQueryParameters()) {
        values[name] = value;
      }
    } catch (const Poco::Exception&) {
      return Error::permanent("operate.parameter", "the query is not well-formed");
    }
  }
  if (auto fine = check_parameters(operation, values); !fine) return fine.error();
  return values;
}

OperationResponse OperationDesk::refuse(const Operation* operation, int status, const Error& error,
                                        const std::string& person) {
  metrics_.count("operations_total",
                 {{"operation", operation == nullptr ? "" : operation->name()},
                  {"status", std::to_string(status)}},
                 1);
  logger_.log(LogLevel::kWarning, "operation.refused",
              {{"operation", operation == nullptr ? "" : operation->name()},
               {"person", person},
               {"status", std::to_string(status)},
               {"code", error.code}});
  return {status, write_error(error) + "\n"};
}

OperationResponse OperationDesk::perform(const Operation& operation, const Person& person,
                                         Role role, ParameterValues values) {
  const OperationCall call{services_, {person.name, to_text(role)}, std::move(values)};
  const auto done = operation.perform(call);
  if (!done) return refuse(&operation, status_of(done.error()), done.error(), person.name);
  metrics_.count("operations_total", {{"operation", operation.name()}, {"status", "200"}}, 1);
  if (operation.effect != Effect::kReads) {
    logger_.log(LogLevel::kInfo, "operation.done",
                {{"operation", operation.name()}, {"person", person.name}});
  }
  return {200, write_answer(done.value()) + "\n"};
}

OperationResponse OperationDesk::answer(const OperationRequest& request) {
  const Operation* operation = operation_at(path_of(request.target));
  if (operation == nullptr) {
    return refuse(nullptr, 404,
                  Error::permanent("operate.unknown",
                                   "there is no such operation; the list is in "
                                   "docs/guides/operations.md"),
                  "");
  }
  if (request.method != operation->method()) {
    return refuse(operation, 405,
                  Error::permanent("operate.method",
                                   operation->name() + " is asked with " + operation->method()),
                  "");
  }
  const Person* person = person_of(request);
  if (person == nullptr) {
    return refuse(operation, 401,
                  Error::permanent("operate.nobody",
                                   "nobody of <operate> is known by what this request shows"),
                  "");
  }
  const auto role = role_for(*person, *operation);
  if (!role) {
    return refuse(operation, 403,
                  Error::permanent("operate.role", "none of the roles of " + person->name +
                                                       " may do `" + operation->name() + "`"),
                  person->name);
  }
  auto values = parameters_of(*operation, request);
  if (!values) return refuse(operation, 400, values.error(), person->name);
  return perform(*operation, *person, *role, std::move(values).value());
}

}  // namespace certbridge::host

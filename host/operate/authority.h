// From a request to an operation that may be performed: who asks, may he, is it well-formed. The
// same for the socket and for HTTP, and without either: values only.
#pragma once

#include "observe/metrics.h"
#include "operate/people.h"

namespace certbridge::host {

// What a front knows of one request.
struct OperationRequest {
  std::string method{};
  std::string target{};              // path and query, as sent
  std::string body{};                // of POST
  std::optional<unsigned> user{};    // of the operating system: the other end of the socket
  std::string key{};                 // "Authorization: Bearer KEY"; empty: none
  std::string certificate_sha256{};  // of a client certificate that was verified; empty: none
};
struct OperationResponse {
  int status = 200;
  std::string body{};  // JSON
};

// Any thread may ask. All references outlive it.
class OperationDesk {
 public:
  OperationDesk(OperationServices services, People people, MetricsRegistry& metrics, Logger& logger)
      : services_(std::move(services)),
        people_(std::move(people)),
        metrics_(metrics),
        logger_(logger) {}

  // Refusals, in this order: 404 no such operation, 405 another method, 401 nobody is known by what
  // was shown, 403 none of his roles may, 400 parameters. Then what the operation says: 404, 409
  // when it is not (or no longer) so, 503 when the journal is busy, 500 for faults.
  OperationResponse answer(const OperationRequest& request);

 private:
  const Person* person_of(const OperationRequest& request) const;
  Result<ParameterValues> parameters_of(const Operation& operation,
                                        const OperationRequest& request) const;
  OperationResponse refuse(const Operation* operation, int status, const Error& error,
                           const std::string& person);
  OperationResponse perform(const Operation& operation, const Person& person, Role role,
                            ParameterValues values);

  OperationServices services_;
  People people_;
  MetricsRegistry& metrics_;
  Logger& logger_;
};

}  // namespace certbridge::host

#include "cli/ask_endpoint.h"

#include <set>

#include "cli/exit_codes.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestCopy = 64UL * 1024 * 1024;
constexpr std::chrono::seconds kLongestAnswer{60};

// Only the asked endpoint and what is lent to it: no other counterpart is touched.
Configuration only(const Configuration& whole, const std::string& name) {
  std::set<std::string> wanted{name};
  for (bool grew = true; grew;) {
    grew = false;
    for (const EndpointConfig& endpoint : whole.endpoints) {
      if (!wanted.contains(endpoint.name)) continue;
      for (const LentEndpoint& lent : endpoint.lent)
        grew = wanted.insert(lent.endpoint).second || grew;
    }
  }
  Configuration part = whole;
  std::erase_if(part.endpoints,
                [&](const EndpointConfig& endpoint) { return !wanted.contains(endpoint.name); });
  return part;
}

}  // namespace

HostServices services_of(const LoadedConfiguration& loaded, const Clock& clock) {
  HostServices services;
  services.clock = &clock;
  services.issuers = &loaded.configuration.issuers;
  services.environment = loaded.configuration.environment;
  services.secret = [&loaded](const std::string& secret) { return loaded.secrets.value(secret); };
  return services;
}

Result<Message> ask_endpoint(const LoadedConfiguration& loaded, const std::string& name,
                             const Message& question) {
  const SystemClock clock;
  const auto endpoints =
      make_endpoints(only(loaded.configuration, name), services_of(loaded, clock));
  endpoints->start();
  Call call;
  call.trace_id = "command";
  call.step_key = "command/" + question.type;
  call.deadline = clock.steady() + kLongestAnswer;
  Result<Message> answer = endpoints->responder(name)->answer(question, call);
  if (!answer) return answer;
  // The answer's bytes are copied out before the component that made them is gone.
  if (answer.value().body == nullptr) return Error::fault("answer.empty", "the answer has no body");
  Result<std::string> body = read_all(*answer.value().body, kLargestCopy);
  if (!body) return body.error();
  Message copy;
  copy.headers = answer.value().headers;
  copy.media_type = answer.value().media_type;
  copy.body = content_of(std::move(body).value());
  return copy;
}

Result<Message> ask_kind(const LoadedConfiguration& loaded, const std::string& plugin,
                         const std::string& kind, const Message& question) {
  for (const EndpointConfig& endpoint : loaded.configuration.endpoints) {
    if (endpoint.plugin == plugin && endpoint.kind == kind)
      return ask_endpoint(loaded, endpoint.name, question);
  }
  return Error::fault("config.no_endpoint", "the configuration has no endpoint of plugin `" +
                                                plugin + "`, kind `" + kind + "`");
}

int exit_code_of(const Error& error) {
  return error.severity == Severity::kPermanent ? kExitFindings : kExitConfiguration;
}

}  // namespace certbridge::host

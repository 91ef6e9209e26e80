#include "operate/operate_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <unistd.h>

#include <cerrno>
#include <ostream>

#include "operate/wire.h"

namespace certbridge::host {
namespace {

namespace net = Poco::Net;
const Poco::Timespan kAnswerPatience(90, 0);  // longer than the longest wait for an outcome

std::string target_of(const Operation& operation, const ParameterValues& values) {
  if (operation.in_body()) return operation.path();
  Poco::URI uri(operation.path());
  for (const auto& [name, value] : values) uri.addQueryParameter(name, value);
  return uri.getPathAndQuery();
}

std::string exchange(net::StreamSocket& socket, const Operation& operation,
                     const ParameterValues& values, int& status) {
  net::HTTPClientSession session(socket);
  session.setTimeout(kAnswerPatience);
  net::HTTPRequest request(operation.method(), target_of(operation, values),
                           net::HTTPMessage::HTTP_1_1);
  request.setHost("localhost");
  const std::string body = operation.in_body() ? write_parameters(values) : std::string();
  request.setContentLength(static_cast<std::streamsize>(body.size()));
  session.sendRequest(request) << body;
  net::HTTPResponse response;
  std::string answer;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), answer);
  status = response.getStatus();
  return answer;
}

// Nobody is told to start a host that runs.
Error closed_to_this_user(const std::string& path) {
  return Error::permanent("operate.closed", "the host's socket " + path +
                                                " is closed to this user; <operate socket> and "
                                                "<person user> of the configuration let others in");
}

}  // namespace

Result<std::string> ask_host(const std::string& path, const Operation& operation,
                             const ParameterValues& values) {
  net::StreamSocket socket;
  try {
    socket.connect(net::SocketAddress(net::SocketAddress::UNIX_LOCAL, path));
  } catch (const Poco::Exception& problem) {
    if (::access(path.c_str(), R_OK | W_OK) != 0 && errno == EACCES)
      return closed_to_this_user(path);
    return Error::permanent("operate.no_host",
                            "no host answers at " + path + " (" + problem.displayText() + ")");
  }
  try {
    int status = 0;
    std::string answer = exchange(socket, operation, values, status);
    if (status != 200) return read_error(answer);
    return answer;
  } catch (const Poco::Exception& problem) {
    return Error::fault("operate.answer", "the host at " + path +
                                              " did not answer: " + problem.displayText() +
                                              "; look whether it was done: `actions list`");
  }
}

}  // namespace certbridge::host

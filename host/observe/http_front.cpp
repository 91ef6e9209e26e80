#include "observe/http_front.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <ostream>

namespace certbridge::host {
namespace {

const Poco::Timespan kPatience(5, 0);  // for a request to come whole

using Answer = std::function<FrontAnswer(const std::string&)>;

class Handler final : public Poco::Net::HTTPRequestHandler {
 public:
  explicit Handler(const Answer& answer) : answer_(answer) {}

  void handleRequest(Poco::Net::HTTPServerRequest& request,
                     Poco::Net::HTTPServerResponse& response) override {
    // The body of a request is never read here, so the connection must not be used again.
    response.setKeepAlive(false);
    FrontAnswer given{405, "text/plain", "only GET\n"};
    if (request.getMethod() == Poco::Net::HTTPRequest::HTTP_GET) given = answer_(request.getURI());
    response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(given.status));
    response.setContentType(given.media_type);
    response.setContentLength64(static_cast<Poco::Int64>(given.body.size()));
    response.send() << given.body;
  }

 private:
  const Answer& answer_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit Factory(Answer answer) : answer_(std::move(answer)) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    return new Handler(answer_);  // POCO owns it
  }

 private:
  Answer answer_;
};

// POCO would share the port with another process that listens there; a second host must notice.
Poco::Net::ServerSocket listening_on(const std::string& address) {
  Poco::Net::ServerSocket socket;
  socket.bind(Poco::Net::SocketAddress(address), true, false);
  socket.listen();
  return socket;
}

class PocoFront final : public ObserveFront {
 public:
  PocoFront(const std::string& address, Answer answer)
      : pool_("observe", 1, 2),
        socket_(listening_on(address)),
        server_(new Factory(std::move(answer)), pool_, socket_, parameters()) {
    server_.start();
  }
  ~PocoFront() override { end(); }
  std::uint16_t port() const override { return server_.port(); }
  void stop() override { end(); }

 private:
  // A thread that was given a connection and has not begun with it would otherwise never begin, and
  // hold POCO's dispatcher for ever.
  void end() {
    server_.stopAll(true);
    pool_.joinAll();
  }
  static Poco::Net::HTTPServerParams::Ptr parameters() {
    Poco::Net::HTTPServerParams::Ptr chosen = new Poco::Net::HTTPServerParams;
    chosen->setTimeout(kPatience);
    return chosen;
  }

  Poco::ThreadPool pool_;
  Poco::Net::ServerSocket socket_;
  Poco::Net::HTTPServer server_;
};

}  // namespace

Result<std::unique_ptr<ObserveFront>> open_observe_front(const std::string& address,
                                                         Answer answer) {
  try {
    return std::unique_ptr<ObserveFront>(std::make_unique<PocoFront>(address, std::move(answer)));
  } catch (const Poco::Exception& problem) {
    return Error::fault("observe.listen", "cannot listen on " + address + ": " +
                                              problem.displayText() +
                                              "; choose another address in <listen>");
  }
}

}  // namespace certbridge::host

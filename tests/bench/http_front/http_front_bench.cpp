// Which library serves the front: the same POST, answered 202 by our Beast front and by POCO's
// server, in turns, with the server's processor time for each request.
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "certbridge_front/http_front.h"
#include "load_process.h"

namespace certbridge::bench {
namespace {

constexpr const char* kAnswer = R"({"id":"20261124-0000001"})";
constexpr std::size_t kBodyBytes = 4096;

class AcceptAll final : public http::FrontHandler {
 public:
  std::optional<http::FrontAnswer> refuse(const http::FrontHead& head) override {
    if (head.api_key == "bench") return std::nullopt;
    return http::FrontAnswer{401, "{}", {}};
  }
  void handle(const http::FrontHead&, std::string, http::FrontReply reply) override {
    reply({202, kAnswer, {}});
  }
};

class PocoHandler final : public Poco::Net::HTTPRequestHandler {
 public:
  void handleRequest(Poco::Net::HTTPServerRequest& request,
                     Poco::Net::HTTPServerResponse& response) override {
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    const bool known = request.get("X-Api-Key", "") == "bench";
    response.setStatus(known ? Poco::Net::HTTPResponse::HTTP_ACCEPTED
                             : Poco::Net::HTTPResponse::HTTP_UNAUTHORIZED);
    response.setContentType("application/json; charset=UTF-8");
    const std::string answer = kAnswer;
    response.sendBuffer(answer.data(), answer.size());
  }
};
class PocoFactory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    return new PocoHandler;  // POCO owns it
  }
};

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Round {
  double microseconds = 0;  // of the server's processor time for each request
  double rate = 0;          // requests a second
};

Round measure(std::uint16_t port, int connections, std::uint64_t requests) {
  const double before = processor_seconds();
  const LoadResult load = run_load(port, connections, requests, kBodyBytes);
  const double used = processor_seconds() - before;
  if (load.answers < requests || load.wrong > 0) {
    std::fprintf(stderr, "the load failed: %llu answers, %llu wrong\n",
                 static_cast<unsigned long long>(load.answers),
                 static_cast<unsigned long long>(load.wrong));
    std::exit(1);
  }
  return {used * 1e6 / double(requests), double(requests) / load.seconds};
}

Round beast_round(int connections, std::uint64_t requests) {
  AcceptAll handler;
  auto front = http::HttpFront::open(http::FrontSettings{}, handler);
  if (!front) std::exit(1);
  const Round round = measure(front.value()->port(), connections, requests);
  front.value()->stop();
  return round;
}

Round poco_round(int connections, std::uint64_t requests) {
  Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
  params->setMaxThreads(connections + 8);
  params->setMaxQueued(connections + 8);
  params->setKeepAlive(true);
  params->setMaxKeepAliveRequests(0);
  Poco::ThreadPool pool(2, connections + 8);
  Poco::Net::HTTPServer server(new PocoFactory, pool,
                               Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0)),
                               params);
  server.start();
  const Round round = measure(server.port(), connections, requests);
  server.stopAll(true);
  return round;
}

void print(const char* name, int connections, std::vector<Round> rounds) {
  const auto sorted = [&](double Round::*member) {
    std::vector<double> values;
    for (const Round& round : rounds) values.push_back(round.*member);
    std::sort(values.begin(), values.end());
    return values;
  };
  const auto time = sorted(&Round::microseconds);
  const auto rate = sorted(&Round::rate);
  std::printf("| %s | %d | %.1f / %.1f / %.1f | %.0f / %.0f / %.0f |\n", name, connections,
              time.front(), time[time.size() / 2], time.back(), rate.front(), rate[rate.size() / 2],
              rate.back());
}

}  // namespace
}  // namespace certbridge::bench

int main(int argc, char** argv) {
  using namespace certbridge::bench;
  const std::uint64_t requests = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 40'000;
  std::printf("POST of %zu bytes, answered 202; five rounds in turns; least / median / most\n\n",
              kBodyBytes);
  std::printf(
      "| server | connections | server CPU us/request | requests/s |\n| --- | --- | --- | --- |\n");
  for (const int connections : {1, 64, 256}) {
    std::vector<Round> beast;
    std::vector<Round> poco;
    for (int round = 0; round < 5; ++round) {
      beast.push_back(beast_round(connections, requests));
      poco.push_back(poco_round(connections, requests));
    }
    print("Beast", connections, beast);
    print("POCO", connections, poco);
  }
  return 0;
}

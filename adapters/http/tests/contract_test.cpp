// What every responder and source owes its host, plain and through the wire encoding.
#include <gtest/gtest.h>

#include <csignal>

#include "certbridge/plugin.h"
#include "certbridge/testing/contracts.h"
#include "client.h"
#include "scripted_server.h"
#include "server.h"

namespace certbridge::http {
namespace {

using Poco::Net::StreamSocket;

const std::string kManifest = std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/plugin.xml";
const std::string kEnvelope =
    std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/tests/samples/envelope.xml";

class HttpPluginUnderTest final : public Plugin {
 public:
  Result<std::unique_ptr<Source>> make_source(std::string_view, Context& context) override {
    return make_server(context);
  }
  Result<std::unique_ptr<Responder>> make_responder(std::string_view, Context& context) override {
    return make_client(context);
  }
};

std::uint16_t port_of(testing::FakeContext& context) {
  std::uint16_t port = 0;
  for (const testing::LogEntry& entry : context.logger().entries()) {
    if (entry.event == "http.listening")
      port = static_cast<std::uint16_t>(std::stoi(entry.fields[1].second));
  }
  return port;
}

TEST(Contract, Client) {
  signal(SIGPIPE, SIG_IGN);
  ScriptedServer server([](StreamSocket& peer, int) {
    while (!read_request(peer).empty()) write_bytes(peer, ok_answer("x"));
  });
  for (const testing::Through through : {testing::Through::kPlain, testing::Through::kWire}) {
    testing::FakeContext context(
        kManifest, "client", testing::Options{{"base-url", server.url()}, {"connections", "1"}});
    HttpPluginUnderTest plugin;
    Message good = testing::message_of("http.request", "text/plain", "a");
    good.headers = {{"http-method", "POST"}, {"http-path", "/"}};
    testing::check_responder_contract({plugin, context, "client"}, good, through);
  }
}

TEST(Contract, Server) {
  signal(SIGPIPE, SIG_IGN);
  for (const testing::Through through : {testing::Through::kPlain, testing::Through::kWire}) {
    testing::FakeContext context(kManifest, "server",
                                 {{"listen", "127.0.0.1:0"},
                                  {"envelope", kEnvelope},
                                  {"token", "t"},
                                  {"verdict-path", "/verdicts"}});
    HttpPluginUnderTest plugin;
    testing::check_source_contract(
        {plugin, context, "server"},
        [&] {
          const std::string body = R"({"event_id":"e1","event_type":"BANJIE","case":{"no":"C"}})";
          // As senders do: again after 503.
          for (std::string answer = "HTTP/1.1 503"; answer.starts_with("HTTP/1.1 503");) {
            StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port_of(context)));
            write_bytes(socket,
                        "POST /events HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Api-Key: "
                        "t\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body);
            answer = read_to_end(socket);
          }
        },
        through);
  }
}

}  // namespace
}  // namespace certbridge::http

// The client under TLS: whom it trusts, whom it shows itself to.
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureServerSocket.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <future>

#include "certbridge/testing/memory_content.h"
#include "client_under_test.h"
#include "test_certificates.h"

namespace certbridge::http {
namespace {

using Poco::Net::StreamSocket;
using testing::Options;

ScriptedServer::Script one_answer() {
  return [](StreamSocket& peer, int) {
    if (!read_request(peer).empty()) write_bytes(peer, ok_answer("secret"));
  };
}

Poco::Net::ServerSocket tls_socket(const std::string& name, bool ask_client) {
  const TestCertificates& files = test_certificates();
  using Poco::Net::Context;
  Context::Ptr context(new Context(Context::TLS_SERVER_USE, files.file(name + ".key"),
                                   files.file(name + ".pem"), files.file("ca.pem"),
                                   ask_client ? Context::VERIFY_STRICT : Context::VERIFY_NONE));
  // A client is known by its authority, not by the name of its machine.
  context->enableExtendedCertificateVerification(false);
  return Poco::Net::SecureServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0), 8, context);
}

Options tls_options(const ScriptedServer& server, const std::string& ca) {
  return {{"base-url", "https://localhost:" + std::to_string(server.port())},
          {"ca-file", test_certificates().file(ca)}};
}

TEST(ClientTls, TalksToTheRightServerAndKeepsTheConnection) {
  ScriptedServer server(tls_socket("server", false), [](StreamSocket& peer, int) {
    while (!read_request(peer).empty()) write_bytes(peer, ok_answer("secret"));
  });
  ClientUnderTest client(tls_options(server, "ca.pem"));
  const auto answer = client.ask(request_of("POST", "/", "a"));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(testing::body_of(answer.value()), "secret");
  EXPECT_EQ(client.code_of(request_of("POST", "/", "b")), "answered 200");
  EXPECT_EQ(server.connections(), 1);
}

TEST(ClientTls, RefusesAStrangersCertificateAndAnotherName) {
  ScriptedServer server(tls_socket("server", false), one_answer());
  ClientUnderTest stranger(tls_options(server, "stranger.pem"));
  EXPECT_EQ(stranger.code_of(request_of("POST", "/", "a")), "http.tls");
  ScriptedServer elsewhere(tls_socket("elsewhere", false), one_answer());
  ClientUnderTest other_name(tls_options(elsewhere, "ca.pem"));
  EXPECT_EQ(other_name.code_of(request_of("POST", "/", "a")), "http.tls");
}

TEST(ClientTls, ShowsItsCertificate) {
  ScriptedServer server(tls_socket("server", true), one_answer());
  Options options = tls_options(server, "ca.pem");
  ClientUnderTest anonymous(options);
  const auto unknown = anonymous.ask(request_of("POST", "/", "a"));
  ASSERT_FALSE(unknown.ok());
  // A reset may overtake the server's words.
  EXPECT_TRUE(unknown.error().code == "http.tls" || unknown.error().code == "http.closed")
      << unknown.error().code;
  options["client-certificate"] = test_certificates().file("client.pem");
  options["client-key"] = test_certificates().file("client.key");
  options["client-key-passphrase"] = kKeyPassphrase;
  ClientUnderTest known(options);
  EXPECT_EQ(known.code_of(request_of("POST", "/", "a")), "answered 200");
  options["client-key-passphrase"] = "wrong";
  ClientUnderTest locked_out(options);
  ASSERT_FALSE(locked_out.started().ok());
  EXPECT_EQ(locked_out.started().error().code, "http.tls");
  EXPECT_EQ(locked_out.started().error().message.find("wrong"), std::string::npos);
}

// The handshake is a part of connecting.
TEST(ClientTls, ASilentServerIsNotWaitedForForEver) {
  std::promise<void> seen;
  ScriptedServer server([&](StreamSocket&, int) { seen.get_future().wait_for(kPatience); });
  Options options = tls_options(server, "ca.pem");
  options["connect-timeout"] = "100ms";
  ClientUnderTest client(options);
  const auto answer = client.ask(request_of("POST", "/", "a"));
  seen.set_value();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "http.timeout");
  EXPECT_NE(answer.error().message.find("connecting"), std::string::npos) << answer.error().message;
}

// Damage on the way is no fault of the set-up: the call may be made again.
TEST(ClientTls, BytesThatWereDamagedOnTheirWayAreRetryable) {
  ScriptedServer server(tls_socket("server", false), [](StreamSocket& peer, int) {
    if (read_request(peer).empty()) return;
    const std::string record(64, '!');
    EXPECT_EQ(::send(peer.impl()->sockfd(), record.data(), record.size(), 0), 64);
    read_to_end(peer);
  });
  ClientUnderTest client(tls_options(server, "ca.pem"));
  const auto answer = client.ask(request_of("POST", "/", "a"));
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "http.closed") << answer.error().message;
  EXPECT_EQ(answer.error().severity, Severity::kRetryable);
}

TEST(ClientTls, APlainServerIsAnError) {
  ScriptedServer server([](StreamSocket& peer, int) { write_bytes(peer, ok_answer("x")); });
  ClientUnderTest client(tls_options(server, "ca.pem"));
  EXPECT_EQ(client.code_of(request_of("POST", "/", "a")), "http.tls");
}

}  // namespace
}  // namespace certbridge::http

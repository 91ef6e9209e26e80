// The client as a plugin sees it, for tests over real sockets.
#pragma once

#include <gtest/gtest.h>

#include <csignal>

#include "certbridge/testing/fake_context.h"
#include "client.h"
#include "scripted_server.h"

namespace certbridge::http {

inline Message request_of(const std::string& method, const std::string& path,
                          const std::string& body) {
  Message question =
      testing::message_of("http.request", body.empty() ? "" : "application/json", body);
  question.headers = {{"http-method", method}, {"http-path", path}};
  return question;
}

class ClientUnderTest {
 public:
  explicit ClientUnderTest(testing::Options options)
      : context_(manifest(), "client", std::move(options)) {
    signal(SIGPIPE, SIG_IGN);  // as the host does
    auto made = make_client(context_);
    EXPECT_TRUE(made.ok()) << made.error().message;
    client_ = std::move(made).value();
    started_ = client_->start();
  }
  ~ClientUnderTest() { client_->stop(); }
  Result<Message> ask(const Message& question) {
    return ask(question, testing::call_of("step", kPatience));
  }
  Result<Message> ask(const Message& question, const Call& call) {
    auto answer = client_->answer(question, call);
    if (!answer) context_.expect_declared(answer.error());
    return answer;
  }
  std::string code_of(const Message& question) {
    auto answer = ask(question);
    return answer ? "answered " + answer.value().headers["http-status"] : answer.error().code;
  }
  Responder& responder() { return *client_; }
  const Result<void>& started() const { return started_; }
  testing::FakeContext& context() { return context_; }

 private:
  static std::string manifest() {
    return std::string(CERTBRIDGE_SOURCE_DIR) + "/adapters/http/plugin.xml";
  }
  testing::FakeContext context_;
  std::unique_ptr<Responder> client_{};
  Result<void> started_{};
};

}  // namespace certbridge::http

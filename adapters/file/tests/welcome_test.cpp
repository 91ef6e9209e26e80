// An FTP server that takes the connection and then has nothing good to say.
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <gtest/gtest.h>

#include <thread>

#include "certbridge/testing/fake_context.h"
#include "certbridge/testing/memory_content.h"
#include "ftp_folder.h"

namespace certbridge::file::testing {
namespace {

using certbridge::testing::call_of;

// Takes one connection, says its words and hangs up.
Error answer_of_a_server_that_says(const std::string& words) {
  Poco::Net::ServerSocket server(Poco::Net::SocketAddress("127.0.0.1", 0));
  const std::jthread serving([&] {
    Poco::Net::StreamSocket taken = server.acceptConnection();
    taken.sendBytes(words.data(), static_cast<int>(words.size()));
  });
  ServerSettings settings;
  settings.host = "127.0.0.1";
  settings.port = server.address().port();
  settings.user = "somebody";
  return open_ftp_folder(settings)->state("a", call_of("test", std::chrono::seconds(20))).error();
}

TEST(Welcome, NoneIsABrokenConnection) {
  EXPECT_EQ(answer_of_a_server_that_says("").code, "file.connection");
}

TEST(Welcome, AServerThatIsBusyIsTriedAgain) {
  const Error busy = answer_of_a_server_that_says("421 too many users\r\n");
  EXPECT_EQ(busy.severity, Severity::kRetryable) << busy.code;
  EXPECT_NE(busy.message.find("421"), std::string::npos) << busy.message;
}

TEST(Welcome, OtherWordsAreABrokenConnection) {
  EXPECT_EQ(answer_of_a_server_that_says("SSH-2.0-something\r\n").code, "file.connection");
}

}  // namespace
}  // namespace certbridge::file::testing

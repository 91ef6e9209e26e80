// Addresses that a library names are asked for only where the configuration says so.
#include "addresses.h"

#include <gtest/gtest.h>

namespace certbridge::municipal_library {
namespace {

std::vector<AddressRule> rules() {
  return read_addresses(
             "http://10.1.2.3:8080/temp/ => /temp/\n https://Files.example/a/b/ => /files/x/")
      .value();
}

TEST(FileAddresses, ArePathsOfTheLibrary) {
  const std::pair<const char*, const char*> good[] = {
      {"http://10.1.2.3:8080/temp/0a1b", "/temp/0a1b"},
      {"http://10.1.2.3:8080/temp/x/y.ofd?token=a%20b&u=http://other/",
       "/temp/x/y.ofd?token=a%20b&u=http://other/"},
      {"HTTPS://FILES.example/a/b/C", "/files/x/C"},
      {"https://files.example/a/b/%E4%B8%AD.pdf", "/files/x/%E4%B8%AD.pdf"},
      {"http://10.1.2.3:8080/temp/..a", "/temp/..a"}};
  for (const auto& [address, path] : good) {
    const auto got = path_of_address(rules(), address);
    ASSERT_TRUE(got.ok()) << address << ": " << got.error().message;
    EXPECT_EQ(got.value(), path);
  }
}

TEST(FileAddresses, HostileOnesAreNotAsked) {
  const std::string long_one = "http://10.1.2.3:8080/temp/" + std::string(3000, 'a');
  for (const std::string& address :
       std::vector<std::string>{"",
                                "/temp/x",
                                "//10.1.2.3:8080/temp/x",
                                "temp/x",
                                "http:/10.1.2.3:8080/temp/x",
                                "http:\\\\10.1.2.3:8080\\temp\\x",
                                "ftp://10.1.2.3:8080/temp/x",
                                "file:///etc/passwd",
                                "gopher://10.1.2.3:8080/temp/x",
                                "javascript:alert(1)",
                                "data:application/ofd;base64,UEs=",
                                "https://10.1.2.3:8080/temp/x",
                                "http://10.1.2.3/temp/x",
                                "http://10.1.2.3:80/temp/x",
                                "http://10.1.2.3:8081/temp/x",
                                "http://10.1.2.3:8080@evil.example/temp/x",
                                "http://user@10.1.2.3:8080/temp/x",
                                "http://user:word@10.1.2.3:8080/temp/x",
                                "http://10.1.2.3:8080.evil.example/temp/x",
                                "http://evil.example/http://10.1.2.3:8080/temp/x",
                                "http://evil.example/?http://10.1.2.3:8080/temp/x",
                                "http://evil.example#http://10.1.2.3:8080/temp/x",
                                "http://127.0.0.1:8080/temp/x",
                                "http://localhost:8080/temp/x",
                                "http://[::1]:8080/temp/x",
                                "http://[::ffff:10.1.2.3]:8080/temp/x",
                                "http://0x0a.1.2.3:8080/temp/x",
                                "http://167838211:8080/temp/x",
                                "http://169.254.169.254/latest/meta-data/",
                                "http://10.1.2.3:8080/",
                                "http://10.1.2.3:8080/temp",
                                "http://10.1.2.3:8080/temp/",
                                "http://10.1.2.3:8080/temp/?x",
                                "http://10.1.2.3:8080/temp/../admin",
                                "http://10.1.2.3:8080/temp/./x",
                                "http://10.1.2.3:8080/temp/x/../../admin",
                                "http://10.1.2.3:8080/temp/x/..",
                                "http://10.1.2.3:8080/temp/..?x",
                                "http://10.1.2.3:8080/temp/..;/admin",
                                "http://10.1.2.3:8080/temp/%2e%2e/admin",
                                "http://10.1.2.3:8080/temp/%2E./admin",
                                "http://10.1.2.3:8080/temp/..%2fadmin",
                                "http://10.1.2.3:8080/temp/..%5Cadmin",
                                "http://10.1.2.3:8080/temp/%252e%252e/admin",
                                "http://10.1.2.3:8080/temp/..\\admin",
                                "http://10.1.2.3:8080/temp//evil.example/x",
                                "http://10.1.2.3:8080/temp/x@evil.example",
                                "http://10.1.2.3:8080/temp/x#y",
                                "http://10.1.2.3:8080/temp/x?y#z",
                                "http://10.1.2.3:8080/temp/x y",
                                "http://10.1.2.3:8080/temp/x\r\nHost: evil.example",
                                "http://10.1.2.3:8080/temp/x%0d%0aHost:%20evil.example",
                                "http://10.1.2.3:8080/temp/x%00.ofd",
                                "http://10.1.2.3:8080/temp/x\t",
                                " http://10.1.2.3:8080/temp/x",
                                "http://10.1.2.3:8080/temp/文件",
                                "http://files。example/a/b/x",
                                "https://files.example/a/x",
                                long_one}) {
    const auto got = path_of_address(rules(), address);
    ASSERT_FALSE(got.ok()) << address << " -> " << got.value();
    EXPECT_EQ(got.error().code, "municipal.file_address");
    EXPECT_EQ(got.error().severity, Severity::kPermanent);
    EXPECT_EQ(got.error().message.find("admin"), std::string::npos);
  }
  EXPECT_FALSE(path_of_address({}, "http://10.1.2.3:8080/temp/x").ok()) << "nothing is allowed";
}

TEST(FileAddresses, TheOptionIsReadStrictly) {
  EXPECT_TRUE(read_addresses("").value().empty());
  EXPECT_EQ(rules().size(), 2U);
  for (const char* text : {
           "http://10.1.2.3:8080/temp/",
           "http://10.1.2.3:8080/temp/ => ",
           "http://10.1.2.3:8080/temp/ -> /temp/",
           "http://10.1.2.3:8080/temp => /temp/",
           "http://10.1.2.3:8080 => /",
           "http:/// => /",
           "http://user@10.1.2.3/ => /",
           "ftp://10.1.2.3/ => /",
           "10.1.2.3/ => /",
           "/temp/ => /temp/",
           "http://10.1.2.3/?a/ => /",
           "http://10.1.2.3/a/../ => /",
           "http://10.1.2.3/%2e%2e/ => /",
           "http://10.1.2.3/ => temp/",
           "http://10.1.2.3/ => /temp",
           "http://10.1.2.3/ => //evil/",
           "http://10.1.2.3/ => /../",
           "http://10.1.2.3/ => /a/?b/",
       }) {
    const auto read = read_addresses(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, "municipal.option");
  }
  EXPECT_EQ(read_addresses("http://10.1.2.3/ => /").value()[0].path, "/");
}

}  // namespace
}  // namespace certbridge::municipal_library

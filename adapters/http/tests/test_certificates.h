// Keys and certificates made by the openssl command for one test run.
#pragma once

#include <string>

namespace certbridge::http {

// PEM files in a folder of their own: an authority, a server for "localhost" and 127.0.0.1, a
// server for another name, a client with an encrypted key, and an authority that signed nothing.
struct TestCertificates {
  std::string folder{};
  std::string file(const std::string& name) const { return folder + "/" + name; }
};
inline constexpr const char* kKeyPassphrase = "correct horse";

// Made once for the process; a failure is a test failure.
const TestCertificates& test_certificates();

}  // namespace certbridge::http

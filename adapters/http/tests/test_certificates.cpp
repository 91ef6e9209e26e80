#include "test_certificates.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace certbridge::http {
namespace {

void run(const std::string& folder, const std::string& command) {
  const std::string line = "cd '" + folder + "' && openssl " + command + " >> openssl.log 2>&1";
  EXPECT_EQ(std::system(line.c_str()), 0) << command;
}

void make_authority(const std::string& folder, const std::string& name) {
  run(folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" +
                  name + " -keyout " + name + ".key -out " + name + ".pem");
}

void make_leaf(const std::string& folder, const std::string& name, const std::string& extension,
               const std::string& key_options) {
  std::ofstream(folder + "/" + name + ".ext") << extension << "\n";
  run(folder, "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 " + key_options +
                  " -subj /CN=" + name + " -keyout " + name + ".key -out " + name + ".csr");
  run(folder, "x509 -req -days 2 -in " + name +
                  ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile " + name + ".ext -out " +
                  name + ".pem");
}

TestCertificates make_all() {
  TestCertificates made{::testing::TempDir() + "/tls-" + std::to_string(getpid())};
  std::filesystem::create_directories(made.folder);
  make_authority(made.folder, "ca");
  make_authority(made.folder, "stranger");
  make_leaf(made.folder, "server", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-nodes");
  make_leaf(made.folder, "elsewhere", "subjectAltName=DNS:elsewhere.example", "-nodes");
  make_leaf(made.folder, "client", "extendedKeyUsage=clientAuth",
            std::string("-passout 'pass:") + kKeyPassphrase + "'");
  return made;
}

}  // namespace

const TestCertificates& test_certificates() {
  static const TestCertificates made = make_all();
  return made;
}

}  // namespace certbridge::http

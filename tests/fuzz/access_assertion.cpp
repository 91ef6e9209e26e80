// Assertions: as they come, and as claims that a configured issuer has signed.
#include "access/callers/assertion.h"
#include "access/callers/base64url.h"
#include "fuzz.h"
#include "signed_assertion.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

constexpr Timestamp kNow{std::chrono::milliseconds(1'795'852'800'000)};

const SignatureKey& key() {
  static const auto key = SignatureKey::from_bytes(std::string(32, '!'));
  return key.value();
}

const CallersConfig& config() {
  static const CallersConfig config = [] {
    CallersConfig made;
    made.issuers.emplace("staff",
                         AssertionIssuer{key().public_key(), std::chrono::seconds(600), ""});
    made.systems["window"].key_secret = "window-key";
    return made;
  }();
  return config;
}

void check(const std::string& assertion) {
  VerifiedSignatures verified(1);
  const auto person = asserted_person(assertion, config(), "window", kNow, verified);
  const auto again = asserted_person(assertion, config(), "window", kNow, verified);
  require(person.has_value() == again.has_value(), "who is known is who was verified");
  if (!person) return;
  require(person->issuer == "staff" && !person->id.empty(), "a person has an issuer and an id");
  require(!person->himself || !person->himself->code.empty(), "a holder has a code");
}

}  // namespace

std::vector<std::string> samples() {
  const std::string claims =
      R"({"iss":"staff","sub":"chen","level":"ukey","roles":["clerk"],"unit":"","system":"window",)"
      R"("iat":1795852790,"exp":1795853000,"himself":{"name":"n","code_type":"111","code":"1"}})";
  return {claims, access_test::signed_assertion(key(), claims)};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string input(text_of(data, size));
  check(input);
  check(certbridge::host::access_test::signed_assertion(key(), input));
  if (const auto bytes = certbridge::host::from_base64url(input)) {
    require(certbridge::host::access_test::to_base64url(*bytes) == input, "bytes have one form");
  }
  return 0;
}

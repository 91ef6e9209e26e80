// Who calls: signatures of requests, and assertions about persons.
#include "access/callers/callers_file.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "access/callers/issuer_key.h"
#include "access/callers/nonce_memory.h"
#include "access/callers/request_signature.h"
#include "access/callers/verified_signatures.h"
#include "access/records/hex.h"
#include "access_fixture.h"
#include "signed_assertion.h"
#include "situations.h"

namespace certbridge::host::access_test {
namespace {

const std::string kKey(64, 'a');
const std::string kUnit = "12411300MB1234567G";
const std::string kCertificate(64, 'c');

SignatureKey issuer_key(char fill) {
  return SignatureKey::from_bytes(std::string(32, fill)).value();
}

class CallersOfTest : public ::testing::Test {
 protected:
  CallersOfTest() {
    config_.nonces = 5;
    config_.issuers.emplace("staff", AssertionIssuer{issuer_key('\x21').public_key(),
                                                     std::chrono::seconds(600), kUnit});
    config_.issuers.emplace("citizens", AssertionIssuer{issuer_key('\x22').public_key(),
                                                        std::chrono::seconds(300), ""});
    CallingSystem window;
    window.unit = kUnit;
    window.key_secret = "window-key";
    window.issuers = {"staff"};
    CallingSystem machine = window;
    machine.assertion_needed = false;
    machine.issuers.clear();
    CallingSystem certified = machine;
    certified.key_secret.clear();
    certified.certificate = kCertificate;
    CallingSystem both = machine;
    both.certificate = std::string(64, 'd');
    config_.systems = {
        {"window", window}, {"machine", machine}, {"certified", certified}, {"both", both}};
    claims_ = {{"iss", "\"staff\""},    {"sub", "\"chen\""},      {"level", "\"ukey\""},
               {"unit", quoted(kUnit)}, {"roles", "[\"clerk\"]"}, {"system", "\"window\""},
               {"iat", seconds_(-10)},  {"exp", seconds_(200)}};
  }

  static std::string quoted(const std::string& text) { return "\"" + text + "\""; }
  std::string seconds_(int from_now) const {
    return std::to_string(clock_.now().time_since_epoch().count() / 1000 + from_now);
  }

  Callers& callers() {
    if (!callers_) {
      auto made = make_callers(
          config_, [](std::string_view) -> Result<std::string> { return kKey; }, clock_);
      EXPECT_TRUE(made.ok()) << made.error().message;
      callers_ = std::move(made).value();
    }
    return *callers_;
  }

  void sign(SignedRequest& request) const {
    std::string bytes;
    ASSERT_TRUE(from_hex_text(kKey, bytes));
    Key key{};
    std::copy(bytes.begin(), bytes.end(), key.begin());
    request.signature = request_signature(key, request);
  }
  SignedRequest request(const std::string& system) {
    SignedRequest it;
    it.method = "POST";
    it.target = "/api/v1/queries/find?x=1";
    it.body = "{}";
    it.system = system;
    it.time = std::to_string(clock_.now().time_since_epoch().count());
    it.nonce = "nonce-0000000000-" + std::to_string(++nonces_);
    sign(it);
    return it;
  }
  std::string assertion(char issuer) const {
    std::string json;
    for (const auto& [name, value] : claims_) {
      json += (json.empty() ? "{" : ",") + quoted(name) + ":" + value;
    }
    return signed_text(issuer, json + "}");
  }
  static std::string signed_text(char issuer, const std::string& text) {
    return signed_assertion(issuer_key(issuer), text);
  }
  // "ok", or the code.
  std::string answer(const SignedRequest& it) {
    const auto caller = callers().identify(it);
    return caller ? "ok" : caller.error().code;
  }
  std::string answer_with(const std::string& text) {
    SignedRequest it = request("window");
    it.assertion = text;
    return answer(it);
  }
  std::string answer_to_claims() { return answer_with(assertion('\x21')); }
  // With this one claim changed; an empty value leaves it out.
  std::string answer_to(const std::string& name, const std::string& value) {
    const auto before = claims_;
    claims_[name] = value;
    if (value.empty()) claims_.erase(name);
    config_.nonces = 1000;
    const std::string said = answer_to_claims();
    claims_ = before;
    return said;
  }

  SetClock clock_{};
  CallersConfig config_{};
  std::map<std::string, std::string> claims_{};
  std::unique_ptr<Callers> callers_{};
  int nonces_ = 0;
};

TEST_F(CallersOfTest, AKeyProvesTheSystem) {
  const auto caller = callers().identify(request("machine"));
  ASSERT_TRUE(caller.ok()) << caller.error().message;
  EXPECT_EQ(caller.value().system, "machine");
  EXPECT_EQ(caller.value().unit, kUnit);
  EXPECT_FALSE(caller.value().person);
}

TEST_F(CallersOfTest, EveryPartOfTheRequestIsSigned) {
  const std::vector<std::string SignedRequest::*> parts{
      &SignedRequest::method, &SignedRequest::target, &SignedRequest::body,
      &SignedRequest::time,   &SignedRequest::nonce,  &SignedRequest::signature};
  for (const auto part : parts) {
    SignedRequest it = request("machine");
    (it.*part).back() ^= 1;
    EXPECT_EQ(answer(it), "caller.unknown");
    it = request("machine");
    (it.*part) += "0";
    EXPECT_EQ(answer(it), "caller.unknown");
    it = request("machine");
    (it.*part).clear();
    EXPECT_EQ(answer(it), "caller.unknown");
  }
  EXPECT_EQ(answer(request("nobody")), "caller.unknown");
  EXPECT_EQ(answer(request("")), "caller.unknown");
}

TEST_F(CallersOfTest, ASignatureInCapitalsIsNone) {
  SignedRequest it = request("machine");
  std::transform(it.signature.begin(), it.signature.end(), it.signature.begin(), ::toupper);
  EXPECT_EQ(answer(it), "caller.unknown");
}

TEST_F(CallersOfTest, NoncesHave16To64Characters) {
  const auto with = [&](const std::string& nonce) {
    SignedRequest it = request("machine");
    it.nonce = nonce;
    sign(it);
    return answer(it);
  };
  EXPECT_EQ(with(std::string(15, 'n')), "caller.unknown");
  EXPECT_EQ(with(std::string(16, 'n')), "ok");
  EXPECT_EQ(with(std::string(64, 'n')), "ok");
  EXPECT_EQ(with(std::string(65, 'n')), "caller.unknown");
  EXPECT_EQ(with("with a blank in it"), "caller.unknown");
}

TEST_F(CallersOfTest, TheTimeWindow) {
  const auto at = [&](std::int64_t milliseconds) {
    SignedRequest it = request("machine");
    it.time = std::to_string(clock_.now().time_since_epoch().count() + milliseconds);
    sign(it);
    return answer(it);
  };
  config_.nonces = 100;
  EXPECT_EQ(at(-300'000), "ok");
  EXPECT_EQ(at(-300'001), "caller.time");
  EXPECT_EQ(at(300'000), "ok");
  EXPECT_EQ(at(300'001), "caller.time");
  for (const char* time : {"now", "-1", "1.5", "99999999999999999999", "1795852800000 "}) {
    SignedRequest it = request("machine");
    it.time = time;
    sign(it);
    EXPECT_EQ(answer(it), "caller.time") << time;
  }
}

TEST_F(CallersOfTest, ANonceIsTakenOnce) {
  const SignedRequest first = request("machine");
  EXPECT_EQ(answer(first), "ok");
  EXPECT_EQ(answer(first), "caller.repeated");
  clock_.time += std::chrono::seconds(300);
  EXPECT_EQ(answer(first), "caller.repeated");
  clock_.time += std::chrono::milliseconds(1);
  EXPECT_EQ(answer(first), "caller.time");
  SignedRequest other = request("window");
  other.nonce = first.nonce;
  sign(other);
  EXPECT_EQ(answer(other), "caller.assertion") << "nonces are those of one system";
}

TEST_F(CallersOfTest, NoncesAreNotForgottenEarly) {
  const SignedRequest first = request("machine");
  EXPECT_EQ(answer(first), "ok");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(answer(request("machine")), "ok");
  const auto refused = callers().identify(request("machine"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "caller.busy");
  EXPECT_EQ(refused.error().severity, Severity::kRetryable);
  EXPECT_EQ(answer(first), "caller.repeated");
  EXPECT_EQ(answer(request("window")), "caller.assertion") << "another system has room of its own";
  clock_.time += std::chrono::milliseconds(300'999);
  EXPECT_EQ(answer(request("machine")), "caller.busy");
  clock_.time += std::chrono::milliseconds(1);
  EXPECT_EQ(answer(request("machine")), "ok");
}

TEST_F(CallersOfTest, ACertificateProvesTheSystem) {
  SignedRequest it;
  it.certificate_sha256 = kCertificate;
  EXPECT_EQ(answer(it), "ok");
  it.system = "certified";
  EXPECT_EQ(answer(it), "ok");
  it.system = "machine";
  EXPECT_EQ(answer(it), "caller.unknown");
  it.system = "certified";
  it.certificate_sha256 = std::string(64, 'e');
  EXPECT_EQ(answer(it), "caller.unknown");
  it.certificate_sha256.clear();
  EXPECT_EQ(answer(it), "caller.unknown");
}

TEST_F(CallersOfTest, WhereBothAreConfiguredBothAreNeeded) {
  SignedRequest it = request("both");
  EXPECT_EQ(answer(it), "caller.unknown");
  it.certificate_sha256 = std::string(64, 'd');
  EXPECT_EQ(answer(it), "ok");
  SignedRequest unsigned_one;
  unsigned_one.system = "both";
  unsigned_one.certificate_sha256 = std::string(64, 'd');
  EXPECT_EQ(answer(unsigned_one), "caller.unknown");
}

TEST_F(CallersOfTest, AnAssertionNamesThePerson) {
  SignedRequest it = request("window");
  it.assertion = assertion('\x21');
  const auto caller = callers().identify(it);
  ASSERT_TRUE(caller.ok()) << caller.error().message;
  ASSERT_TRUE(caller.value().person);
  const AssertedPerson& person = *caller.value().person;
  EXPECT_EQ(person.issuer, "staff");
  EXPECT_EQ(person.id, "chen");
  EXPECT_EQ(person.level, "ukey");
  EXPECT_EQ(person.roles, std::vector<std::string>{"clerk"});
  EXPECT_EQ(person.unit, kUnit);
  EXPECT_FALSE(person.himself);
}

TEST_F(CallersOfTest, AHolderHimself) {
  claims_["iss"] = "\"citizens\"";
  claims_["unit"] = "\"\"";
  claims_["system"] = "\"machine\"";
  claims_["roles"] = "[]";
  claims_["himself"] = R"({"name":"张三","code_type":"111","code":"41130219800101001X"})";
  SignedRequest it = request("machine");
  it.assertion = assertion('\x22');
  const auto caller = callers().identify(it);
  ASSERT_TRUE(caller.ok()) << caller.error().message;
  EXPECT_EQ(caller.value().person->himself, holder_named("zhang"));
}

TEST_F(CallersOfTest, EveryClaimHasToFit) {
  EXPECT_EQ(answer_to("sub", "\"wu\""), "ok");
  const std::string wrong = "caller.assertion";
  for (const auto& [name, value] : std::map<std::string, std::string>(claims_)) {
    EXPECT_EQ(answer_to(name, ""), wrong) << name;
    EXPECT_EQ(answer_to(name, "null"), wrong) << name;
    EXPECT_EQ(answer_to(name, "{}"), wrong) << name;
  }
  EXPECT_EQ(answer_to("more", "1"), wrong);
  EXPECT_EQ(answer_to("iss", "\"citizens\""), wrong);
  EXPECT_EQ(answer_to("iss", "\"nobody\""), wrong);
  EXPECT_EQ(answer_to("sub", "\"\""), wrong);
  EXPECT_EQ(answer_to("sub", "\"41130219800101001X\""), wrong);
  EXPECT_EQ(answer_to("sub", quoted(std::string(129, 's'))), wrong);
  for (const char* sub : {"a\\u0001b", "a b", "a/b", "a\\nb", "a\u3000b"}) {
    EXPECT_EQ(answer_to("sub", quoted(sub)), wrong) << sub;
  }
  EXPECT_EQ(answer_to("sub", "\"陈\""), "ok");
  EXPECT_EQ(answer_to("unit", "\"\""), wrong);
  EXPECT_EQ(answer_to("unit", "\"12411300MB1234568K\""), wrong);
  EXPECT_EQ(answer_to("system", "\"machine\""), wrong);
  EXPECT_EQ(answer_to("roles", "[1]"), wrong);
  EXPECT_EQ(answer_to("roles", "[\"a\\u0001\"]"), wrong);
  EXPECT_EQ(answer_to("roles", "[\"clerk\"],\"roles\":[\"reviewer\"]"), wrong) << "twice";
  EXPECT_EQ(answer_to("himself", R"({"name":"a","code":"2","code_type":"111","code":"1"})"), wrong);
  EXPECT_EQ(answer_to("himself", R"({"name":"a:\"b","code_type":"111","code":"1"})"), "ok");
  EXPECT_EQ(answer_to("roles", "[[\"clerk\"]]"), wrong);
  EXPECT_EQ(answer_to("himself", R"({"name":"a","code_type":"111"})"), wrong);
  EXPECT_EQ(answer_to("himself", R"({"name":"a","code_type":"111","code":""})"), wrong);
  EXPECT_EQ(answer_to("himself", R"({"name":"a","code_type":"111","code":"1","more":"1"})"), wrong);
  EXPECT_EQ(answer_to("himself", "[]"), wrong);
  EXPECT_EQ(answer_to("himself", R"({"name":"a","code_type":"111","code":"1"})"), "ok");
}

TEST_F(CallersOfTest, TimesOfAnAssertion) {
  const std::string wrong = "caller.assertion";
  EXPECT_EQ(answer_to("exp", seconds_(0)), wrong);
  EXPECT_EQ(answer_to("exp", seconds_(1)), "ok");
  EXPECT_EQ(answer_to("exp", seconds_(590)), "ok");
  EXPECT_EQ(answer_to("exp", seconds_(591)), wrong) << "longer than this issuer may say";
  EXPECT_EQ(answer_to("iat", seconds_(60)), "ok");
  EXPECT_EQ(answer_to("iat", seconds_(61)), wrong);
  EXPECT_EQ(answer_to("iat", seconds_(-400)), "ok");
  EXPECT_EQ(answer_to("iat", seconds_(-401)), wrong);
  EXPECT_EQ(answer_to("exp", seconds_(-20)), wrong);
  EXPECT_EQ(answer_to("iat", "1.5"), wrong);
  EXPECT_EQ(answer_to("iat", "-1"), wrong);
  EXPECT_EQ(answer_to("exp", quoted(seconds_(100))), wrong);
  EXPECT_EQ(answer_to("exp", "9223372036854775807"), wrong);
}

TEST_F(CallersOfTest, EverythingWrongWithTheFormOfAnAssertion) {
  config_.nonces = 1000;
  const std::string good = assertion('\x21'), wrong = "caller.assertion";
  EXPECT_EQ(answer_with(good), "ok");
  EXPECT_EQ(answer_with(""), wrong);
  EXPECT_EQ(answer_with("."), wrong);
  EXPECT_EQ(answer_with(assertion('\x22')), wrong) << "signed by another issuer";
  EXPECT_EQ(answer_with(good + "A"), wrong);
  EXPECT_EQ(answer_with(good + "="), wrong);
  EXPECT_EQ(answer_with(good + ".x"), wrong);
  EXPECT_EQ(answer_with(" " + good), wrong);
  EXPECT_EQ(answer_with(good.substr(0, good.find('.'))), wrong);
  EXPECT_EQ(answer_with(good.substr(0, good.size() - 1)), wrong);
  for (const std::size_t at : {std::size_t{5}, good.find('.') + 5, good.size() - 3}) {
    std::string changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(answer_with(changed), wrong) << at;
  }
  EXPECT_EQ(answer_with(signed_text('\x21', "[]")), wrong);
  EXPECT_EQ(answer_with(signed_text('\x21', "{\"iss\":\"staff\"")), wrong);
  EXPECT_EQ(answer_with(signed_text('\x21', std::string(2000, '['))), wrong);
  EXPECT_EQ(answer_with(signed_text('\x21', std::string(5000, ' '))), wrong);
}

TEST_F(CallersOfTest, WhatWasVerifiedOnceIsLookedAtEachTime) {
  config_.nonces = 1000;
  const std::string good = assertion('\x21');
  EXPECT_EQ(answer_with(good), "ok");
  EXPECT_EQ(answer_with(good), "ok");
  SignedRequest other = request("machine");
  other.assertion = good;
  EXPECT_EQ(answer(other), "caller.assertion") << "it is for another system";
  clock_.time += std::chrono::hours(1);
  EXPECT_EQ(answer_with(good), "caller.assertion") << "its time is over";
}

TEST(VerifiedSignatures, KnowWhatWasNotedAndNothingElse) {
  VerifiedSignatures verified(2);
  verified.note("staff", "a.b");
  EXPECT_TRUE(verified.knows("staff", "a.b"));
  EXPECT_FALSE(verified.knows("staff", "a.c"));
  EXPECT_FALSE(verified.knows("staf", "fa.b"));
  verified.note("staff", "c.d");
  verified.note("staff", "e.f");
  EXPECT_FALSE(verified.knows("staff", "a.b")) << "there is room for two";
  EXPECT_TRUE(verified.knows("staff", "e.f"));
}

TEST_F(CallersOfTest, AnAssertionThatIsNotNeededHasToBeRightAllTheSame) {
  SignedRequest it = request("machine");
  it.assertion = "nonsense";
  EXPECT_EQ(answer(it), "caller.assertion");
}

TEST_F(CallersOfTest, OneOfManyThreadsTakesANonce) {
  const SignedRequest it = request("machine");
  (void)callers();
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) taken += callers_->identify(it).ok() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 1);
}

TEST_F(CallersOfTest, NoErrorSaysWhatWasSent) {
  for (const std::string& code : {std::string("caller.unknown"), std::string("caller.assertion")}) {
    SignedRequest it = request(code == "caller.unknown" ? "machine" : "window");
    it.assertion = "canary-assertion";
    if (code == "caller.unknown") it.signature = "canary-signature";
    const auto refused = callers().identify(it);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, code);
    EXPECT_EQ(refused.error().message.find("canary"), std::string::npos);
  }
}

// Made by tests/e2e/asking.py, which was written from docs/access-policy.md alone.
TEST_F(CallersOfTest, AnotherImplementationSignsTheSame) {
  SignedRequest it;
  it.method = "POST";
  it.target = "/api/v1/queries/find";
  it.body = "{\"a\":1}";
  it.system = "machine";
  it.time = "1795852800000";
  it.nonce = "0123456789abcdef0123456789abcdef";
  it.signature = "635c1430dacf5c0f2ef1ac9723af458197404403dbbae74bf72c5e7a33252c1c";
  EXPECT_EQ(answer(it), "ok");
  std::string other_key(32, '\x01');
  config_.issuers.at("staff").key = SignatureKey::from_bytes(other_key).value().public_key();
  callers_.reset();
  EXPECT_EQ(
      answer_with("eyJpc3MiOiJzdGFmZiIsInN1YiI6ImNoZW4iLCJsZXZlbCI6InVrZXkiLCJyb2xlcyI6WyJjbGVyayJd"
                  "LCJ1bml0IjoiMTI0MTEzMDBNQjEyMzQ1NjdHIiwic3lzdGVtIjoid2luZG93IiwiaWF0IjoxNzk1ODUy"
                  "Nzk1LCJleHAiOjE3OTU4NTMzOTV9.Lu3qB4b1ywuLOXon-PY7g4MrXhyKzoYZO_IDEl6p6OBLM7FVWfv"
                  "LZxMyeRk86Bu54VkyMpjjVhh6zXt6Ehyk8A"),
      "ok");
}

}  // namespace
}  // namespace certbridge::host::access_test

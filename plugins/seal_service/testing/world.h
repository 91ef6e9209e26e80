// A test authority with seal makers, signers and seals, good and deliberately bad; in memory.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "certbridge_sm/issue.h"
#include "certbridge_sm/ses.h"

namespace certbridge::seal_service::testing {

struct Party {
  sm::PrivateKey key;
  sm::X509Certificate certificate;
};

struct SealOrder {
  std::string id{};
  std::string name{};    // the authority's full name, around the picture
  std::string signer{};  // short name: "nanyang"
  sm::SealPicture picture{"PNG", "picture", 40, 40};
};

// One signer with his seal.
struct Sealed {
  SealOrder order{};
  Party signer;
  std::string seal{};  // DER of SESeal
};

struct World {
  Party root;
  Party maker;
  std::vector<Sealed> good{};  // in the order of the orders
  // Bad or unusual: "expired-seal", "revoked", "retired" (revoked two days before `now`), ...
  std::map<std::string, Sealed> bad{};
  std::string trust_pem{};
  std::string revocations_pem{};
  std::string stale_revocations_pem{};  // ended a day before `now`
  Timestamp now{};
};

// Certificates run from a year before `now` to ten years after it. Bad ones are made after the
// first order. Fails as issue_certificate and make_seal do.
Result<World> make_world(const std::vector<SealOrder>& orders, Timestamp now);

}  // namespace certbridge::seal_service::testing

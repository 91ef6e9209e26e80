#include "world.h"

#include <chrono>
#include <stdexcept>

namespace certbridge::seal_service::testing {
namespace {

using std::chrono::days;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
  return std::move(result).value();
}

// Issues with running serial numbers; throws on failure, which make_world() turns into an Error.
class Maker {
 public:
  explicit Maker(Timestamp now) : now_(now) {}

  sm::CertificateRequest request(const std::string& name, const std::string& organisation) {
    sm::CertificateRequest made;
    made.common_name = name;
    made.organisation = organisation;
    made.serial = ++serial_;
    made.validity = {now_ - days(365), now_ + days(3650)};
    return made;
  }

  Party root(const std::string& name) {
    sm::CertificateRequest wanted = request(name, "CertBridge Sandbox");
    wanted.authority = true;
    sm::PrivateKey key = must(sm::PrivateKey::generate());
    auto certificate = must(sm::issue_certificate(wanted, key.public_key(), key, nullptr));
    return {key, certificate};
  }

  Party issue(const sm::CertificateRequest& wanted, const Party& issuer) {
    return issue_for(must(sm::PrivateKey::generate()), wanted, issuer);
  }

  Party issue_for(const sm::PrivateKey& key, const sm::CertificateRequest& wanted,
                  const Party& issuer) {
    return {key,
            must(sm::issue_certificate(wanted, key.public_key(), issuer.key, &issuer.certificate))};
  }

  sm::SealDescription describe(const SealOrder& order, const Party& signer) const {
    sm::SealDescription seal;
    seal.id = order.id;
    seal.vendor = "CERTBRIDGE";
    seal.name = order.name;
    seal.signers = {signer.certificate.der()};
    seal.created = now_ - days(30);
    seal.validity = {now_ - days(30), now_ + days(1800)};
    seal.picture = order.picture;
    return seal;
  }

  Sealed seal(const SealOrder& order, const Party& signer, const sm::SealDescription& seal,
              const Party& maker) const {
    return {order, signer, must(sm::make_seal(seal, maker.key, maker.certificate.der()))};
  }
  Sealed seal(const SealOrder& order, const Party& signer, const Party& maker) const {
    return seal(order, signer, describe(order, signer), maker);
  }

 private:
  Timestamp now_;
  std::uint64_t serial_ = 1000;
};

void add_bad_signers(World& world, Maker& make, const SealOrder& order) {
  const auto request = [&] { return make.request(order.signer, order.name); };
  const auto add = [&](const char* name, const Party& signer) {
    world.bad.emplace(name, make.seal(order, signer, world.maker));
  };
  add("revoked", make.issue(request(), world.root));
  sm::CertificateRequest wanted = request();
  wanted.may_sign = false;
  add("key-usage", make.issue(wanted, world.root));
  wanted = request();
  wanted.validity.not_after = world.now - days(2);
  add("expired-signer", make.issue(wanted, world.root));
  wanted = request();
  wanted.signer_id = "";
  add("certificate-empty-id", make.issue(wanted, world.root));
  add("other-authority", make.issue(request(), make.root("CertBridge Sandbox Root")));
  add("retired", make.issue(request(), world.root));
}

void add_bad_seals(World& world, Maker& make, const SealOrder& order) {
  const Party& signer = world.good.front().signer;
  sm::SealDescription seal = make.describe(order, signer);
  seal.validity.not_after = world.now - days(1);
  world.bad.emplace("expired-seal", make.seal(order, signer, seal, world.maker));
  // The right certificate in the list, another key that signs for it.
  const Party other = make.issue(make.request(order.signer, order.name), world.root);
  world.bad.emplace("unlisted", Sealed{order, other, world.good.front().seal});
  const Party renewed =
      make.issue_for(signer.key, make.request(order.signer, order.name), world.root);
  world.bad.emplace("swapped-certificate", Sealed{order, renewed, world.good.front().seal});
  // A seal that names the maker but was signed by somebody else.
  const Party forged{make.issue(make.request("forger", "x"), world.root).key,
                     world.maker.certificate};
  world.bad.emplace("forged-seal", make.seal(order, signer, forged));
  seal = make.describe(order, signer);
  seal.list_digests = true;
  world.bad.emplace("digest-list", make.seal(order, signer, seal, world.maker));
  sm::CertificateRequest young = make.request("CertBridge Seal Maker", "CertBridge Sandbox");
  young.validity.not_before = world.now - days(1);
  world.bad.emplace("young-maker", make.seal(order, signer, make.issue(young, world.root)));
}

World make(const std::vector<SealOrder>& orders, Timestamp now) {
  Maker make(now);
  Party root = make.root("CertBridge Sandbox Root");
  Party maker = make.issue(make.request("CertBridge Seal Maker", "CertBridge Sandbox"), root);
  World world{root, maker, {}, {}, root.certificate.to_pem(), {}, {}, now};
  for (const SealOrder& order : orders) {
    const Party signer = make.issue(make.request(order.signer, order.name), root);
    world.good.push_back(make.seal(order, signer, maker));
  }
  add_bad_signers(world, make, orders.front());
  add_bad_seals(world, make, orders.front());
  const auto serial_of = [&](const char* name) {
    return world.bad.at(name).signer.certificate.serial();
  };
  const std::vector<sm::RevokedSerial> revoked{{serial_of("revoked"), now - days(10), true},
                                               {serial_of("retired"), now - days(2), false}};
  const auto list = [&](Timestamp from, Timestamp until) {
    return must(sm::issue_revocation_list(root.certificate, root.key, {from, until}, revoked));
  };
  world.revocations_pem = list(now - days(1), now + days(3650));
  world.stale_revocations_pem = list(now - days(2), now - days(1));
  return world;
}

}  // namespace

Result<World> make_world(const std::vector<SealOrder>& orders, Timestamp now) {
  if (orders.empty()) return Error::fault("test_ca.orders", "no seal is ordered");
  try {
    return make(orders, now);
  } catch (const std::runtime_error& failure) {
    return Error::fault("test_ca.failed", failure.what());
  }
}

}  // namespace certbridge::seal_service::testing

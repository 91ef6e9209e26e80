#include "local_signer.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "certbridge/xml.h"
#include "certbridge_sm/ses.h"

namespace certbridge::seal_service {
namespace {

constexpr std::uintmax_t kLargestFile = 4UL * 1024 * 1024;

Error wrong(const std::string& file, const std::string& reason) {
  return Error::fault("sealer.signers", file + ": " + reason);
}

Result<std::string> read_file(const std::filesystem::path& path) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  std::ifstream in(path, std::ios::binary);
  if (failed || !in) return wrong(path.string(), "cannot be read");
  if (size > kLargestFile) return wrong(path.string(), "has more than 4 MB");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

struct SignerKey {
  sm::PrivateKey key;
  sm::X509Certificate certificate;
};

class LocalSigner final : public Signer {
 public:
  explicit LocalSigner(CountOperations count) : count_(std::move(count)) {}
  void add_key(const std::string& name, SignerKey key) { keys_.emplace(name, std::move(key)); }
  void add_seal(const SealName& name, std::string der) {
    seals_.emplace(std::pair(name.seal_id, name.signer), std::move(der));
  }

  Result<std::string> seal(const SealName& name, const Call&) override {
    const auto found = seals_.find(std::pair(name.seal_id, name.signer));
    if (found != seals_.end()) return found->second;
    return Error::permanent("sealer.no_such_seal", "the signers file has no seal " + name.seal_id +
                                                       " for the signer \"" + name.signer + "\"");
  }

  Result<SignedBytes> sign(const SealName& name, std::string_view to_be_signed, const std::string&,
                           const Call&) override {
    const SignerKey& key = keys_.at(name.signer);  // there is no seal without its signer
    count_("sign", 1);
    auto signature = sm::sm2_sign(key.key, sm::kDefaultSignerId, to_be_signed);
    if (!signature) return signature.error();
    return SignedBytes{std::move(signature).value(), key.certificate.der()};
  }

  bool remembers() const override { return false; }
  bool forget(const SealName&) override { return false; }

 private:
  CountOperations count_;
  std::map<std::string, SignerKey> keys_{};
  std::map<std::pair<std::string, std::string>, std::string> seals_{};
};

Result<SignerKey> read_key(const XmlElement& signer, const std::filesystem::path& folder,
                           std::string_view passphrase) {
  const std::filesystem::path path = folder / signer.attribute_or_empty("key");
  auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  if (path.extension() == ".p12" || path.extension() == ".pfx") {
    auto pair = sm::read_pkcs12(bytes.value(), passphrase);
    if (!pair) return wrong(path.string(), pair.error().message);
    return SignerKey{pair.value().key, pair.value().certificate};
  }
  auto key = sm::PrivateKey::from_pem(bytes.value(), passphrase);
  if (!key) return wrong(path.string(), key.error().message);
  const std::filesystem::path certificate_path = folder / signer.attribute_or_empty("certificate");
  auto pem = read_file(certificate_path);
  if (!pem) return pem.error();
  auto certificates = sm::X509Certificate::from_pem(pem.value());
  if (!certificates) return wrong(certificate_path.string(), certificates.error().message);
  return SignerKey{std::move(key).value(), certificates.value().front()};
}

// Key and certificate must belong together, and the seal must list the certificate.
Result<void> check_pair(const std::string& file, const SignerKey& key) {
  auto public_key = key.certificate.public_key();
  if (!public_key) return wrong(file, public_key.error().message);
  if (public_key.value().to_der() == key.key.public_key().to_der()) return {};
  return wrong(file, "the key does not belong to the certificate of " + key.certificate.subject());
}

Result<std::string> read_seal(const XmlElement& element, const std::filesystem::path& folder,
                              const SignerKey& key) {
  const std::filesystem::path path = folder / element.attribute_or_empty("file");
  auto bytes = read_file(path);
  if (!bytes) return bytes;
  auto seal = sm::parse_seal(bytes.value());
  if (!seal) return wrong(path.string(), seal.error().message);
  if (seal.value().id != element.attribute_or_empty("id")) {
    return wrong(path.string(), "it is the seal " + seal.value().id + " and not " +
                                    element.attribute_or_empty("id"));
  }
  if (!seal.value().lists(key.certificate.der())) {
    return wrong(path.string(), "the seal does not list " + key.certificate.subject());
  }
  return bytes;
}

}  // namespace

Result<std::unique_ptr<Signer>> read_local_signers(const std::string& file,
                                                   std::string_view passphrase,
                                                   CountOperations count) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  auto bytes = read_file(file);
  if (!bytes) return bytes.error();
  auto root = parse_xml(bytes.value(), file, XmlLimits{});
  if (!root) return wrong(file, root.error().message);
  if (root.value().name != "signers" || root.value().name_space != "urn:certbridge:signers:1") {
    return wrong(file, "its root must be <signers xmlns=\"urn:certbridge:signers:1\">");
  }
  auto made = std::make_unique<LocalSigner>(std::move(count));
  for (const XmlElement* signer : root.value().children_named("signer")) {
    const std::string name = signer->attribute_or_empty("name");
    auto key = read_key(*signer, folder, passphrase);
    if (!key) return key.error();
    if (auto fits = check_pair(file, key.value()); !fits) return fits.error();
    for (const XmlElement* element : signer->children_named("seal")) {
      auto seal = read_seal(*element, folder, key.value());
      if (!seal) return seal.error();
      made->add_seal({element->attribute_or_empty("id"), name}, std::move(seal).value());
    }
    made->add_key(name, std::move(key).value());
  }
  return std::unique_ptr<Signer>(std::move(made));
}

}  // namespace certbridge::seal_service

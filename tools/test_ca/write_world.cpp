#include "write_world.h"

#include <fstream>
#include <stdexcept>

#include "certbridge/xml.h"

namespace certbridge::test_ca {
namespace {

namespace fs = std::filesystem;
using namespace seal_service::testing;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(result).value();
}

void write_secret(const fs::path& path, const std::string& bytes) {
  write_file(path, bytes);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

void write_party(const fs::path& base, const Party& party, const std::string& passphrase) {
  const std::string name = base.string();
  write_file(name + ".pem", party.certificate.to_pem());
  write_secret(name + ".key.pem", must(party.key.to_pem(passphrase)));
  write_secret(name + ".p12", must(sm::write_pkcs12({party.key, party.certificate}, passphrase)));
}

std::string signer_element(const std::string& name, const std::string& seal_id,
                           const std::string& seal_file) {
  const std::string base = "signers/" + xml_escape(name);
  return "  <signer name=\"" + xml_escape(name) + "\" key=\"" + base + ".key.pem\" certificate=\"" +
         base + ".pem\">\n    <seal id=\"" + xml_escape(seal_id) + "\" file=\"" + seal_file +
         "\"/>\n  </signer>\n";
}

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

}  // namespace

void write_file(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  if (!out) throw std::runtime_error("the file " + path.string() + " cannot be written");
}

void write_world(const World& world, const fs::path& out, const std::string& passphrase) {
  write_file(out / "trust.pem", world.trust_pem);
  write_file(out / "revocations.pem", world.revocations_pem);
  write_file(out / "bad" / "stale-revocations.pem", world.stale_revocations_pem);
  write_party(out / "authority" / "root", world.root, passphrase);
  write_party(out / "authority" / "seal-maker", world.maker, passphrase);
  std::string signers =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<signers xmlns=\"urn:certbridge:signers:1\">\n";
  for (const Sealed& one : world.good) {
    const std::string seal_file = "seals/" + one.order.id + ".esl";
    write_party(out / "signers" / one.order.signer, one.signer, passphrase);
    write_file(out / seal_file, one.seal);
    write_file(out / "pictures" / (one.order.id + ".png"), one.order.picture.data);
    signers += signer_element(one.order.signer, one.order.id, seal_file);
  }
  write_file(out / "signers.xml", signers + "</signers>\n");
  for (const auto& [name, one] : world.bad) {
    write_party(out / "bad" / name, one.signer, passphrase);
    write_file(out / "bad" / (name + ".esl"), one.seal);
  }
}

void write_corpus(const std::vector<CorpusFile>& files, const World& world, const fs::path& out) {
  write_file(out / "trust.pem", world.trust_pem);
  write_file(out / "revocations.pem", world.revocations_pem);
  std::string expected = "[\n";
  for (const CorpusFile& file : files) {
    write_file(out / (file.name + ".ofd"), file.bytes);
    expected += std::string(expected.size() > 2 ? ",\n" : "") +
                "  {\"file\": " + json_text(file.name + ".ofd") + ", \"verdict\": \"" +
                (file.code.empty() ? "valid" : "invalid") +
                "\", \"code\": " + json_text(file.code) + ", \"note\": " + json_text(file.note) +
                "}";
  }
  write_file(out / "expected.json", expected + "\n]\n");
}

}  // namespace certbridge::test_ca

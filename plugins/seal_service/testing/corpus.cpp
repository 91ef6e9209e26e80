#include "corpus.h"

#include <chrono>

#include "certbridge_sm/der.h"
#include "recipe.h"

namespace certbridge::seal_service::testing {
namespace {

class Corpus {
 public:
  Corpus(const World& world, const Package& document, const Stamp& stamp)
      : world_(world),
        document_(document),
        stamp_(stamp),
        time_(std::chrono::floor<std::chrono::seconds>(world.now)) {}

  std::vector<CorpusFile> make() {
    add_good();
    add_bad_parties();
    add_signature_tricks();
    add_value_tricks();
    add_package_tricks();
    add_flips();
    return std::move(files_);
  }

 private:
  Recipe recipe() const { return {.by = &world_.good.front(), .time = time_}; }
  void add(const char* name, const Recipe& how, const char* code, const char* note) {
    files_.push_back({name, cook(document_, stamp_, how), code, note});
  }

  void add_good() {
    add("good-closed", recipe(), "", "no further seal can be added");
    Recipe open = recipe();
    open.closed = false;
    add("good-open", open, "", "the list of signatures is not protected");
    Recipe digests = recipe();
    digests.by = &world_.bad.at("digest-list");
    add("good-digest-list", digests, "", "the seal lists digests of certificates");
    Recipe young = recipe();
    young.by = &world_.bad.at("young-maker");
    add("good-young-maker", young, "", "the maker renewed his certificate after making the seal");
    Recipe retired = recipe();
    retired.by = &world_.bad.at("retired");
    retired.time = time_ - std::chrono::days(5);
    add("good-revoked-later", retired, "",
        "the signer was revoked after sealing, his key not lost");
    Recipe extended = recipe();
    extended.to_be_signed = [](const std::string& bytes) { return with_extension(bytes, false); };
    add("good-extension", extended, "", "TBS_Sign has an extension that is not critical");
    add_prepared("good-method-name", "", "CheckMethod is the name SM3", [](Package& package) {
      replace(*package.find(kSignature), "CheckMethod=\"1.2.156.10197.1.401\"",
              "CheckMethod=\"SM3\"");
    });
    add_prepared("good-no-seal-file", "", "there is no Seal.esl", &remove_seal_file);
  }

  static void remove_seal_file(Package& package) {
    std::string& text = *package.find(kSignature);
    replace(text, reference_to(text, kSealFile), "");
    replace(text, "<ofd:Seal><ofd:BaseLoc>/" + std::string(kSealFile) + "</ofd:BaseLoc></ofd:Seal>",
            "");
    std::erase_if(package.files, [](const PackageFile& file) { return file.path == kSealFile; });
  }

  // TBS_Sign with one extension more: [0] EXPLICIT SEQUENCE OF {extnID, critical, extnValue}.
  static std::string with_extension(const std::string& to_be_signed, bool critical) {
    namespace der = sm::der;
    der::Reader outer(to_be_signed);
    const std::string inside(must(outer.only(der::kSequence)).content);
    const std::string one =
        der::sequence({der::object_id("1.2.3.4"),
                       der::element(der::kBoolean, std::string(1, critical ? '\xff' : '\0')),
                       der::octet_string("x")});
    return der::element(der::kSequence,
                        inside + der::element(der::kContext0, der::sequence({one})));
  }

  void add_bad_parties() {
    const std::pair<const char*, const char*> cases[] = {
        {"revoked", "seal.revocation"},
        {"key-usage", "seal.key_usage"},
        {"expired-signer", "seal.certificate_validity"},
        {"certificate-empty-id", "seal.chain"},
        {"other-authority", "seal.chain"},
        {"expired-seal", "seal.seal_validity"},
        {"unlisted", "seal.signer_listed"},
        {"swapped-certificate", "seal.signer_listed"},
        {"forged-seal", "seal.maker_signature"},
    };
    for (const auto& [name, code] : cases) {
      Recipe bad = recipe();
      bad.by = &world_.bad.at(name);
      add(name, bad, code, "a bad party or seal");
    }
  }

  void add_prepared(const char* name, const char* code, const char* note, Change change) {
    Recipe altered = recipe();
    altered.prepared = std::move(change);
    add(name, altered, code, note);
  }

  void add_signature_tricks() {
    Recipe empty = recipe();
    empty.signer_id = "";
    add("signature-empty-id", empty, "seal.signature", "signed under the empty identifier");
    Recipe other_path = recipe();
    other_path.property_info = "/Doc_0/Signs/Sign_1/Signature.xml";
    add("other-property-info", other_path, "seal.property_info", "made for another Signature.xml");
    Recipe future = recipe();
    future.time = time_ + std::chrono::hours(24);
    add("future", future, "seal.time", "sealed tomorrow");
    Recipe past = recipe();
    past.time = time_ - std::chrono::days(31);
    add("before-seal", past, "seal.seal_validity", "sealed before the seal was valid");
    Recipe retired = recipe();
    retired.by = &world_.bad.at("retired");
    add("revoked-before", retired, "seal.revocation", "the signer was revoked before sealing");
    Recipe critical = recipe();
    critical.to_be_signed = [](const std::string& bytes) { return with_extension(bytes, true); };
    add("extension-critical", critical, "seal.shape", "a critical extension that nobody knows");
    add_prepared("digest-md5", "seal.algorithm", "CheckMethod is MD5", [](Package& package) {
      replace(*package.find(kSignature), "CheckMethod=\"1.2.156.10197.1.401\"",
              "CheckMethod=\"MD5\"");
    });
    add_prepared("digest-default", "seal.algorithm", "no CheckMethod", [](Package& package) {
      replace(*package.find(kSignature), " CheckMethod=\"1.2.156.10197.1.401\"", "");
    });
    add_prepared("method-rsa", "seal.algorithm", "SignatureMethod is RSA", [](Package& package) {
      replace(*package.find(kSignature), "1.2.156.10197.1.501", "1.2.840.113549.1.1.11");
    });
    Recipe stray = recipe();
    stray.before = [](Package& package) { package.files.push_back({"Doc_0/stray.bin", "x"}); };
    add("stray-file", stray, "seal.reachable", "a file was sealed that belongs to nothing");
    add_prepared("reference-left-out", "seal.coverage", "a file is reachable but not referred to",
                 [](Package& package) {
                   std::string& text = *package.find(kSignature);
                   replace(text, reference_to(text, "Doc_0/Document.xml"), "");
                 });
    add_prepared("reference-twice", "seal.reference", "a file is referred to twice",
                 [](Package& package) {
                   std::string& text = *package.find(kSignature);
                   const std::string one = reference_to(text, "Doc_0/Document.xml");
                   replace(text, one, one + one);
                 });
    add_prepared("reference-relative", "seal.signature_file", "a reference without its slash",
                 [](Package& package) {
                   replace(*package.find(kSignature), "FileRef=\"/OFD.xml\"",
                           "FileRef=\"../../../OFD.xml\"");
                 });
    add_prepared("stamp-missing", "seal.stamp", "the seal stands on no page", [](Package& package) {
      std::string& text = *package.find(kSignature);
      const std::size_t from = text.find("<ofd:StampAnnot");
      text.erase(from, text.find("/>", from) + 2 - from);
    });
    add_prepared("other-seal-file", "*", "Seal.esl is another one than was signed",
                 [](Package& package) { *package.find(kSealFile) += "x"; });
    add_prepared("seal-file-swapped", "seal.seal_file",
                 "a referred Seal.esl that is not the embedded one", [](Package& package) {
                   std::string& text = *package.find(kSignature);
                   const std::string old = reference_to(text, kSealFile);
                   std::string other = reference_to(text, "OFD.xml");
                   replace(other, "/OFD.xml", std::string("/") + kSealFile);
                   replace(text, old, other);
                   *package.find(kSealFile) = *package.find("OFD.xml");
                 });
    add_prepared("stamp-nowhere", "seal.stamp", "the stamp is on a page that is not there",
                 [this](Package& package) {
                   replace(*package.find(kSignature), "PageRef=\"" + stamp_.page_id + "\"",
                           "PageRef=\"999999\"");
                 });
  }

  void add_value(const char* name, const char* code, const char* note,
                 std::function<std::string(std::string)> change) {
    Recipe altered = recipe();
    altered.value = std::move(change);
    add(name, altered, code, note);
  }

  void add_value_tricks() {
    namespace der = sm::der;
    add_value(
        "version-1", "seal.version", "the form of GM/T 0031-2014", [](const std::string& value) {
          der::Reader outer(value);
          der::Reader inside(must(outer.only(der::kSequence)).content);
          return der::sequence({std::string(must(inside.any()).raw), der::bit_string("signature")});
        });
    add_value("version-5", "seal.version", "the version number is 5", [](std::string value) {
      const std::size_t at = value.find("\x02\x01\x04");
      value[at + 2] = 5;
      return value;
    });
    add_value("algorithm-rsa", "seal.algorithm", "signatureAlgID is RSA with SHA-256",
              [](const std::string& value) {
                const sm::SealSignature parsed = must(sm::parse_seal_signature(value));
                return der::sequence(
                    {parsed.to_be_signed, der::octet_string(parsed.signer_certificate),
                     der::object_id("1.2.840.113549.1.1.11"), der::bit_string(parsed.signature)});
              });
    add_value("time-stamp", "seal.time_stamp", "a time stamp that says nothing",
              [](const std::string& value) {
                der::Reader outer(value);
                const std::string inside(must(outer.only(der::kSequence)).content);
                return der::element(
                    der::kSequence,
                    inside + der::element(der::kContext0, der::bit_string("token")));
              });
    add_value("trailing-bytes", "seal.shape", "bytes after the signature",
              [](const std::string& value) { return value + "x"; });
    add_value("truncated", "seal.shape", "cut in the middle",
              [](const std::string& value) { return value.substr(0, value.size() / 2); });
    add_value("empty-value", "seal.shape", "no bytes at all",
              [](const std::string&) { return std::string(); });
  }

  void add_altered(const char* name, const char* code, const char* note, bool closed,
                   const Change& change) {
    Recipe how = recipe();
    how.closed = closed;
    Package package = must(open_package(cook(document_, stamp_, how)));
    change(package);
    files_.push_back({name, pack(std::move(package)), code, note});
  }

  void add_package_tricks() {
    files_.push_back({"unsealed", pack(document_), "seal.missing", "never sealed"});
    add_altered("stripped", "seal.stripped", "the pointer to the signatures is cut off", true,
                [](Package& package) {
                  replace(*package.find("OFD.xml"),
                          "<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>", "");
                });
    add_altered("extra-file", "seal.coverage", "a file was added", true, [](Package& package) {
      package.files.push_back({"Doc_0/Res/extra.png", "x"});
    });
    add_altered("extra-file-open", "seal.coverage", "a file was added to an open document", false,
                [](Package& package) {
                  package.files.push_back({"Doc_0/Res/extra.png", "x"});
                });
    add_altered(
        "file-removed", "seal.reference", "a protected file is gone", true, [](Package& package) {
          std::erase_if(package.files,
                        [](const PackageFile& file) { return file.path == "Doc_0/Document.xml"; });
        });
    add_altered("signature-xml-altered", "seal.data_hash", "Signature.xml has one blank more", true,
                [](Package& package) { *package.find(kSignature) += " "; });
    add_altered(
        "type-sign", "seal.signatures", "a signature without seal", false,
        [](Package& package) { replace(*package.find(kList), "Type=\"Seal\"", "Type=\"Sign\""); });
    add_altered("listed-twice", "seal.signatures", "the signature is listed twice", false,
                [](Package& package) {
                  std::string& list = *package.find(kList);
                  const std::size_t from = list.find("<ofd:Signature ");
                  list.insert(from, list.substr(from, list.find("/>", from) + 2 - from));
                });
    add_altered("value-removed", "seal.signature_file", "SignedValue.dat is gone", true,
                [](Package& package) {
                  std::erase_if(package.files,
                                [](const PackageFile& file) { return file.path == kValue; });
                });
    add_altered("doctype", "seal.xml", "OFD.xml has a document type", true, [](Package& package) {
      replace(*package.find("OFD.xml"), "?>", "?><!DOCTYPE x [<!ENTITY e \"x\">]>");
    });
    files_.push_back({"no-zip", "this is no package", "seal.package", "not a ZIP file"});
  }

  void add_flips() {
    const Package sealed = must(open_package(files_.front().bytes));
    for (std::size_t i = 0; i < sealed.files.size(); ++i) {
      Package altered = sealed;
      std::string& bytes = altered.files[i].bytes;
      if (bytes.empty()) continue;
      bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
      files_.push_back({"flip-" + std::to_string(i), pack(std::move(altered)), "*",
                        "one bit of " + sealed.files[i].path});
    }
  }

  const World& world_;
  const Package& document_;
  Stamp stamp_;
  Timestamp time_;
  std::vector<CorpusFile> files_{};
};

}  // namespace

std::vector<CorpusFile> make_corpus(const World& world, const Package& document,
                                    const Stamp& stamp) {
  return Corpus(world, document, stamp).make();
}

}  // namespace certbridge::seal_service::testing

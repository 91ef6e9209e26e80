#include "verify_file.h"

#include <algorithm>
#include <set>

#include "certbridge_sm/ses.h"
#include "certbridge_sm/sm3.h"
#include "locations.h"
#include "protection.h"
#include "signature_files.h"

namespace certbridge::seal_service {
namespace {

// Both names of the identifier (GB/T 36903) are in use for metadata.
constexpr std::string_view kIdentifierNames[] = {"证照标识", "ZZBS"};

Error refused(const char* code, const std::string& message) {
  return Error::permanent(code, message);
}

// What OFD.xml says of the document.
struct Outline {
  std::string document_root{};
  std::string signatures_path{};  // empty when the file is not sealed
  std::string identifier{};
};

std::string identifier_of(const XmlElement& body) {
  const XmlElement* info = body.child("DocInfo");
  const XmlElement* datas = info == nullptr ? nullptr : info->child("CustomDatas");
  if (datas == nullptr) return {};
  std::string found;
  for (const XmlElement* data : datas->children_named("CustomData")) {
    const std::string name = data->attribute_or_empty("Name");
    if (name != kIdentifierNames[0] && name != kIdentifierNames[1]) continue;
    if (!found.empty() && found != data->text) return {};  // two identifiers are none
    found = data->text;
  }
  return found;
}

Result<Outline> read_outline(const Package& package) {
  auto root = parse_part(package, "OFD.xml");
  if (!root) return root.error();
  const auto bodies = root.value().children_named("DocBody");
  if (bodies.size() != 1) return refused("seal.package", "OFD.xml must hold one document");
  const XmlElement* document = bodies.front()->child("DocRoot");
  if (document == nullptr) return refused("seal.package", "OFD.xml names no document");
  auto path = resolve_location("OFD.xml", document->text);
  if (!path) return path.error();
  Outline outline{path.value(), {}, identifier_of(*bodies.front())};
  const auto pointers = bodies.front()->children_named("Signatures");
  if (pointers.size() > 1)
    return refused("seal.signatures", "OFD.xml names two lists of signatures");
  if (pointers.empty()) return outline;
  auto list = resolve_location("OFD.xml", pointers.front()->text);
  if (!list) return list.error();
  outline.signatures_path = list.value();
  return outline;
}

// A file without a pointer to signatures never was sealed, or lost it.
Error not_sealed(const Package& package) {
  for (const PackageFile& part : package.files) {
    if (part.path.find("/Signs/") != std::string::npos || part.path.ends_with(".esl") ||
        part.path.ends_with("SignedValue.dat")) {
      return refused("seal.stripped", "the package holds " + part.path +
                                          " but OFD.xml does not point to any signature");
    }
  }
  return refused("seal.missing", "the file is not sealed");
}

Error shape_error(const Error& error) {
  if (error.code == "ses.version") return refused("seal.version", error.message);
  if (error.code == "ses.algorithm") return refused("seal.algorithm", error.message);
  return refused("seal.shape", error.message);
}

class Verification {
 public:
  Verification(const Package& package, TrustedSeals& seals, Timestamp now)
      : package_(package), seals_(seals), now_(now) {}

  Report run() {
    if (auto done = verify(); !done) report_.fail(done.error());
    report_.finish();
    return std::move(report_);
  }

 private:
  // The first failure ends the work; `passes` notes the checks that stand behind a result.
  Result<void> passes(Result<void> result, std::initializer_list<const char*> names) {
    if (!result) return result;
    for (const char* name : names) report_.pass(name);
    return {};
  }

  Result<void> verify() {
    report_.pass("package");
    auto outline = read_outline(package_);
    if (!outline) return outline.error();
    report_.identifier = outline.value().identifier;
    if (outline.value().signatures_path.empty()) return not_sealed(package_);
    report_.pass("missing");
    report_.pass("stripped");
    const std::string* list = package_.find(outline.value().signatures_path);
    if (list == nullptr)
      return refused("seal.signatures", "the list of signatures is not in the package");
    auto entries = parse_signatures_list(*list, outline.value().signatures_path);
    if (!entries) return entries.error();
    auto protection = Protection::read(package_, outline.value().signatures_path, entries.value());
    if (!protection) return protection.error();
    for (const char* name : {"signatures", "signature_file"}) report_.pass(name);
    for (std::size_t i = 0; i < protection.value().size(); ++i) {
      if (auto one = verify_one(protection.value(), i); !one) return one;
    }
    auto whole = protection.value().check_stamps(outline.value().document_root);
    if (auto stamps = passes(whole, {"stamp"}); !stamps) return stamps;
    auto reachable = reachable_files(package_);
    if (!reachable) return reachable.error();
    report_.pass("xml");
    return passes(protection.value().check_strays(reachable.value()), {"reachable"});
  }

  Result<void> verify_one(const Protection& protection, std::size_t index) {
    auto value = sm::parse_seal_signature(protection.value(index));
    if (!value) return shape_error(value.error());
    const sm::SealSignature& signature = value.value();
    if (signature.time_stamp) {
      return refused("seal.time_stamp",
                     "the signature carries a time stamp, which this verifier cannot check");
    }
    auto trusted = seals_.check(signature.seal_der, signature.signer_certificate);
    if (!trusted) return trusted.error();
    note_seal(*trusted.value(), signature.time, protection.closed(index));
    for (const char* name : {"algorithm", "version", "shape", "signer_listed", "maker_signature",
                             "key_usage", "chain", "time_stamp"}) {
      report_.pass(name);
    }
    if (auto signed_ = passes(check_signature(*trusted.value(), signature), {"signature"});
        !signed_)
      return signed_;
    auto times = passes(seals_.check_times(*trusted.value(), signature.time, now_),
                        {"certificate_validity", "seal_validity", "time"});
    if (!times) return times;
    if (auto revoked = check_revocations(*trusted.value(), signature.time); !revoked)
      return revoked;
    note_young_maker(*trusted.value());
    return check_protection(protection, index, signature);
  }

  Result<void> check_revocations(const TrustedSeal& trusted, Timestamp sealed_at) {
    if (seals_.has_revocations()) {
      return passes(seals_.check_revocations(trusted, sealed_at, now_), {"revocation"});
    }
    report_.leave_out("revocation",
                      "no revocation lists are given (option revocations), so a revoked "
                      "certificate is not noticed");
    return {};
  }

  Result<void> check_signature(const TrustedSeal& trusted, const sm::SealSignature& signature) {
    seals_.count()("verify", 1);
    auto verified = sm::sm2_verify(trusted.signer_key, sm::kDefaultSignerId, signature.to_be_signed,
                                   signature.signature);
    if (verified) return {};
    return refused("seal.signature",
                   "the signer's signature does not fit seal, time, digest and path");
  }

  Result<void> check_protection(const Protection& protection, std::size_t index,
                                const sm::SealSignature& signature) {
    if (signature.property_info != "/" + protection.path(index)) {
      return refused(
          "seal.property_info",
          "the signature was made for another Signature.xml than " + protection.path(index));
    }
    report_.pass("property_info");
    const Sm3Digest hash = sm::sm3(*package_.find(protection.path(index)));
    if (signature.data_hash != sm::bytes_of(hash)) {
      return refused("seal.data_hash", protection.path(index) + " is not as it was signed");
    }
    report_.pass("data_hash");
    if (auto files = passes(protection.check_references(index), {"reference"}); !files)
      return files;
    if (auto covered = passes(protection.check_coverage(index), {"coverage"}); !covered)
      return covered;
    if (!protection.has_seal_file(index)) {
      report_.leave_out("seal_file",
                        "there is no Seal.esl; the seal inside of the signature counts");
      return {};
    }
    return passes(protection.check_seal_file(index, signature.seal_der), {"seal_file"});
  }

  void note_seal(const TrustedSeal& trusted, Timestamp time, bool closed) {
    const sm::X509Certificate& signer = trusted.signer_chain.front();
    report_.seals.push_back({trusted.seal.id, trusted.seal.name, signer.subject(), signer.serial(),
                             trusted.maker_chain.front().subject(), time,
                             trusted.seal.validity.not_before, trusted.seal.validity.not_after,
                             closed});
  }

  // Makers renew their certificates and sign old seals anew: worth a word, not a refusal.
  void note_young_maker(const TrustedSeal& trusted) {
    if (trusted.maker_chain.front().validity().not_before <= trusted.seal.created) return;
    report_.warn("maker_signature", "the seal maker's certificate is younger than the seal");
  }

  const Package& package_;
  TrustedSeals& seals_;
  Timestamp now_;
  Report report_{};
};

}  // namespace

Report verify_package(const Package& package, TrustedSeals& seals, Timestamp now) {
  return Verification(package, seals, now).run();
}

Report verify_file(std::string_view file, TrustedSeals& seals, Timestamp now) {
  auto package = open_package(file);
  if (package) return verify_package(package.value(), seals, now);
  Report report;
  report.fail(package.error());
  report.finish();
  return report;
}

}  // namespace certbridge::seal_service

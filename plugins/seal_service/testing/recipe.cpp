#include "recipe.h"

#include "../seal_file.h"
#include "../signature_files.h"
#include "certbridge_sm/sm3.h"

namespace certbridge::seal_service::testing {

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("nothing to replace: " + from);
  text.replace(at, from.size(), to);
}

std::string cook(Package document, const Stamp& stamp, const Recipe& recipe) {
  if (recipe.before) recipe.before(document);
  const SealRequest request{recipe.by->seal, stamp, recipe.time, recipe.closed};
  PreparedSeal prepared = must(prepare_seal(std::move(document), request));
  if (recipe.prepared) recipe.prepared(prepared.package);
  prepared.to_be_signed =
      sm::write_to_be_signed(recipe.by->seal, recipe.time,
                             sm::sm3(*prepared.package.find(kSignature)), recipe.property_info);
  if (recipe.to_be_signed) {
    prepared.to_be_signed = recipe.to_be_signed(std::move(prepared.to_be_signed));
  }
  const std::string signature =
      must(sm::sm2_sign(recipe.by->signer.key, recipe.signer_id, prepared.to_be_signed));
  std::string value = sm::write_seal_signature(prepared.to_be_signed,
                                               recipe.by->signer.certificate.der(), signature);
  if (recipe.value) value = recipe.value(std::move(value));
  prepared.package.files.push_back({kValue, std::move(value)});
  return pack(std::move(prepared.package));
}

// The whole element of a reference to the file.
std::string reference_to(const std::string& signature, const std::string& path) {
  const std::size_t start = signature.find("<ofd:Reference FileRef=\"/" + path + "\"");
  const std::string end = "</ofd:Reference>";
  return signature.substr(start, signature.find(end, start) + end.size() - start);
}

std::string seal_sample(const Package& document, const Stamp& stamp, const Sealed& by,
                        Timestamp time, bool closed) {
  return cook(document, stamp, {.by = &by, .time = time, .closed = closed});
}

std::string seal_again(const std::string& file, const Sealed& by, Timestamp time) {
  Package package = must(open_package(file));
  const std::string folder = "Doc_0/Signs/Sign_1/";
  replace(*package.find(kList), "</ofd:Signatures>",
          "<ofd:Signature ID=\"s003\" Type=\"Seal\" BaseLoc=\"/" + folder +
              "Signature.xml\"/></ofd:Signatures>");
  package.files.push_back({folder + "Seal.esl", by.seal});
  SignatureFile second;
  for (const PackageFile& part : package.files) {
    if (part.path != kList) second.references.push_back({part.path, sm::sm3(part.bytes)});
  }
  second.stamps.push_back(sample_stamp());
  second.seal_path = folder + "Seal.esl";
  second.value_path = folder + "SignedValue.dat";
  const std::string signature = write_signature_file(second);
  package.files.push_back({folder + "Signature.xml", signature});
  const std::string bytes =
      sm::write_to_be_signed(by.seal, time, sm::sm3(signature), "/" + folder + "Signature.xml");
  package.files.push_back(
      {second.value_path,
       sm::write_seal_signature(bytes, by.signer.certificate.der(),
                                must(sm::sm2_sign(by.signer.key, sm::kDefaultSignerId, bytes)))});
  return pack(std::move(package));
}

}  // namespace certbridge::seal_service::testing

#include "seal_file.h"

#include <algorithm>
#include <vector>

#include "certbridge_sm/der.h"
#include "certbridge_sm/ses.h"
#include "certbridge_sm/sm3.h"
#include "locations.h"

namespace certbridge::seal_service {
namespace {

Error wrong_document(const std::string& reason) {
  return Error::permanent("sealer.document", "the file cannot be sealed: " + reason);
}

Result<std::string> document_root(const Package& package) {
  auto root = parse_part(package, "OFD.xml");
  if (!root) return wrong_document(root.error().message);
  const auto bodies = root.value().children_named("DocBody");
  if (bodies.size() != 1) return wrong_document("there must be one document in it");
  if (bodies.front()->child("Signatures") != nullptr) {
    return Error::permanent("sealer.already_sealed", "the file has a seal already");
  }
  const XmlElement* location = bodies.front()->child("DocRoot");
  if (location == nullptr) return wrong_document("OFD.xml names no document");
  return resolve_location("OFD.xml", location->text);
}

// Puts the pointer to the list of signatures where the schema has it: last in the document's body.
// The bytes around it stay as they are.
Result<void> point_to_signatures(Package& package, const std::string& list_path) {
  std::string& bytes = *package.find("OFD.xml");
  const std::size_t name = bytes.rfind("DocBody");
  const std::size_t tag = name == std::string::npos ? name : bytes.rfind("</", name);
  if (tag == std::string::npos) return wrong_document("the end of DocBody is not found");
  const std::string prefix = bytes.substr(tag + 2, name - tag - 2);
  bytes.insert(tag, "<" + prefix + "Signatures>" + list_path + "</" + prefix + "Signatures>");
  auto root = parse_part(package, "OFD.xml");
  const XmlElement* body = root.ok() ? root.value().child("DocBody") : nullptr;
  const XmlElement* pointer = body == nullptr ? nullptr : body->child("Signatures");
  if (pointer == nullptr || pointer->text != list_path) {
    return wrong_document("the pointer to the signatures cannot be placed");
  }
  return {};
}

Result<void> check_stamp(const Package& package, const std::string& root, const Stamp& stamp) {
  if (!is_box(stamp.box)) {
    return Error::permanent("sealer.box",
                            "the seal's box must be \"x y width height\" in millimetres");
  }
  auto document = parse_part(package, root);
  if (!document) return wrong_document(document.error().message);
  const XmlElement* pages = document.value().child("Pages");
  if (pages == nullptr) return wrong_document("it has no pages");
  for (const XmlElement* page : pages->children_named("Page")) {
    if (page->attribute_or_empty("ID") == stamp.page_id) return {};
  }
  return Error::permanent("sealer.box",
                          "the document has no page with the ID \"" + stamp.page_id + "\"");
}

SignatureFile describe(const Package& package, const SignaturePaths& paths,
                       const SealRequest& request) {
  SignatureFile file;
  file.date_time = sm::der::format_generalized_time(request.time);
  for (const PackageFile& part : package.files) {
    if (part.path == paths.list && !request.closed) continue;
    file.references.push_back({part.path, sm::sm3(part.bytes)});
  }
  file.stamps.push_back(request.stamp);
  file.seal_path = paths.seal;
  file.value_path = paths.value;
  return file;
}

}  // namespace

Result<PreparedSeal> prepare_seal(Package package, const SealRequest& request) {
  auto root = document_root(package);
  if (!root) return root.error();
  const SignaturePaths paths = signature_paths(root.value());
  for (const std::string& path : {paths.list, paths.signature, paths.seal, paths.value}) {
    if (package.find(path) != nullptr) {
      return Error::permanent("sealer.already_sealed",
                              "the file " + path + " is in the package already");
    }
  }
  if (auto checked = check_stamp(package, root.value(), request.stamp); !checked)
    return checked.error();
  if (auto placed = point_to_signatures(package, paths.list); !placed) return placed.error();
  package.files.push_back({paths.list, write_signatures_list(paths)});
  package.files.push_back({paths.seal, std::string(request.seal_der)});
  const std::string signature = write_signature_file(describe(package, paths, request));
  package.files.push_back({paths.signature, signature});
  PreparedSeal prepared{
      std::move(package), {"OFD.xml", paths.list, paths.seal, paths.signature}, paths.value, {}};
  prepared.to_be_signed = sm::write_to_be_signed(request.seal_der, request.time, sm::sm3(signature),
                                                 "/" + paths.signature);
  return prepared;
}

Result<std::string> finish_seal(std::string_view file, PreparedSeal prepared,
                                std::string_view signer_certificate, std::string_view signature) {
  std::vector<PackageFile> parts;
  for (const std::string& path : prepared.changed) {
    parts.push_back({path, std::move(*prepared.package.find(path))});
  }
  parts.push_back({prepared.value_path,
                   sm::write_seal_signature(prepared.to_be_signed, signer_certificate, signature)});
  return put_into(file, std::move(parts));
}

}  // namespace certbridge::seal_service

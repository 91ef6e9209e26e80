#include "signature_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "certbridge/xml.h"
#include "certbridge_sm/base64.h"
#include "certbridge_sm/ses.h"
#include "certbridge_sm/sm3.h"
#include "locations.h"

namespace certbridge::seal_service {
namespace {

constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kNameSpace = " xmlns:ofd=\"http://www.ofdspec.org/2016\"";

Error wrong_list(const std::string& reason) {
  return Error::permanent("seal.signatures", "the list of signatures is wrong: " + reason);
}

Error wrong_file(const std::string& path, const std::string& reason) {
  return Error::permanent("seal.signature_file", path + ": " + reason);
}

std::string leaf(const std::string& name, const std::string& text) {
  return "<ofd:" + name + ">" + xml_escape(text) + "</ofd:" + name + ">";
}

bool is_ofd_root(const XmlElement& root, std::string_view name) {
  return root.name == name && (root.name_space == "http://www.ofdspec.org/2016" ||
                               root.name_space == "http://www.ofdspec.org");
}

// The only child of that name, or null.
const XmlElement* only_child(const XmlElement& parent, std::string_view name) {
  const auto found = parent.children_named(name);
  return found.size() == 1 ? found.front() : nullptr;
}

Result<void> read_references(const XmlElement& references, const std::string& path,
                             SignatureFile& into) {
  const std::string method = references.attribute_or_empty("CheckMethod");
  if (method != sm::kSm3ObjectId && method != "SM3") {
    return Error::permanent(
        "seal.algorithm", path + ": the digests are of the method \"" + method + "\" and not SM3");
  }
  for (const XmlElement* one : references.children_named("Reference")) {
    const XmlElement* value = only_child(*one, "CheckValue");
    const auto digest = value == nullptr ? std::nullopt : sm::base64_decode(value->text);
    const std::string location = one->attribute_or_empty("FileRef");
    // Readers differ on what a relative one starts from, so it could protect two files.
    if (!location.starts_with('/')) return wrong_file(path, "a reference is not absolute");
    auto target = resolve_location(path, location);
    if (!target) return target.error();
    Reference reference{target.value(), {}};
    if (!digest || digest->size() != reference.digest.size()) {
      return wrong_file(path, "the digest of " + target.value() + " is no Base64 of 32 bytes");
    }
    std::copy(digest->begin(), digest->end(), reference.digest.begin());
    into.references.push_back(std::move(reference));
  }
  if (into.references.empty()) return wrong_file(path, "it refers to no file");
  return {};
}

Result<void> read_info(const XmlElement& info, const std::string& path, SignatureFile& into) {
  const XmlElement* method = only_child(info, "SignatureMethod");
  if (method == nullptr || method->text != sm::kSm2WithSm3) {
    return Error::permanent("seal.algorithm",
                            path + ": the signature's method is not SM2 with SM3");
  }
  const XmlElement* references = only_child(info, "References");
  if (references == nullptr) return wrong_file(path, "there must be one References element");
  if (auto read = read_references(*references, path, into); !read) return read;
  if (const XmlElement* time = only_child(info, "SignatureDateTime")) into.date_time = time->text;
  for (const XmlElement* stamp : info.children_named("StampAnnot")) {
    into.stamps.push_back(
        {stamp->attribute_or_empty("PageRef"), stamp->attribute_or_empty("Boundary")});
    if (!is_box(into.stamps.back().box)) return wrong_file(path, "a stamp's boundary is no box");
  }
  const XmlElement* seal = only_child(info, "Seal");
  if (seal == nullptr) return {};
  const XmlElement* location = only_child(*seal, "BaseLoc");
  if (location == nullptr) return wrong_file(path, "the seal has no location");
  auto resolved = resolve_location(path, location->text);
  if (!resolved) return resolved.error();
  into.seal_path = resolved.value();
  return {};
}

}  // namespace

SignaturePaths signature_paths(std::string_view document_root) {
  const std::size_t slash = document_root.rfind('/');
  const std::string folder(
      document_root.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
  const std::string sign = folder + "Signs/Sign_0/";
  return {folder + "Signs/Signatures.xml", sign + "Signature.xml", sign + "Seal.esl",
          sign + "SignedValue.dat"};
}

std::string write_signatures_list(const SignaturePaths& paths) {
  std::string out(kHead);
  out += "<ofd:Signatures";
  out += kNameSpace;
  out += ">" + leaf("MaxSignId", "s002");
  out +=
      "<ofd:Signature ID=\"s001\" Type=\"Seal\" BaseLoc=\"/" + xml_escape(paths.signature) + "\"/>";
  return out + "</ofd:Signatures>";
}

std::string write_signature_file(const SignatureFile& file) {
  std::string out(kHead);
  out += "<ofd:Signature";
  out += kNameSpace;
  out +=
      "><ofd:SignedInfo><ofd:Provider ProviderName=\"CertBridge\" Version=\"1.0\" "
      "Company=\"CertBridge\"/>";
  out += leaf("SignatureMethod", std::string(sm::kSm2WithSm3));
  out += leaf("SignatureDateTime", file.date_time);
  out += "<ofd:References CheckMethod=\"" + std::string(sm::kSm3ObjectId) + "\">";
  for (const Reference& reference : file.references) {
    out += "<ofd:Reference FileRef=\"/" + xml_escape(reference.path) + "\">";
    out +=
        leaf("CheckValue", sm::base64_encode(sm::bytes_of(reference.digest))) + "</ofd:Reference>";
  }
  out += "</ofd:References>";
  for (const Stamp& stamp : file.stamps) {
    out += "<ofd:StampAnnot ID=\"s002\" PageRef=\"" + xml_escape(stamp.page_id) + "\" Boundary=\"" +
           xml_escape(stamp.box) + "\"/>";
  }
  out += "<ofd:Seal>" + leaf("BaseLoc", "/" + file.seal_path) + "</ofd:Seal></ofd:SignedInfo>";
  return out + leaf("SignedValue", "/" + file.value_path) + "</ofd:Signature>";
}

Result<std::vector<SignatureEntry>> parse_signatures_list(std::string_view bytes,
                                                          const std::string& path) {
  auto root = parse_xml(bytes, path, XmlLimits{});
  if (!root) return wrong_list(root.error().message);
  if (!is_ofd_root(root.value(), "Signatures")) return wrong_list("its root is not Signatures");
  std::vector<SignatureEntry> entries;
  for (const XmlElement* one : root.value().children_named("Signature")) {
    auto target = resolve_location(path, one->attribute_or_empty("BaseLoc"));
    if (!target) return wrong_list("a signature has no location in the package");
    const XmlAttribute* type = one->attribute("Type");
    entries.push_back(
        {one->attribute_or_empty("ID"), type == nullptr ? "Seal" : type->value, target.value()});
  }
  if (entries.empty()) return wrong_list("it lists no signature");
  if (entries.size() > 16) return wrong_list("it lists more than 16 signatures");
  return entries;
}

Result<SignatureFile> parse_signature_file(std::string_view bytes, const std::string& path) {
  auto root = parse_xml(bytes, path, XmlLimits{});
  if (!root) return wrong_file(path, root.error().message);
  if (!is_ofd_root(root.value(), "Signature")) return wrong_file(path, "its root is not Signature");
  const XmlElement* info = only_child(root.value(), "SignedInfo");
  const XmlElement* value = only_child(root.value(), "SignedValue");
  if (info == nullptr || value == nullptr) {
    return wrong_file(path, "there must be one SignedInfo and one SignedValue");
  }
  SignatureFile file;
  if (auto read = read_info(*info, path, file); !read) return read.error();
  auto target = resolve_location(path, value->text);
  if (!target) return target.error();
  file.value_path = target.value();
  return file;
}

bool is_box(std::string_view text) {
  double numbers[4];
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && (at == end || *at++ != ' ')) return false;
    const auto parsed = std::from_chars(at, end, numbers[i], std::chars_format::fixed);
    if (parsed.ec != std::errc() || !std::isfinite(numbers[i])) return false;
    at = parsed.ptr;
  }
  return at == end && numbers[2] > 0 && numbers[3] > 0;
}

}  // namespace certbridge::seal_service

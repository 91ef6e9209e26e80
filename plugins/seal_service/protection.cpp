#include "protection.h"

#include <algorithm>
#include <set>

#include "certbridge_sm/sm3.h"
#include "locations.h"

namespace certbridge::seal_service {
namespace {

Error unprotected(const char* code, const std::string& message) {
  return Error::permanent(code, message);
}

}  // namespace

Result<Protection> Protection::read(const Package& package, const std::string& list_path,
                                    const std::vector<SignatureEntry>& entries) {
  Protection protection(package, list_path);
  std::set<std::string> seen;
  for (const SignatureEntry& entry : entries) {
    if (entry.type != "Seal") {
      return unprotected("seal.signatures", "the signature " + entry.id + " is of the type " +
                                                entry.type + " and not a seal");
    }
    if (!seen.insert(entry.path).second)
      return unprotected("seal.signatures", "a signature is listed twice");
    const std::string* bytes = package.find(entry.path);
    if (bytes == nullptr)
      return unprotected("seal.signature_file", entry.path + " is not in the package");
    auto file = parse_signature_file(*bytes, entry.path);
    if (!file) return file.error();
    if (package.find(file.value().value_path) == nullptr) {
      return unprotected("seal.signature_file", file.value().value_path + " is not in the package");
    }
    protection.signatures_.push_back({entry.path, std::move(file).value()});
  }
  return protection;
}

const std::string& Protection::value(std::size_t index) const {
  return *package_->find(signatures_[index].file.value_path);
}

bool Protection::closed(std::size_t index) const {
  const auto& references = signatures_[index].file.references;
  return std::any_of(references.begin(), references.end(),
                     [this](const Reference& reference) { return reference.path == list_path_; });
}

Result<void> Protection::check_references(std::size_t index) const {
  std::set<std::string_view> seen;
  for (const Reference& reference : signatures_[index].file.references) {
    if (!seen.insert(reference.path).second) {
      return unprotected("seal.reference", "the file " + reference.path + " is referred to twice");
    }
    const std::string* bytes = package_->find(reference.path);
    if (bytes == nullptr) {
      return unprotected("seal.reference",
                         "the file " + reference.path + " was sealed but is not in the package");
    }
    if (sm::sm3(*bytes) != reference.digest) {
      return unprotected("seal.reference",
                         "the file " + reference.path + " is not as it was sealed");
    }
  }
  return {};
}

bool Protection::belongs_to(std::size_t index, const std::string& path) const {
  const One& one = signatures_[index];
  return path == one.path || path == one.file.value_path || path == one.file.seal_path;
}

bool Protection::may_stay_open(std::size_t index, const std::string& path) const {
  const One& own = signatures_[index];
  if (path == own.path || path == own.file.value_path || path == list_path_) return true;
  for (std::size_t later = index + 1; later < signatures_.size(); ++later) {
    if (belongs_to(later, path)) return true;
  }
  return false;
}

Result<void> Protection::check_coverage(std::size_t index) const {
  std::set<std::string_view> referred;
  for (const Reference& reference : signatures_[index].file.references)
    referred.insert(reference.path);
  for (const PackageFile& part : package_->files) {
    if (referred.contains(part.path) || may_stay_open(index, part.path)) continue;
    return unprotected("seal.coverage", "the file " + part.path + " is not protected by the seal");
  }
  return {};
}

Result<void> Protection::check_seal_file(std::size_t index, std::string_view seal_der) const {
  const std::string& path = signatures_[index].file.seal_path;
  const std::string* bytes = package_->find(path);
  if (bytes != nullptr && *bytes == seal_der) return {};
  return unprotected("seal.seal_file", path + " is not the seal inside of the signature");
}

Result<void> Protection::check_strays(const std::set<std::string>& reachable) const {
  for (const PackageFile& part : package_->files) {
    bool known = reachable.contains(part.path) || part.path == list_path_;
    for (std::size_t i = 0; i < signatures_.size() && !known; ++i) known = belongs_to(i, part.path);
    if (known) continue;
    return unprotected("seal.reachable", "the file " + part.path +
                                             " belongs neither to the document nor to a signature");
  }
  return {};
}

Result<void> Protection::check_stamps(const std::string& document_root) const {
  auto document = parse_part(*package_, document_root);
  if (!document) return document.error();
  std::set<std::string> pages;
  if (const XmlElement* all = document.value().child("Pages")) {
    for (const XmlElement* page : all->children_named("Page"))
      pages.insert(page->attribute_or_empty("ID"));
  }
  for (const One& one : signatures_) {
    if (one.file.stamps.empty()) {
      return unprotected("seal.stamp", "the seal of " + one.path + " stands on no page");
    }
    for (const Stamp& stamp : one.file.stamps) {
      if (!pages.contains(stamp.page_id)) {
        return unprotected("seal.stamp", "a stamp is on the page " + stamp.page_id +
                                             ", which is not in the document");
      }
    }
  }
  return {};
}

}  // namespace certbridge::seal_service

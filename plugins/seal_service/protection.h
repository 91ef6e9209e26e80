// What the signatures of a file protect: references, what they leave out, and what belongs to them.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "package.h"
#include "signature_files.h"

namespace certbridge::seal_service {

// The signatures of one package. Refers to the package it was read from, which must outlive it.
class Protection {
 public:
  // Reads every Signature.xml and finds its value. Codes "seal.signature_file", "seal.algorithm",
  // "seal.signatures" (a type other than Seal).
  static Result<Protection> read(const Package& package, const std::string& list_path,
                                 const std::vector<SignatureEntry>& entries);
  std::size_t size() const { return signatures_.size(); }
  const std::string& path(std::size_t index) const { return signatures_[index].path; }
  const std::string& value(std::size_t index) const;  // bytes of SignedValue.dat
  // Whether the list of signatures is protected by this signature.
  bool closed(std::size_t index) const;

  // Every reference is there once and has its digest. Code "seal.reference" with the file.
  Result<void> check_references(std::size_t index) const;
  // Every file of the package is referred to, but for the signature's own two files, the list of
  // signatures and what came with later signatures. Code "seal.coverage" with the file.
  Result<void> check_coverage(std::size_t index) const;
  bool has_seal_file(std::size_t index) const { return !signatures_[index].file.seal_path.empty(); }
  // Seal.esl is the embedded seal byte by byte. Code "seal.seal_file".
  Result<void> check_seal_file(std::size_t index, std::string_view seal_der) const;
  // Every file of the package is one that the document leads to, or belongs to a listed signature:
  // nothing that a reader would not see was sealed with it, and no signature was dropped from the
  // list. Code "seal.reachable" with the file.
  Result<void> check_strays(const std::set<std::string>& reachable) const;
  // Every signature has a stamp, and every stamp is on a page of the document. Code "seal.stamp".
  Result<void> check_stamps(const std::string& document_root) const;

 private:
  struct One {
    std::string path{};
    SignatureFile file{};
  };
  Protection(const Package& package, std::string list_path)
      : package_(&package), list_path_(std::move(list_path)) {}
  bool belongs_to(std::size_t index, const std::string& path) const;
  bool may_stay_open(std::size_t index, const std::string& path) const;

  const Package* package_;
  std::string list_path_;
  std::vector<One> signatures_{};
};

}  // namespace certbridge::seal_service

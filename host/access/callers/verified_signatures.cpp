#include "access/callers/verified_signatures.h"

#include <string>

#include "journal/cipher.h"

namespace certbridge::host {
namespace {

// The length keeps the two apart.
Sm3Digest digest_of_both(std::string_view issuer, std::string_view text) {
  Sm3 sm3;
  sm3.add(std::to_string(issuer.size()) + ":");
  sm3.add(issuer);
  sm3.add(text);
  return sm3.finish();
}

}  // namespace

bool VerifiedSignatures::knows(std::string_view issuer, std::string_view text) const {
  const Sm3Digest digest = digest_of_both(issuer, text);
  const std::lock_guard lock(mutex_);
  return digests_.contains(digest);
}

void VerifiedSignatures::note(std::string_view issuer, std::string_view text) {
  const Sm3Digest digest = digest_of_both(issuer, text);
  const std::lock_guard lock(mutex_);
  if (digests_.size() >= most_) digests_.clear();
  digests_.insert(digest);
}

}  // namespace certbridge::host

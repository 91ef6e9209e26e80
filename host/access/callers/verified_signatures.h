// Which assertions were found to be signed by their issuers: a clerk's is sent with each of his
// requests, and to verify it takes half as long as all the rest of a query.
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string_view>

#include "certbridge/content.h"

namespace certbridge::host {

// Of issuers whose keys do not change. Says nothing of times, audience or persons: these are looked
// at each time. Only what was verified is kept, so nobody fills it without an issuer's key. Any
// thread.
class VerifiedSignatures {
 public:
  explicit VerifiedSignatures(std::size_t most) : most_(most) {}

  // `text`: the whole assertion with its signature.
  bool knows(std::string_view issuer, std::string_view text) const;
  void note(std::string_view issuer, std::string_view text);

 private:
  const std::size_t most_;  // then all are forgotten
  mutable std::mutex mutex_{};
  std::set<Sm3Digest> digests_{};  // under mutex_
};

}  // namespace certbridge::host

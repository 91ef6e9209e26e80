// Which version a certificate is, and whether that version is on its way already.
#pragma once

#include <optional>

#include "certbridge/certificate.h"
#include "certbridge/context.h"

namespace certbridge::registration {

// Remembers of each certificate number its latest version, what that was made of, and by which
// step. Both references outlive it.
class Versions {
 public:
  Versions(Memory& memory, const Facts& facts, std::string library_endpoint)
      : memory_(memory), facts_(facts), library_endpoint_(std::move(library_endpoint)) {}

  // The version of the content with this digest; nothing when the library has it or is about to get
  // it, so that a second event without a change makes nothing. Other content is the next version,
  // and so is the same content after the certificate was voided. A step that runs again keeps its
  // version, since what it made before never left. Fails as Memory and Facts do.
  Result<std::optional<int>> next(const Certificate& certificate, const std::string& digest,
                                  const Call& call);

 private:
  enum class Stand : std::uint8_t { kNone = 1, kStands = 2, kVoided = 3 };
  Result<Stand> stand_of(const Certificate& certificate, int version) const;

  Memory& memory_;
  const Facts& facts_;
  std::string library_endpoint_;
};

}  // namespace certbridge::registration

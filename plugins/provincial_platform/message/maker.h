// Facts to the text that is signed: build, patch, validate.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "profile/patch.h"
#include "profile/profile.h"
#include "profile/schema.h"

namespace certbridge::provincial_platform {

// The booking that a message is about, before any patch.
struct BookingName {
  std::string unit{};  // 28 characters
  std::string flow{};  // RecFlowID: the case number, with "-1", "-2"… for one of several
  std::string day{};   // of booking at +08:00, "2026-11-27"
};

// A message before it has number and signature.
struct Made {
  std::string rec_type{};
  BookingName booking{};
  std::string area{};  // six digits: AreaCode of the generation, before any patch
  std::string text{};
};

// Any thread may make messages.
class Maker {
 public:
  // The profile is the one that the patch changed.
  Maker(Profile profile, Patch patch);
  const Profile& profile() const { return profile_; }

  // Codes: those of parse_booked() and build_document(), "provincial.schema" with every finding's
  // place, "provincial.schema_text".
  Result<Made> make(std::string_view facts);

 private:
  Result<const MessageSchema*> schema_of(const std::string& rec_type);

  Profile profile_;
  Patch patch_;
  std::mutex mutex_{};
  std::map<std::string, MessageSchema, std::less<>> schemas_{};  // made when first needed
};

}  // namespace certbridge::provincial_platform

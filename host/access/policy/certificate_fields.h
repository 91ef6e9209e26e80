// The members of a found certificate by the names that lists of fields have for them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "certbridge/query.h"

namespace certbridge::host {

struct TextMember {
  std::string_view name{};
  std::string FoundCertificate::*member = nullptr;
};
// "type-code", "number", "issuer-name"…: each member that is one text.
std::span<const TextMember> text_members();
inline constexpr std::string_view kHolderName = "holder.name";
// The code and what kind of code it is.
inline constexpr std::string_view kHolderCode = "holder.code";

// Whether a name belongs to a member: a source's own field of that name never leaves and is never
// compared, because a list could mean the one or the other.
bool is_member_name(std::string_view name);

}  // namespace certbridge::host

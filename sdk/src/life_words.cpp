#include "certbridge/life.h"
#include "certificate_words.h"

namespace certbridge {
namespace {

// In the order of the enumerations, whose first value is 1.
constexpr std::array<std::string_view, 5> kRestrictionWords{"seizure", "objection", "limitation",
                                                            "suspension", "mortgage"};
constexpr std::array<std::string_view, 11> kEventWords{
    "collected", "reissued", "restrict", "release", "lose",    "expire",
    "cancel",    "revoke",   "abolish",  "void",    "rejected"};

}  // namespace

std::string to_word(RestrictionKind kind) { return word_of(kind, kRestrictionWords); }
std::string to_word(LifeEventKind kind) { return word_of(kind, kEventWords); }
std::string to_word(Status::Base base) { return word_of(base, kStatusWords); }
std::optional<RestrictionKind> restriction_kind_of(std::string_view word) {
  return value_of<RestrictionKind>(word, kRestrictionWords);
}
std::optional<LifeEventKind> life_event_kind_of(std::string_view word) {
  return value_of<LifeEventKind>(word, kEventWords);
}
std::optional<Status::Base> status_base_of(std::string_view word) {
  return value_of<Status::Base>(word, kStatusWords);
}

}  // namespace certbridge

#include "certbridge/certificate_type.h"

#include <algorithm>
#include <array>

namespace certbridge {
namespace {

template <class Word, std::size_t Count>
std::string type_word(Word word, const std::array<const char*, Count>& words) {
  const auto index = static_cast<std::size_t>(word) - 1;
  return index < Count ? words[index] : "unknown";
}

// The earliest version for which `counts` holds; null when there is none.
template <class Counts>
const TypeVersion* first_version(const CertificateType& type, const Counts& counts) {
  const auto found = std::find_if(type.versions.begin(), type.versions.end(), counts);
  return found == type.versions.end() ? nullptr : &*found;
}

}  // namespace

std::string to_word(TypeState state) {
  return type_word<TypeState, 4>(state, {"draft", "submitted", "approved", "suspended"});
}
std::string to_word(TypeHolders holders) {
  return type_word<TypeHolders, 3>(holders, {"person", "company", "both"});
}
std::string to_word(TypeValidity validity) {
  return type_word<TypeValidity, 3>(validity, {"unlimited", "term", "years"});
}
std::string to_word(TypeSharing sharing) {
  return type_word<TypeSharing, 3>(sharing, {"unconditional", "conditional", "none"});
}

const TypeVersion* CertificateType::version(int number) const {
  return first_version(*this, [number](const TypeVersion& one) { return one.number == number; });
}

const TypeVersion& CertificateType::in_force(Timestamp booked) const {
  const auto told = [](const TypeVersion& one) { return one.state != TypeState::kDraft; };
  const auto newest = std::find_if(versions.rbegin(), versions.rend(), [&](const TypeVersion& one) {
    return told(one) && one.effective <= booked;
  });
  if (newest != versions.rend()) return *newest;
  const TypeVersion* first = first_version(*this, told);
  return first == nullptr ? versions.front() : *first;
}

}  // namespace certbridge

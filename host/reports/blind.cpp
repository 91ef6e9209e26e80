#include "reports/blind.h"

#include <cstdio>

namespace certbridge::host {
namespace {

const char* word_of(AccessTerm kind) {
  switch (kind) {
    case AccessTerm::kPerson:
      return "person";
    case AccessTerm::kHolder:
      return "holder";
    case AccessTerm::kCertificate:
      return "certificate";
    default:
      return "case";
  }
}

}  // namespace

std::uint64_t Blind::number(AccessTerm kind, const std::string& value) const {
  const std::string digest = access_digest(key_, kind, value);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) {
    number = number << 8 | static_cast<unsigned char>(digest[i]);
  }
  return number;
}

std::string Blind::text(AccessTerm kind, const std::string& value) const {
  return text_of(kind, number(kind, value));
}

std::string Blind::text_of(AccessTerm kind, std::uint64_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "%s %016llx", word_of(kind),
                static_cast<unsigned long long>(number));
  return text;
}

}  // namespace certbridge::host

#include "journal/search_digests.h"

#include <algorithm>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"

namespace certbridge::host {
namespace {

const char* kind_of(SearchTerm::Kind kind) {
  switch (kind) {
    case SearchTerm::Kind::kCase:
      return "case";
    case SearchTerm::Kind::kCertificateNumber:
      return "certificate-number";
    case SearchTerm::Kind::kHolderId:
      return "holder-id";
    case SearchTerm::Kind::kHolderName:
      return "holder-name";
  }
  return "";
}

std::string folded(std::string_view text) {
  std::string plain = fold_width_and_blanks(text);
  std::transform(plain.begin(), plain.end(), plain.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return plain;
}

void add(std::vector<std::string>& digests, std::string digest) {
  if (std::find(digests.begin(), digests.end(), digest) == digests.end()) {
    digests.push_back(std::move(digest));
  }
}

}  // namespace

std::string normalised(const SearchTerm& term) {
  switch (term.kind) {
    case SearchTerm::Kind::kCase:
      return term.value;
    case SearchTerm::Kind::kCertificateNumber:
      return normalise_certificate_number(term.value);
    case SearchTerm::Kind::kHolderId: {
      const auto citizen = CitizenId::parse(term.value);
      return citizen ? citizen.value().text() : folded(term.value);
    }
    case SearchTerm::Kind::kHolderName:
      return folded(term.value);
  }
  return term.value;
}

std::string search_digest(const Keyring& keys, const SearchTerm& term) {
  ByteWriter text;
  text.text(kind_of(term.kind)).raw(normalised(term));
  return keys.short_digest("key", text.bytes());
}

std::vector<std::string> search_digests(const Keyring& keys, const MessageRecord& record) {
  std::vector<std::string> digests;
  const auto add_term = [&](SearchTerm::Kind kind, const std::string& value) {
    if (!value.empty()) add(digests, search_digest(keys, {kind, value}));
  };
  const auto header = [&](const char* name) { return header_of(record.headers, name); };
  for (const OrderKey& key : record.order_keys) {
    if (key.kind == "case") add_term(SearchTerm::Kind::kCase, key.value);
  }
  add_term(SearchTerm::Kind::kCase, header("case-no"));
  add_term(SearchTerm::Kind::kCertificateNumber, header("certificate-number-normalised"));
  for (const std::string& digest : record.search) add(digests, digest);
  return digests;
}

}  // namespace certbridge::host

#include "engine/search_terms.h"

#include <algorithm>

#include "certbridge/certificate.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestSearched = 1024UL * 1024;  // bytes
constexpr std::size_t kMostHolders = 1000;

}  // namespace

std::vector<SearchTerm> search_terms_of(const Message& message) {
  if (message.media_type != kCertificateMediaType || message.body == nullptr) return {};
  const auto bytes = read_all(*message.body, kLargestSearched);
  if (!bytes) return {};
  const auto certificate = parse_certificate(bytes.value());
  if (!certificate) return {};
  std::vector<SearchTerm> terms;
  const auto& holders = certificate.value().holders;
  for (std::size_t i = 0; i < std::min(holders.size(), kMostHolders); ++i) {
    terms.push_back({SearchTerm::Kind::kHolderId, holders[i].code.text()});
    terms.push_back({SearchTerm::Kind::kHolderName, holders[i].name});
  }
  return terms;
}

}  // namespace certbridge::host

#include "versions.h"

#include <set>
#include <sstream>

namespace certbridge::registration {
namespace {

constexpr std::size_t kMostOfANumber = 1'000;
constexpr const char* kName = "version";

struct KnownVersion {
  int version = 0;
  std::string digest{};
  std::string step{};
};

KnownVersion known_version(const std::string& text) {
  KnownVersion known;
  std::istringstream words(text);
  words >> known.version >> known.digest >> known.step;
  return known;
}

// Delivered, or on its way: not set aside, not taken back.
bool is_alive(const std::string& state) {
  static const std::set<std::string, std::less<>> kEnded = {"parked", "repair", "discarded",
                                                            "superseded", "not-held"};
  return !kEnded.contains(state);
}

}  // namespace

Result<Versions::Stand> Versions::stand_of(const Certificate& certificate, int version) const {
  FactsQuery query;
  query.endpoint = library_endpoint_;
  query.order_key = certificate_order_key(certificate);
  auto deliveries = facts_.list(query, kMostOfANumber);
  if (!deliveries) return deliveries.error();
  Stand stand = Stand::kNone;
  for (const DeliveryFact& fact : deliveries.value()) {
    if (header_of(fact.headers, "version") != std::to_string(version)) continue;
    if (!is_alive(fact.state)) continue;
    if (fact.type == "certificate.issue") stand = Stand::kStands;
    if (header_of(fact.headers, "status-word") == "voided") stand = Stand::kVoided;
  }
  return stand;
}

Result<std::optional<int>> Versions::next(const Certificate& certificate, const std::string& digest,
                                          const Call& call) {
  const OrderKey key = certificate_order_key(certificate);
  auto remembered = memory_.get(call.step_key, key, kName);
  if (!remembered) return remembered.error();
  const KnownVersion known = known_version(remembered.value().value_or("0"));
  const bool again = known.step == call.step_key;
  int version = again ? known.version : known.version + 1;
  if (!again && known.digest == digest) {
    auto stand = stand_of(certificate, known.version);
    if (!stand) return stand.error();
    if (stand.value() == Stand::kStands) return std::optional<int>();
    if (stand.value() == Stand::kNone) version = known.version;
  }
  auto put = memory_.put(call.step_key, key, kName,
                         std::to_string(version) + " " + digest + " " + call.step_key);
  if (!put) return put.error();
  return std::optional(version);
}

}  // namespace certbridge::registration

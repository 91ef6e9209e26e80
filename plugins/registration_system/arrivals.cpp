#include "arrivals.h"

#include <algorithm>

namespace certbridge::registration {
namespace {

bool is_certificate_of(const CaseRows& rows, const std::string& id) {
  const auto& all = rows.set("certificates");
  return std::any_of(all.begin(), all.end(),
                     [&](const CaseRow& row) { return row.text("id") == id; });
}

// A row with fillers counts: the office has said that there is nobody.
bool has_holder_row(const CaseRows& rows, const std::string& id) {
  const auto& parties = rows.set("parties");
  return std::any_of(parties.begin(), parties.end(), [&](const CaseRow& party) {
    const std::string& own = party.text("certificate");
    return party.text("role") == "holder" && (own.empty() || own == id);
  });
}

}  // namespace

Result<void> check_parties_arrived(const CaseRows& rows, bool within_grace) {
  for (const CaseRow& party : rows.set("parties")) {
    const std::string& own = party.text("certificate");
    if (own.empty() || is_certificate_of(rows, own)) continue;
    return Error::retryable("registration.incomplete",
                            party.place("certificate") + ": its certificate is not there yet");
  }
  if (!within_grace) return {};
  for (const CaseRow& row : rows.set("certificates")) {
    if (row.text("state") == "withdrawn" || has_holder_row(rows, row.text("id"))) continue;
    return Error::retryable("registration.incomplete",
                            row.place("id") + ": the certificate has no holder yet");
  }
  return {};
}

bool lacks_shares(const Certificate& certificate) {
  if (certificate.holding != Holding::kByShares || certificate.holders.size() < 2) return false;
  double sum = 0;
  for (const Holder& holder : certificate.holders) {
    if (holder.share)
      sum += static_cast<double>(holder.share->numerator()) /
             static_cast<double>(holder.share->denominator());
  }
  return sum < 1 - 1e-9;
}

}  // namespace certbridge::registration

// Rules on holders, obligors and shares.
#include <optional>

#include "validation_checks.h"

namespace certbridge {
namespace {

std::string numbered(const char* list, std::size_t index, const char* member) {
  return std::string(list) + "[" + std::to_string(index + 1) + "]." + member;
}

void check_inner_codes(const char* list, const std::vector<Holder>& parties,
                       FindingList& findings) {
  for (std::size_t i = 0; i < parties.size(); ++i) {
    if (parties[i].code.inner_check_holds()) continue;
    findings.add("organisation.inner-check", numbered(list, i, "code"),
                 "positions 9 to 17 of the credit code fail the check of GB 11714; its own check "
                 "character fits");
  }
}

// The day of birth stands in the number: positions 7 to 14.
bool is_born_by(const HolderCode& code, std::chrono::year_month_day today) {
  if (code.type() != "111") return true;
  const auto number = [&code](std::size_t from, std::size_t count) {
    return std::stoi(code.text().substr(from, count));
  };
  return std::chrono::year(number(6, 4)) / number(10, 2) / number(12, 2) <= today;
}

void check_births(const char* list, const std::vector<Holder>& parties,
                  std::chrono::year_month_day today, FindingList& findings) {
  for (std::size_t i = 0; i < parties.size(); ++i) {
    if (is_born_by(parties[i].code, today)) continue;
    findings.add("citizen.born", numbered(list, i, "code"),
                 "positions 7 to 14 of the citizen identity number are a day after today");
  }
}

void check_distinct(const std::vector<Holder>& holders, FindingList& findings) {
  for (std::size_t i = 0; i < holders.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (holders[i].code.type() != holders[j].code.type() ||
          holders[i].code.text() != holders[j].code.text()) {
        continue;
      }
      findings.add("holder.distinct", numbered("holders", i, "code"),
                   "the same code as holder " + std::to_string(j + 1));
      break;
    }
  }
}

__extension__ using Wide = __int128;  // holds sums of fractions whose denominators have 18 digits
constexpr Wide kLargestDenominator = 1'000'000'000'000'000'000;

struct Sum {
  Wide numerator = 0;
  Wide denominator = 1;
};

Wide common_divisor(Wide a, Wide b) { return b == 0 ? a : common_divisor(b, a % b); }

// The exact sum, or nothing when its denominator grows beyond what real shares ever need.
std::optional<Sum> sum_of(const std::vector<Holder>& holders) {
  Sum sum;
  for (const Holder& holder : holders) {
    const Wide denominator = holder.share->denominator();
    sum.numerator = sum.numerator * denominator + holder.share->numerator() * sum.denominator;
    sum.denominator *= denominator;
    const Wide divisor = common_divisor(sum.numerator, sum.denominator);
    sum.numerator /= divisor;
    sum.denominator /= divisor;
    if (sum.denominator > kLargestDenominator || sum.numerator > kLargestDenominator) {
      return std::nullopt;
    }
  }
  return sum;
}

bool check_shares_given(const std::vector<Holder>& holders, FindingList& findings) {
  bool all_given = true;
  for (std::size_t i = 0; i < holders.size(); ++i) {
    if (holders[i].share) continue;
    all_given = false;
    findings.add("shares.given", numbered("holders", i, "share"),
                 "held by shares (按份共有), but this holder has none");
  }
  return all_given;
}

}  // namespace

void check_parties(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  if (it.holders.empty()) findings.add("holder.present", "holders", "there is no holder");
  if (it.holding == Holding::kSole && it.holders.size() > 1) {
    findings.add("holding.holders", "holding",
                 "held solely (单独所有) by " + std::to_string(it.holders.size()) + " holders");
  }
  check_distinct(it.holders, findings);
  check_inner_codes("holders", it.holders, findings);
  check_births("holders", it.holders, subject.today, findings);
  const bool mortgage = it.face_value("KZ_ZMQLSX").find("抵押") != std::string::npos;
  if (it.kind == CertificateKind::kProof && mortgage && it.obligors.empty()) {
    findings.add("obligor.present", "obligors", "a mortgage proof names no obligor (义务人)");
  }
  check_inner_codes("obligors", it.obligors, findings);
  check_births("obligors", it.obligors, subject.today, findings);
}

// Where co-owners hold certificates of their own, the shares here may be less than the whole, never
// more.
void check_shares(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  if (it.holding != Holding::kByShares || it.holders.empty()) return;
  if (!check_shares_given(it.holders, findings)) return;
  const auto sum = sum_of(it.holders);
  if (sum && sum->numerator == sum->denominator) return;
  if (sum && it.held_separately && sum->numerator < sum->denominator) return;
  findings.add("shares.sum", "holders",
               "the shares of the holders (" + std::to_string(it.holders.size()) + ") " +
                   (it.held_separately ? "add up to more than one"
                                       : "do not add up to exactly one, and the certificate is "
                                         "not marked as held separately (分别持证)"));
}

}  // namespace certbridge

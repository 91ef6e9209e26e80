#include "holders.h"

#include <algorithm>
#include <charconv>

namespace certbridge::registration {
namespace {

Error at(const CaseRow& row, const std::string& field, const Error& error) {
  Error placed = error;
  placed.severity = Severity::kPermanent;
  placed.message = row.place(field) + ": " + error.message;
  return placed;
}

int order_of(const CaseRow& row) {
  const std::string& text = row.text("order");
  int order = 0;
  std::from_chars(text.data(), text.data() + text.size(), order);
  return order;
}

Result<Holder> holder_of(const CaseRow& row, bool with_share) {
  auto code = HolderCode::parse(row.text("code-type"), folded(row.text("code")));
  if (!code) return at(row, "code", code.error());
  Holder holder{row.text("name"), std::move(code).value(), {}};
  if (holder.name.empty()) {
    return Error::permanent("registration.holder_name",
                            row.place("name") + ": a party has no name");
  }
  if (with_share && !row.text("share").empty()) {
    auto share = Share::parse(folded(row.text("share")));
    if (!share) return at(row, "share", share.error());
    holder.share = std::move(share).value();
  }
  return holder;
}

Result<Holding> holding_of(const CaseRow& row) {
  const std::string& word = row.text("holding");
  if (word.empty() || word == "sole") return Holding::kSole;
  if (word == "joint") return Holding::kJoint;
  if (word == "shares") return Holding::kByShares;
  if (word == "other") return Holding::kOther;
  return Error::fault("registration.mapping",
                      "the table of holdings means sole, joint, shares or other");
}

std::vector<const CaseRow*> in_order(const CaseRows& rows, const std::string& certificate_id) {
  std::vector<const CaseRow*> parties;
  for (const CaseRow& row : rows.set("parties")) {
    const std::string& own = row.text("certificate");
    // An office that has to fill a row writes "/" for a party that there is not.
    if (row.text("name").empty() && row.text("code").empty()) continue;
    if (own.empty() || own == certificate_id) parties.push_back(&row);
  }
  std::stable_sort(parties.begin(), parties.end(), [](const CaseRow* left, const CaseRow* right) {
    return order_of(*left) < order_of(*right);
  });
  return parties;
}

}  // namespace

Result<Parties> parties_of(const CaseRows& rows, const std::string& certificate_id) {
  Parties parties;
  bool first = true;
  for (const CaseRow* row : in_order(rows, certificate_id)) {
    const bool is_holder = row->text("role") == "holder";
    if (is_holder && first) {
      auto holding = holding_of(*row);
      if (!holding) return holding.error();
      parties.holding = holding.value();
      first = false;
    }
    // Held separately (分别持证): each certificate shows its own holder's share of the whole.
    parties.held_separately =
        parties.held_separately || (is_holder && !row->text("certificate").empty());
    auto holder = holder_of(*row, is_holder && parties.holding == Holding::kByShares);
    if (!holder) return holder.error();
    (is_holder ? parties.holders : parties.obligors).push_back(std::move(holder).value());
  }
  return parties;
}

}  // namespace certbridge::registration

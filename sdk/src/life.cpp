#include "certbridge/life.h"

#include <algorithm>
#include <array>

#include "certificate_words.h"

namespace certbridge {
namespace {

using Base = Status::Base;
using Event = LifeEventKind;

constexpr std::array<Base, 8> kBases{Base::kIssued,    Base::kValid,   Base::kExpired,
                                     Base::kCancelled, Base::kRevoked, Base::kAbolished,
                                     Base::kVoided,    Base::kLost};

// One event: what it makes of each base state, in the order of kBases. A dot is "unchanged", a
// cross "refused". docs/life.md shows the same table; a test compares them.
struct Line {
  Event event;
  std::string_view cells;
};
constexpr std::array<Line, 11> kLines{{
    // issued valid expired cancelled revoked abolished voided lost
    {Event::kCollected, "v......."},
    {Event::kRejected, ".i......"},
    {Event::kReissued, "..ixxxii"},
    {Event::kRestrict, "...xxxx."},
    {Event::kRelease, "........"},
    {Event::kLose, "lllxxxx."},
    {Event::kExpire, "ee......"},
    {Event::kCancel, "ccc....c"},
    {Event::kRevoke, "rrr....r"},
    {Event::kAbolish, "aaa....a"},
    {Event::kVoid, "ooo....o"},
}};

constexpr Base base_of(char letter, Base otherwise) {
  switch (letter) {
    case 'i':
      return Base::kIssued;
    case 'v':
      return Base::kValid;
    case 'e':
      return Base::kExpired;
    case 'c':
      return Base::kCancelled;
    case 'r':
      return Base::kRevoked;
    case 'a':
      return Base::kAbolished;
    case 'o':
      return Base::kVoided;
    case 'l':
      return Base::kLost;
    default:
      return otherwise;
  }
}

constexpr LifeEffect effect_of(char letter) {
  if (letter == '.') return LifeEffect::kUnchanged;
  return letter == 'x' ? LifeEffect::kRefused : LifeEffect::kChanged;
}

constexpr auto make_table() {
  std::array<LifeTransition, kLines.size() * kBases.size()> table{};
  std::size_t at = 0;
  for (const Line& line : kLines) {
    for (std::size_t i = 0; i < kBases.size(); ++i) {
      const char letter = line.cells[i];
      table[at++] = {line.event, kBases[i], effect_of(letter), base_of(letter, kBases[i])};
    }
  }
  return table;
}
constexpr auto kTable = make_table();

const LifeTransition& row_of(Event event, Base from) {
  return *std::find_if(kTable.begin(), kTable.end(), [&](const LifeTransition& row) {
    return row.event == event && row.from == from;
  });
}

auto find_restriction(std::vector<Restriction>& all, const Restriction& named) {
  return std::find_if(all.begin(), all.end(), [&](const Restriction& one) {
    return one.kind == named.kind && one.case_no == named.case_no;
  });
}

bool has_seizure(const LifeState& state) {
  return std::any_of(state.restrictions.begin(), state.restrictions.end(), [](const auto& one) {
    return one.kind == RestrictionKind::kSeizure && !one.waiting;
  });
}

LifeChange unchanged(const LifeState& state, const char* code) {
  return {LifeEffect::kUnchanged, state, code};
}

LifeChange restrict_more(const LifeState& state, const LifeEvent& event) {
  LifeState after = state;
  if (find_restriction(after.restrictions, event.restriction) != after.restrictions.end()) {
    return unchanged(state, "life.already");
  }
  Restriction added = event.restriction;
  if (added.since == Timestamp{}) added.since = event.when;
  added.waiting = added.kind == RestrictionKind::kSeizure && has_seizure(state);
  after.restrictions.push_back(std::move(added));
  return {LifeEffect::kChanged, std::move(after), {}};
}

// The first seizure that waits is in force from the moment the one before it is released.
void promote_waiting(LifeState& state, Timestamp when) {
  if (has_seizure(state)) return;
  for (Restriction& one : state.restrictions) {
    if (!one.waiting) continue;
    one.waiting = false;
    one.since = when;
    return;
  }
}

LifeChange release(const LifeState& state, const LifeEvent& event) {
  LifeState after = state;
  const auto found = find_restriction(after.restrictions, event.restriction);
  if (found == after.restrictions.end()) return unchanged(state, "life.not_restricted");
  after.restrictions.erase(found);
  promote_waiting(after, event.when);
  return {LifeEffect::kChanged, std::move(after), {}};
}

}  // namespace

std::span<const LifeTransition> life_transitions() { return kTable; }

LifeChange apply_event(const LifeState& state, const LifeEvent& event) {
  const LifeTransition& row = row_of(event.kind, state.base.base);
  if (row.effect == LifeEffect::kRefused) return {LifeEffect::kRefused, state, "life.ended"};
  if (event.kind == Event::kRestrict) return restrict_more(state, event);
  if (event.kind == Event::kRelease) return release(state, event);
  if (row.effect == LifeEffect::kUnchanged) {
    return unchanged(state, has_ended(state) ? "life.ended" : "life.already");
  }
  LifeChange change{LifeEffect::kChanged, state, {}};
  change.after.base = {row.to, event.reason, event.when};
  return change;
}

bool has_ended(const LifeState& state) {
  const Base base = state.base.base;
  return base == Base::kCancelled || base == Base::kRevoked || base == Base::kAbolished ||
         base == Base::kVoided;
}

bool is_mortgaged(const LifeState& state) {
  return std::any_of(state.restrictions.begin(), state.restrictions.end(),
                     [](const auto& one) { return one.kind == RestrictionKind::kMortgage; });
}

bool is_usable(const LifeState& state, const std::set<RestrictionKind>& suspending) {
  return state.base.base == Base::kValid &&
         std::none_of(state.restrictions.begin(), state.restrictions.end(), [&](const auto& one) {
           return !one.waiting && suspending.contains(one.kind);
         });
}

std::string status_word(const LifeState& state, const std::set<RestrictionKind>& suspending) {
  if (state.base.base != Base::kValid) return to_word(state.base.base);
  if (!is_usable(state, suspending)) return "suspended";
  return is_mortgaged(state) ? "mortgaged" : "valid";
}

}  // namespace certbridge

#include "booking/completeness.h"

#include <algorithm>
#include <sstream>

#include "message/builder.h"
#include "profile/profile_options.h"

namespace certbridge::provincial_platform {
namespace {

Booked booked_of(const std::vector<RecordSet>& facts) {
  Booked booked;
  booked.head = facts.front().records.front();
  for (auto set = facts.begin() + 1; set != facts.end(); ++set) {
    if (!set->records.empty()) booked.tables[set->name] = set->records;
  }
  return booked;
}

// Rows of another generation: none that this one misses will ever come.
bool is_of_this_generation(const Profile& profile, const Booked& booked) {
  return std::all_of(booked.tables.begin(), booked.tables.end(),
                     [&](const auto& table) { return profile.table(table.first) != nullptr; });
}

}  // namespace

std::vector<std::string> missing_tables(const Profile& profile,
                                        const std::vector<RecordSet>& facts) {
  const Booked booked = booked_of(facts);
  if (!is_of_this_generation(profile, booked)) return {};
  const auto rec_type = rec_type_of(profile, booked);
  if (!rec_type) {
    const bool may_come = booked.head.text_or_empty("rectype").empty() && booked.tables.empty();
    return may_come ? std::vector<std::string>{"(the right)"} : std::vector<std::string>{};
  }
  std::vector<std::string> missing;
  const MessageRule& rule = profile.messages.at(rec_type.value());
  for (const TableRule& table : profile.tables) {
    const auto found = rule.tables.find(table.name);
    const bool needed = found != rule.tables.end() && found->second != Occurs::kAny;
    if (needed && booked.rows(table.name).empty()) missing.push_back(table.name);
  }
  return missing;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Result<AwaitedRows> awaited_rows(const Config& config) {
  AwaitedRows awaited;
  if (config.has("await")) {
    const auto sets = config.text("await");
    if (!sets) return sets.error();
    std::istringstream words(sets.value());
    for (std::string name; words >> name;) awaited.sets.push_back(name);
  }
  const bool patched = config.has("patch");
  if (config.has("profile")) {
    auto profile = profile_of(config);
    if (!profile) return profile.error();
    if (auto patch = patch_of(config, profile.value()); !patch) return patch.error();
    awaited.profile = std::move(profile).value();
  } else if (patched) {
    return Error::fault("provincial.option",
                        "patch changes a profile; the option profile is missing");
  }
  return awaited;
}

Result<void> check_complete(const std::vector<RecordSet>& facts, const AwaitedRows& awaited) {
  std::vector<std::string> missing;
  for (const std::string& name : awaited.sets) {
    const bool there = std::any_of(facts.begin(), facts.end(),
                                   [&](const RecordSet& set) { return set.name == name; });
    if (!there) missing.push_back(name);
  }
  if (missing.empty() && awaited.profile) missing = missing_tables(*awaited.profile, facts);
  if (missing.empty()) return {};
  return Error::retryable("provincial.incomplete",
                          "a booking of the case has no rows of " + listed(missing) + " yet");
}

}  // namespace certbridge::provincial_platform

#include "access/policy/patterns.h"

#include <mutex>
#include <set>

#include "access/policy/access_policy_parts.h"
#include "access/policy/asked.h"
#include "access/policy/same_holder.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kMarkBytes = 16;

// Same parts, same text; no two lists of parts have one text.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text += std::to_string(part.size()) + ":";
    text += part;
  }
  return text;
}

std::int64_t minute_of(Timestamp when) {
  return std::chrono::floor<std::chrono::minutes>(when).time_since_epoch().count();
}

// "" for a request without a person.
std::string person_of(const AccessRequest& request) {
  return request.caller.person ? full_id(*request.caller.person) : std::string();
}

const AccessLimits& limits_of(const std::map<std::string, AccessLimits, std::less<>>& own,
                              std::string_view system, const AccessLimits& otherwise) {
  const auto found = own.find(system);
  return found == own.end() ? otherwise : found->second;
}

}  // namespace

PatternSettings pattern_settings(const AccessPolicy& policy) { return policy.parts().patterns; }

// Everything is of one minute or of one day, and dropped with it.
struct AccessPatterns::Counts {
  std::mutex mutex{};
  std::string salt = random_bytes(kSaltBytes);
  std::int64_t minute = 0;
  std::chrono::local_days day{};
  std::map<std::string, std::uint32_t> requests{};            // of the minute, by who
  std::map<std::string, std::uint32_t> numbers{};             // of the day: of different things, by what
  std::set<std::string> seen{};                               // of the day: things, so that each counts once

  void roll_to(Timestamp now) {
    if (minute_of(now) != minute) requests.clear();
    minute = minute_of(now);
    if (local_time(now).day == day) return;
    day = local_time(now).day;
    numbers.clear();
    seen.clear();
  }
  std::size_t size() const { return requests.size() + numbers.size() + seen.size(); }

  // Of a holder or a pair: nothing that could be read in memory.
  std::string mark(std::string_view text) const {
    Sm3 sm3;
    sm3.add(salt);
    sm3.add(text);
    const Sm3Digest digest = sm3.finish();
    return {digest.begin(), digest.begin() + kMarkBytes};
  }
  // Whether this happens for the first time today.
  bool is_first(std::string_view text) { return seen.insert(mark(text)).second; }
  // How many different things were counted for it today, with this one.
  std::uint32_t different(std::string_view of, std::string_view thing) {
    const std::string counted = mark(of);
    if (is_first(joined({of, thing}))) ++numbers[counted];
    return numbers[counted];
  }
  // True while one more does not pass the limit; what passes it is not counted.
  bool has_room(std::string_view of, std::string_view thing, std::uint32_t limit) {
    if (limit == 0) return true;
    if (seen.contains(mark(joined({of, thing})))) return true;
    const auto found = numbers.find(mark(of));
    return found == numbers.end() || found->second < limit;
  }
};

AccessPatterns::AccessPatterns(PatternSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock), counts_(std::make_unique<Counts>()) {}
AccessPatterns::~AccessPatterns() = default;

std::string AccessPatterns::refusal(const AccessRequest& request) {
  const std::lock_guard lock(counts_->mutex);
  counts_->roll_to(clock_.now());
  if (counts_->size() >= settings_.most_counted) return "limit.memory";
  const std::string& system = request.caller.system;
  const std::string person = person_of(request);
  const AccessLimits& of_person = limits_of(settings_.persons_of, system, settings_.person);
  const AccessLimits& of_system = limits_of(settings_.systems, system, settings_.system);
  const auto is_over = [&](const std::string& who, const AccessLimits& limits) {
    return limits.requests_per_minute != 0 &&
           ++counts_->requests[who] > limits.requests_per_minute;
  };
  if (!person.empty() && is_over(joined({"person", person}), of_person)) {
    return "limit.person_requests";
  }
  if (is_over(joined({"system", system}), of_system)) return "limit.system_requests";
  if (!request.holder) return {};
  const std::string holder = joined({request.holder->code_type,
                                     comparable_code(request.holder->code)});
  const std::string by_person = joined({"holders of person", person});
  const std::string by_system = joined({"holders of system", system});
  if (!person.empty() && !counts_->has_room(by_person, holder, of_person.holders_per_day)) {
    return "limit.person_holders";
  }
  if (!counts_->has_room(by_system, holder, of_system.holders_per_day)) {
    return "limit.system_holders";
  }
  if (!person.empty() && of_person.holders_per_day != 0) counts_->different(by_person, holder);
  if (of_system.holders_per_day != 0) counts_->different(by_system, holder);
  return {};
}

std::vector<std::string> AccessPatterns::flags(const AccessRequest& request,
                                               const Decision& decision) {
  const std::lock_guard lock(counts_->mutex);
  const Timestamp now = clock_.now();
  counts_->roll_to(now);
  std::vector<std::string> flags;
  if (counts_->size() >= settings_.most_counted) return flags;
  const std::string person = person_of(request);
  const std::string who = person.empty() ? joined({"system", request.caller.system})
                                         : joined({"person", person});
  if (settings_.cases_of_a_holder != 0 && decision.allowed && request.holder &&
      !request.ground.empty()) {
    const std::string holder = joined({"cases of holder", request.holder->code_type,
                                       comparable_code(request.holder->code)});
    const auto cases = counts_->different(holder, joined({request.ground_kind, request.ground}));
    if (cases >= settings_.cases_of_a_holder && counts_->is_first("flagged " + holder)) {
      flags.push_back("pattern.holder_in_several_cases");
    }
  }
  if (settings_.denials_of_a_person != 0 && !decision.allowed) {
    const auto denials = ++counts_->numbers[counts_->mark("denials " + who)];
    if (denials >= settings_.denials_of_a_person && counts_->is_first("denied " + who)) {
      flags.push_back("pattern.repeated_denials");
    }
  }
  if (settings_.flags_outside_office_hours && !settings_.office_hours.hold(now) &&
      counts_->is_first("outside " + who)) {
    flags.push_back("pattern.outside_office_hours");
  }
  return flags;
}

}  // namespace certbridge::host

#include "access/policy/patterns.h"

#include <cstring>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "access/policy/access_policy_parts.h"
#include "access/policy/asked.h"
#include "access/policy/same_holder.h"
#include "certbridge/identifiers.h"
#include "journal/cipher.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kSaltBytes = 16;
using Mark = std::uint64_t;  // 8 bytes of a digest: one in some million days is taken for another

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

std::string holder_of(const AccessRequest& request) {
  return joined({request.holder->code_type, comparable_code(request.holder->code)});
}

// A certificate stands for its holder where only the certificate is named.
std::string subject_of(const AccessRequest& request) {
  if (request.holder) return holder_of(request);
  if (request.identifier.empty() && request.number.empty()) return {};
  return joined({"certificate", request.identifier, normalise_certificate_number(request.number)});
}

// One who asks, and how much he may.
struct Asking {
  std::string who{};
  AccessLimits limits{};
};

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
  std::unordered_map<Mark, std::uint32_t> requests{};  // of the minute, by who
  std::unordered_map<Mark, std::uint32_t> numbers{};   // of the day: of different things, by whose
  std::unordered_set<Mark> seen{};  // of the day: things, so that each counts once

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
  Mark mark(std::string_view text) const {
    Sm3 sm3;
    sm3.add(salt);
    sm3.add(text);
    const Sm3Digest digest = sm3.finish();
    Mark mark = 0;
    std::memcpy(&mark, digest.data(), sizeof mark);
    return mark;
  }
  // Whether this happens for the first time today.
  bool is_first(std::string_view text) { return seen.insert(mark(text)).second; }
  // How many different things were counted for it today, with this one.
  std::uint32_t different(std::string_view of, std::string_view thing) {
    const Mark counted = mark(of);
    if (is_first(joined({of, thing}))) ++numbers[counted];
    return numbers[counted];
  }

  bool has_a_request_left(const Asking& by) {
    const std::uint32_t limit = by.limits.requests_per_minute;
    return limit == 0 || ++requests[mark(by.who)] <= limit;
  }
  // A holder who was seen today may be seen again.
  bool may_see(const Asking& by, const std::string& holder) const {
    const std::uint32_t limit = by.limits.holders_per_day;
    if (limit == 0 || seen.contains(mark(joined({by.who, holder})))) return true;
    const auto found = numbers.find(mark(by.who));
    return found == numbers.end() || found->second < limit;
  }
  void saw(const Asking& by, const std::string& holder) {
    if (by.limits.holders_per_day != 0) different(by.who, holder);
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
  const Asking by_person{
      joined({"person", person}),
      person.empty() ? AccessLimits() : limits_of(settings_.persons_of, system, settings_.person)};
  const Asking by_system{joined({"system", system}),
                         limits_of(settings_.systems, system, settings_.system)};
  if (!counts_->has_a_request_left(by_person)) return "limit.person_requests";
  if (!counts_->has_a_request_left(by_system)) return "limit.system_requests";
  const std::string subject = subject_of(request);
  if (subject.empty()) return {};
  if (!counts_->may_see(by_person, subject)) return "limit.person_holders";
  if (!counts_->may_see(by_system, subject)) return "limit.system_holders";
  counts_->saw(by_person, subject);
  counts_->saw(by_system, subject);
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
  const std::string who =
      person.empty() ? joined({"system", request.caller.system}) : joined({"person", person});
  if (is_in_several_cases(request, decision)) flags.emplace_back("pattern.holder_in_several_cases");
  if (!decision.allowed && is_denied_again(who)) flags.emplace_back("pattern.repeated_denials");
  if (settings_.flags_outside_office_hours && !settings_.office_hours.hold(now) &&
      counts_->is_first(joined({"outside", who}))) {
    flags.emplace_back("pattern.outside_office_hours");
  }
  return flags;
}

bool AccessPatterns::is_in_several_cases(const AccessRequest& request, const Decision& decision) {
  const bool counts = settings_.cases_of_a_holder != 0 && decision.allowed && request.holder &&
                      !request.ground.empty();
  if (!counts) return false;
  const std::string holder = joined({"cases of", holder_of(request)});
  const auto cases = counts_->different(holder, joined({request.ground_kind, request.ground}));
  return cases >= settings_.cases_of_a_holder && counts_->is_first(joined({"flagged", holder}));
}

bool AccessPatterns::is_denied_again(const std::string& who) {
  if (settings_.denials_of_a_person == 0) return false;
  const auto denials = ++counts_->numbers[counts_->mark(joined({"denials", who}))];
  return denials >= settings_.denials_of_a_person && counts_->is_first(joined({"denied", who}));
}

}  // namespace certbridge::host

#include "daily_log/accesses.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "booking/bookings.h"
#include "booking/delivery_states.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostDeliveries = 1'000'000;
constexpr std::chrono::hours kSlice{24};
constexpr std::chrono::hours kAfter{40 * 24};
constexpr std::chrono::hours kLately{3 * 24};

Access::Standing standing_of(const std::string& state) {
  if (state == "delivered" || state == "open") return Access::Standing::kSent;
  return is_under_way(state) ? Access::Standing::kUnderWay : Access::Standing::kFailed;
}

Access access_of_fact(const DeliveryFact& fact, const AreaDay& day) {
  Access access = access_of(fact.headers, day);
  access.number = fact.remote_id;
  access.standing = standing_of(fact.state);
  return access;
}

bool same_or_unsaid(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() || one == other;
}

bool is_of_case(const Access& access, const std::string& number) {
  return access.case_no == number || access.case_no.starts_with(number + "-");
}

// Of several that a row may be about: the surest, and among equal ones the first of its case.
bool is_nearer(const Access& one, const Access& other) {
  const auto rank = [](const Access& access) {
    return std::tuple(access.id.empty(), !access.of_the_day, access.case_no.size(), access.case_no);
  };
  return rank(one) < rank(other);
}

// The last delivery of each booking, but for one that was sent.
class LastAccesses {
 public:
  explicit LastAccesses(const BookedDay& day) : day_(day.of) {
    for (const Record& row : day.registered) units_.insert(row.text_or_empty("bdcdyh"));
  }
  void add(const DeliveryFact& fact) {
    Access access = access_of_fact(fact, day_);
    if (!access.of_the_day && !units_.contains(access.unit)) return;
    Access& known = last_[access.key()];
    const bool keeps =
        known.standing == Access::Standing::kSent && access.standing != Access::Standing::kSent;
    if (!keeps) known = std::move(access);
  }
  std::vector<Access> all() {
    std::vector<Access> accesses;
    for (auto& [key, access] : last_) accesses.push_back(std::move(access));
    return accesses;
  }

 private:
  const AreaDay& day_;
  std::set<std::string> units_{};
  std::map<std::string, Access> last_{};
};

struct Span {
  const std::string& endpoint;
  Timestamp from{};
  Timestamp before{};
};

// A day at a time: what is not kept is not held together.
Result<void> add_between(const Facts& facts, const Span& span, LastAccesses& last) {
  FactsQuery query;
  query.endpoint = span.endpoint;
  query.type = kBookedType;
  for (Timestamp from = span.from; from < span.before; from += kSlice) {
    query.accepted_from = from;
    query.accepted_before = from + kSlice;
    const auto found = facts.list(query, kMostDeliveries);
    if (!found) return found.error();
    if (found.value().size() == kMostDeliveries) {
      return Error::fault(
          "provincial.too_many",
          "a million bookings came on one day; no daily log can be made of so many");
    }
    for (const DeliveryFact& fact : found.value()) last.add(fact);
  }
  return {};
}

}  // namespace

bool Access::is_about(const Record& registered) const {
  if (unit != registered.text_or_empty("bdcdyh")) return false;
  if (!is_of_case(*this, registered.text_or_empty("ywh"))) return false;
  const std::string registered_id = registered.text_or_empty("booking");
  if (!id.empty() && !registered_id.empty()) return id == registered_id;
  return same_or_unsaid(type, registered.text_or_empty("djlx")) &&
         same_or_unsaid(right, registered.text_or_empty("qllx"));
}

std::string Access::key() const {
  std::string text = id.empty() ? "case" : "id";
  const auto parts =
      id.empty() ? std::vector{case_no, unit, type, right} : std::vector{event_case, id};
  for (const std::string& part : parts) text += "|" + part;
  return text;
}

// Times of bookings are local: their first ten characters are the day. The area is that of the
// unit, whatever the event said.
Access access_of(const Headers& booking, const AreaDay& day) {
  Access access;
  access.id = header_of(booking, kBookingId);
  access.event_case = header_of(booking, kCaseHeader);
  access.case_no = header_of(booking, kBookingCase);
  access.unit = header_of(booking, kBookingUnit);
  access.type = header_of(booking, kBookingType);
  access.right = header_of(booking, kBookingRight);
  access.of_the_day = header_of(booking, kBookingTime).starts_with(day.day_text()) &&
                      access.unit.starts_with(day.area);
  return access;
}

Result<std::vector<Access>> accesses_of(const Facts& facts, const std::string& endpoint,
                                        const BookedDay& day, Timestamp now) {
  LastAccesses last(day);
  const Timestamp begins = day.of.begins() - kSlice;
  const Timestamp ends = day.of.begins() + kAfter;
  if (auto added = add_between(facts, {endpoint, begins, ends}, last); !added) return added.error();
  const Timestamp lately = std::max(ends, now - kLately);
  auto added = add_between(facts, {endpoint, lately, now + kSlice}, last);
  if (!added) return added.error();
  return last.all();
}

AccessFinder::AccessFinder(std::vector<Access> accesses) {
  for (Access& access : accesses) {
    std::string unit = access.unit;
    by_unit_.emplace(std::move(unit), Entry{std::move(access), false});
  }
}

const Access* AccessFinder::take(const Record& registered) {
  Entry* found = nullptr;
  auto [at, end] = by_unit_.equal_range(registered.text_or_empty("bdcdyh"));
  for (; at != end; ++at) {
    Entry& entry = at->second;
    if (entry.taken || !entry.access.is_about(registered)) continue;
    if (found == nullptr || is_nearer(entry.access, found->access)) found = &entry;
  }
  if (found == nullptr) return nullptr;
  found->taken = true;
  return &found->access;
}

std::vector<Access> AccessFinder::left_of_the_day() const {
  std::vector<Access> left;
  for (const auto& [unit, entry] : by_unit_) {
    if (!entry.taken && entry.access.of_the_day) left.push_back(entry.access);
  }
  return left;
}

}  // namespace certbridge::provincial_platform

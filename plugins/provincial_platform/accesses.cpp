#include "accesses.h"

#include <set>
#include <tuple>

#include "bookings.h"
#include "delivery_states.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kMostDeliveries = 1'000'000;
constexpr std::chrono::hours kSlice{24};
constexpr std::chrono::hours kAfter{40 * 24};

std::string header_of(const DeliveryFact& fact, const char* name) {
  const auto found = fact.headers.find(name);
  return found == fact.headers.end() ? std::string() : found->second;
}

Access::Standing standing_of(const std::string& state) {
  if (state == "delivered" || state == "open") return Access::Standing::kSent;
  return is_under_way(state) ? Access::Standing::kUnderWay : Access::Standing::kFailed;
}

// Times of bookings are local: their first ten characters are the day. The area is that of the
// unit, whatever the event said.
Access access_of(const DeliveryFact& fact, const AreaDay& day) {
  Access access;
  access.case_no = header_of(fact, kBookingCase);
  access.unit = header_of(fact, kBookingUnit);
  access.type = header_of(fact, kBookingType);
  access.right = header_of(fact, kBookingRight);
  access.number = fact.remote_id;
  access.of_the_day = header_of(fact, kBookingTime).starts_with(day.day_text()) &&
                      access.unit.starts_with(day.area);
  access.standing = standing_of(fact.state);
  return access;
}

// The last delivery of each booking, but for one that was sent.
class LastAccesses {
 public:
  explicit LastAccesses(const BookedDay& day) : day_(day.of) {
    for (const Record& row : day.registered) units_.insert(row.text_or_empty("bdcdyh"));
  }
  void add(const DeliveryFact& fact) {
    Access access = access_of(fact, day_);
    if (!access.of_the_day && !units_.contains(access.unit)) return;
    Access& known = last_[{access.case_no, access.unit, access.type}];
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
  std::map<std::tuple<std::string, std::string, std::string>, Access> last_{};
};

}  // namespace

bool Access::is_of_case(const std::string& case_number) const {
  return case_no == case_number || case_no.starts_with(case_number + "-");
}

Result<std::vector<Access>> accesses_of(const Facts& facts, const std::string& endpoint,
                                        const BookedDay& day) {
  LastAccesses last(day);
  FactsQuery query;
  query.endpoint = endpoint;
  query.type = kBookedType;
  // A day at a time: what is not kept is not held together.
  for (Timestamp from = day.of.begins() - kSlice; from < day.of.begins() + kAfter; from += kSlice) {
    query.accepted_from = from;
    query.accepted_before = from + kSlice;
    const auto found = facts.list(query, kMostDeliveries);
    if (!found) return found.error();
    if (found.value().size() == kMostDeliveries) {
      return Error::fault("provincial.too_many", "a million bookings of one day came after " +
                                                     day.of.sentence() +
                                                     "; no daily log can be made of so many");
    }
    for (const DeliveryFact& fact : found.value()) last.add(fact);
  }
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
    if (entry.taken || !entry.access.is_of_case(registered.text_or_empty("ywh"))) continue;
    const bool same_type = entry.access.type == registered.text_or_empty("djlx");
    if (found == nullptr || same_type) found = &entry;
    if (same_type) break;
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

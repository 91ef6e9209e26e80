#include "objections/objection_book.h"

#include <algorithm>

#include "objections/objection_records.h"

namespace certbridge::host {
namespace {

// Ended ones beyond that are in the records only: some 100 MB.
constexpr std::size_t kMostKept = 200'000;

// By what a certificate is known. A number alone may be another type's.
std::vector<std::string> names_of(const std::string& identifier, const std::string& type,
                                  const std::string& number) {
  std::vector<std::string> names;
  if (!identifier.empty()) names.push_back("i" + identifier);
  if (!number.empty()) names.push_back("n" + type + "\n" + number);
  return names;
}

std::vector<std::string> names_of(const Objection& it) {
  if (it.kind != ObjectionKind::kObjection) return {};
  return names_of(it.identifier, it.type, it.number_of);
}

bool fits(const Objection& it, const ObjectionFilter& filter, Timestamp now) {
  if (it.kind != filter.kind) return false;
  if (filter.only_overdue && !it.is_overdue(now)) return false;
  if (!filter.unit.empty() && filter.unit != it.issuer && filter.unit != it.demanded_by) {
    return false;
  }
  if (filter.every_state) return true;
  return filter.state ? it.state == *filter.state : !it.ended.has_value();
}

}  // namespace

void ObjectionBook::add(std::uint64_t number, const AccessRecord& record) {
  if (raises_objection(record)) {
    const auto [added, is_new] = all_.emplace(number, objection_of(number, record));
    if (!is_new) return;
    open_.at(added->second.kind).insert(number);
    for (const std::string& name : names_of(added->second)) against_[name].insert(number);
    return forget_oldest();
  }
  if (record.kind != AccessKind::kObjectionStep) return;
  const auto found = all_.find(record.refers_to);
  if (found == all_.end() || found->second.ended) return;
  apply_step(found->second, number, record);
  if (found->second.ended) close(found->second);
}

void ObjectionBook::close(const Objection& objection) {
  open_.at(objection.kind).erase(objection.number);
  forget_certificate(objection);
}

void ObjectionBook::forget_certificate(const Objection& objection) {
  for (const std::string& name : names_of(objection)) {
    const auto found = against_.find(name);
    if (found == against_.end()) continue;
    found->second.erase(objection.number);
    if (found->second.empty()) against_.erase(found);
  }
}

void ObjectionBook::forget(const std::string& holder) {
  for (auto& [number, one] : all_) {
    if (one.holder != holder) continue;
    forget_certificate(one);
    one.number_of.clear();
    one.identifier.clear();
    one.holder.clear();
    one.raiser.holder.clear();
    one.fields.clear();
  }
}

void ObjectionBook::forget_oldest() {
  if (all_.size() <= kMostKept) return;
  const auto oldest = std::find_if(all_.begin(), all_.end(),
                                   [](const auto& one) { return one.second.ended.has_value(); });
  if (oldest != all_.end()) all_.erase(oldest);
}

const Objection* ObjectionBook::find(std::uint64_t number) const {
  const auto found = all_.find(number);
  return found == all_.end() ? nullptr : &found->second;
}

const Objection* ObjectionBook::open_against(const std::string& identifier, const std::string& type,
                                             const std::string& number) const {
  if (against_.empty()) return nullptr;
  std::uint64_t oldest = 0;
  for (const std::string& name : names_of(identifier, type, number)) {
    const auto found = against_.find(name);
    if (found == against_.end()) continue;
    const std::uint64_t first = *found->second.begin();
    if (oldest == 0 || first < oldest) oldest = first;
  }
  return find(oldest);
}

std::size_t ObjectionBook::open_against_count(const Objection& other) const {
  Numbers numbers;
  for (const std::string& name : names_of(other)) {
    const auto found = against_.find(name);
    if (found != against_.end()) numbers.insert(found->second.begin(), found->second.end());
  }
  return numbers.size();
}

std::size_t ObjectionBook::overdue_count(ObjectionKind kind, Timestamp now) const {
  const Numbers& open = open_.at(kind);
  return static_cast<std::size_t>(
      std::count_if(open.begin(), open.end(),
                    [&](std::uint64_t number) { return all_.at(number).is_overdue(now); }));
}

std::vector<Objection> ObjectionBook::list(const ObjectionFilter& filter, Timestamp now) const {
  std::vector<Objection> found;
  for (const auto& [number, one] : all_) {
    if (fits(one, filter, now)) found.push_back(one);
  }
  std::stable_sort(found.begin(), found.end(), [&](const Objection& one, const Objection& other) {
    if (one.is_overdue(now) != other.is_overdue(now)) return one.is_overdue(now);
    return one.due < other.due;
  });
  if (found.size() > filter.limit) found.resize(filter.limit);
  return found;
}

std::vector<Objection> ObjectionBook::overdue(Timestamp from, Timestamp until,
                                              Timestamp now) const {
  std::vector<Objection> found;
  for (const auto& [number, one] : all_) {
    const Timestamp end = one.ended.value_or(now);
    if (one.due < end && one.due < until && end > from) found.push_back(one);
  }
  std::stable_sort(found.begin(), found.end(), [](const Objection& one, const Objection& other) {
    return one.due < other.due;
  });
  return found;
}

}  // namespace certbridge::host

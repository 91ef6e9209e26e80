#include "booking/bookings.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "certbridge_sm/sm3.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kHead = "head";
constexpr const char* kLink = "booking";
constexpr const char* kCase = "recflowid";
constexpr const char* kUnitField = "estatenum";
constexpr const char* kTypeField = "regtype";

// What a daily log has to know of a booking without reading its rows.
constexpr std::array<std::pair<const char*, const char*>, 5> kHeaders{
    {{kBookingCase, kCase},
     {kBookingUnit, kUnitField},
     {kBookingType, kTypeField},
     {kBookingRight, "righttype"},
     {kBookingTime, "createdate"}}};

Record without_link(Record record) {
  std::erase_if(record.fields, [](const auto& field) { return field.first == kLink; });
  return record;
}

// Which rows of a set are of which booking; looked up once for all bookings of a case.
class LinkedRows {
 public:
  explicit LinkedRows(const RecordSet& set) : set_(set) {
    for (std::size_t i = 0; i < set.records.size(); ++i) {
      places_[set.records[i].text_or_empty(kLink)].push_back(i);
    }
  }
  RecordSet of(const std::string& booking) const {
    std::vector<std::size_t> places = places_of({});
    if (!booking.empty()) {
      const std::vector<std::size_t> own = places_of(booking);
      places.insert(places.end(), own.begin(), own.end());
      std::sort(places.begin(), places.end());
    }
    RecordSet rows{set_.name, {}};
    for (const std::size_t place : places)
      rows.records.push_back(without_link(set_.records[place]));
    return rows;
  }

 private:
  std::vector<std::size_t> places_of(const std::string& link) const {
    const auto found = places_.find(link);
    return found == places_.end() ? std::vector<std::size_t>() : found->second;
  }

  const RecordSet& set_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> places_{};
};

const RecordSet* heads_in(const std::vector<RecordSet>& sets) {
  const auto found = std::find_if(sets.begin(), sets.end(),
                                  [](const RecordSet& set) { return set.name == kHead; });
  return found == sets.end() || found->records.empty() ? nullptr : &*found;
}

Error no_bookings(const std::string& why) {
  return Error::permanent("provincial.facts", "the rows of the case " + why);
}

Result<void> check_links(const std::vector<RecordSet>& sets, const RecordSet& heads) {
  std::set<std::string> bookings;
  for (const Record& head : heads.records) {
    const bool first = bookings.insert(head.text_or_empty(kLink)).second;
    if (!first) return no_bookings("have two rows of \"head\" with the same value of \"booking\"");
  }
  for (const RecordSet& set : sets) {
    for (const Record& row : set.records) {
      const std::string link = row.text_or_empty(kLink);
      if (!link.empty() && !bookings.contains(link)) {
        return no_bookings("have one that is of no booking, in a set besides \"head\"");
      }
    }
  }
  return {};
}

std::string key_of(const std::string& id, const std::string& unit, const std::string& type) {
  return id.empty() ? unit + "|" + type : "booking " + id;
}
std::string key_of(const Record& head) {
  return key_of(head.text_or_empty(kLink), head.text_or_empty(kUnitField),
                head.text_or_empty(kTypeField));
}

bool is_flow_of(const std::string& flow, const std::string& case_number) {
  return flow == case_number || flow.starts_with(case_number + "-");
}

// The number of each booking among those of its case, where there are several. Whoever was reported
// keeps what it was reported with: the platform knows it by that.
class CaseNumbers {
 public:
  CaseNumbers(const std::vector<Record>& heads, const Flows& known) : known_(known) {
    for (const Record& head : heads) ++total_[head.text_or_empty(kCase)];
    for (const auto& [key, flow] : known) used_.insert(flow);
  }
  std::string flow_of(const Record& head) {
    const std::string case_number = head.text_or_empty(kCase);
    const int position = ++sofar_[case_number];
    const auto known = known_.find(key_of(head));
    if (known != known_.end() && is_flow_of(known->second, case_number)) return known->second;
    const bool alone = total_[case_number] < 2 && !used_.contains(case_number);
    std::string flow = case_number;
    if (!alone && !case_number.empty()) flow = free_flow(case_number, position);
    used_.insert(flow);
    return flow;
  }

 private:
  std::string free_flow(const std::string& case_number, int number) const {
    const auto flow = [&] { return case_number + "-" + std::to_string(number); };
    while (used_.contains(flow())) ++number;
    return flow();
  }

  const Flows& known_;
  std::map<std::string, int> total_{};
  std::map<std::string, int> sofar_{};
  std::set<std::string, std::less<>> used_{};
};

// On a message for a route beside others the kind has that one's name in front ("booked-unit").
bool is_unit(const OrderKey& key) { return key.kind == kUnitKey || key.kind.ends_with("-unit"); }

}  // namespace

bool has_bookings(const std::vector<RecordSet>& sets) { return heads_in(sets) != nullptr; }

std::string booking_key(const Headers& headers) {
  const auto text = [&](const char* name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  };
  return key_of(text(kLink), text(kBookingUnit), text(kBookingType));
}

Result<std::vector<Booking>> bookings_of(const std::vector<RecordSet>& sets, const Flows& known) {
  const RecordSet* heads = heads_in(sets);
  if (heads == nullptr) return no_bookings("have no set \"head\"");
  if (auto checked = check_links(sets, *heads); !checked) return checked.error();
  std::vector<LinkedRows> tables;
  for (const RecordSet& set : sets) {
    if (set.name != kHead) tables.emplace_back(set);
  }
  CaseNumbers numbers(heads->records, known);
  std::vector<Booking> bookings;
  for (const Record& head : heads->records) {
    Record own_head = without_link(head);
    if (std::string flow = numbers.flow_of(head); !flow.empty()) own_head.set(kCase, flow);
    Booking booking{head.text_or_empty(kLink), key_of(head), {{kHead, {std::move(own_head)}}}};
    for (const LinkedRows& table : tables) {
      RecordSet own = table.of(booking.id);
      if (!own.records.empty()) booking.facts.push_back(std::move(own));
    }
    bookings.push_back(std::move(booking));
  }
  return bookings;
}

std::optional<OrderKey> unit_key_of(const Message& message) {
  const auto found = std::find_if(message.order_keys.begin(), message.order_keys.end(), &is_unit);
  if (found == message.order_keys.end()) return {};
  return *found;
}

Message booking_message(const Message& event, const Booking& booking) {
  Message message = event;
  if (!booking.id.empty()) message.headers[kBookingId] = booking.id;
  message.type = kBookedType;
  message.media_type = kRecordsMediaType;
  const std::string rows = write_records(booking.facts);
  message.headers[kBookingDigest] = to_hex(sm::sm3(rows));
  message.body = content_of(rows);
  const Record& head = booking.facts.front().records.front();
  const std::string unit = head.text_or_empty(kUnitField);
  if (!unit.empty()) {
    const std::string kind = unit_key_of(event).value_or(OrderKey{kUnitKey, {}}).kind;
    std::erase_if(message.order_keys, &is_unit);
    message.order_keys.push_back({kind, unit});
  }
  std::erase_if(message.order_keys, [](const OrderKey& key) { return key.value.empty(); });
  for (const auto& [header, field] : kHeaders) message.headers[header] = head.text_or_empty(field);
  return message;
}

}  // namespace certbridge::provincial_platform

#include "bookings.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>

#include "certbridge_sm/sm3.h"
#include "fetched.h"
#include "rows_asked.h"

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kHead = "head";
constexpr const char* kLink = "booking";
constexpr const char* kCase = "recflowid";
constexpr const char* kUnitField = "estatenum";

// What a daily log has to know of a booking without reading its rows.
constexpr std::array<std::pair<const char*, const char*>, 5> kHeaders{
    {{kBookingCase, kCase},
     {kBookingUnit, kUnitField},
     {kBookingType, "regtype"},
     {kBookingRight, "righttype"},
     {kBookingTime, "createdate"}}};

Record without_link(Record record) {
  std::erase_if(record.fields, [](const auto& field) { return field.first == kLink; });
  return record;
}

RecordSet rows_of(const RecordSet& set, const std::string& booking) {
  RecordSet own{set.name, {}};
  for (const Record& row : set.records) {
    const std::string link = row.text_or_empty(kLink);
    if (link.empty() || link == booking) own.records.push_back(without_link(row));
  }
  return own;
}

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

// The number of each booking among those of its case, where there are several.
void number_cases(std::vector<Record>& heads) {
  std::map<std::string, int> total;
  std::map<std::string, int> sofar;
  for (const Record& head : heads) ++total[head.text_or_empty(kCase)];
  for (Record& head : heads) {
    const std::string case_number = head.text_or_empty(kCase);
    if (case_number.empty() || total[case_number] < 2) continue;
    head.set(kCase, case_number + "-" + std::to_string(++sofar[case_number]));
  }
}

bool has_set(const std::vector<RecordSet>& facts, const std::string& name) {
  return std::any_of(facts.begin(), facts.end(),
                     [&](const RecordSet& set) { return set.name == name; });
}

struct BookingSettings {
  std::string group{};
  std::string parameter{};
  std::vector<std::string> awaited{};  // sets of which each booking needs a row
};

class Bookings final : public Processor {
 public:
  Bookings(const Facts& facts, Responder& records, BookingSettings settings)
      : facts_(facts), records_(records), settings_(std::move(settings)) {}

  Result<std::vector<Message>> process(const Message& event, const Call& call) override {
    const auto case_number = event.headers.find(kCaseHeader);
    if (case_number == event.headers.end() || case_number->second.empty()) {
      return Error::permanent("provincial.type", "the event names no case (header case-no)");
    }
    Record parameters;
    parameters.set(settings_.parameter, case_number->second);
    auto sets = ask_rows(records_, settings_.group, std::move(parameters), call);
    if (!sets) return sets.error();
    if (heads_in(sets.value()) == nullptr) {
      return Error::retryable("provincial.incomplete", "the case has no rows of a booking yet");
    }
    auto bookings = bookings_of(sets.value());
    if (!bookings) return bookings.error();
    std::vector<Message> messages;
    for (const Booking& booking : bookings.value()) {
      if (auto whole = check_awaited(booking, settings_.awaited); !whole) return whole.error();
      Message message = booking_message(event, booking);
      const auto fetched = was_fetched(facts_, message);
      if (!fetched) return fetched.error();
      if (!fetched.value()) messages.push_back(std::move(message));
    }
    return messages;
  }

 private:
  const Facts& facts_;
  Responder& records_;
  BookingSettings settings_;
};

// On a message for a route beside others the kind has that one's name in front ("booked-unit").
bool is_unit(const OrderKey& key) { return key.kind == kUnitKey || key.kind.ends_with("-unit"); }

}  // namespace

Result<std::vector<Booking>> bookings_of(const std::vector<RecordSet>& sets) {
  const RecordSet* heads = heads_in(sets);
  if (heads == nullptr) return no_bookings("have no set \"head\"");
  if (auto checked = check_links(sets, *heads); !checked) return checked.error();
  std::vector<Record> numbered = heads->records;
  number_cases(numbered);
  std::vector<Booking> bookings;
  for (const Record& head : numbered) {
    Booking booking{head.text_or_empty(kLink), {{kHead, {without_link(head)}}}};
    for (const RecordSet& set : sets) {
      if (set.name == kHead) continue;
      RecordSet own = rows_of(set, booking.id);
      if (!own.records.empty()) booking.facts.push_back(std::move(own));
    }
    bookings.push_back(std::move(booking));
  }
  return bookings;
}

Result<std::vector<std::string>> awaited_sets(const Config& config) {
  std::vector<std::string> names;
  if (!config.has("await")) return names;
  const auto sets = config.text("await");
  if (!sets) return sets.error();
  std::istringstream words(sets.value());
  for (std::string name; words >> name;) names.push_back(name);
  return names;
}

Result<void> check_awaited(const Booking& booking, const std::vector<std::string>& awaited) {
  for (const std::string& name : awaited) {
    if (has_set(booking.facts, name)) continue;
    return Error::retryable("provincial.incomplete",
                            "a booking of the case has no rows of " + name + " yet");
  }
  return {};
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

Result<std::unique_ptr<Processor>> make_bookings(Context& context) {
  const auto group = context.config().text("group");
  if (!group) return group.error();
  const auto parameter = context.config().text("parameter");
  if (!parameter) return parameter.error();
  auto awaited = awaited_sets(context.config());
  if (!awaited) return awaited.error();
  const auto records = context.responder("records");
  if (!records) return records.error();
  return std::unique_ptr<Processor>(std::make_unique<Bookings>(
      context.facts(), *records.value(),
      BookingSettings{group.value(), parameter.value(), std::move(awaited).value()}));
}

}  // namespace certbridge::provincial_platform

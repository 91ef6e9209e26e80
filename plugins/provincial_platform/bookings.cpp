#include "bookings.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace certbridge::provincial_platform {
namespace {

constexpr const char* kHead = "head";
constexpr const char* kLink = "booking";
constexpr const char* kCase = "recflowid";
constexpr const char* kUnitField = "estatenum";
constexpr std::uint64_t kLargestCase = 64UL << 20U;

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

// The order key of a unit; on a message for a route beside others its kind has that one's name in
// front ("booked-unit").
bool is_unit(const OrderKey& key) { return key.kind == "unit" || key.kind.ends_with("-unit"); }

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
  Bookings(Responder& records, BookingSettings settings)
      : records_(records), settings_(std::move(settings)) {}

  Result<std::vector<Message>> process(const Message& event, const Call& call) override {
    const auto case_number = event.headers.find("case-no");
    if (case_number == event.headers.end() || case_number->second.empty()) {
      return Error::permanent("provincial.type", "the event names no case (header case-no)");
    }
    auto sets = ask(case_number->second, call);
    if (!sets) return sets.error();
    if (heads_in(sets.value()) == nullptr) {
      return Error::retryable("provincial.incomplete", "the case has no rows of a booking yet");
    }
    auto bookings = bookings_of(sets.value());
    if (!bookings) return bookings.error();
    std::vector<Message> messages;
    const std::vector<Record>& heads = heads_in(sets.value())->records;
    for (const std::vector<RecordSet>& facts : bookings.value()) {
      for (const std::string& name : settings_.awaited) {
        if (!has_set(facts, name)) {
          return Error::retryable("provincial.incomplete",
                                  "a booking of the case has no rows of " + name + " yet");
        }
      }
      const std::string link = heads[messages.size()].text_or_empty(kLink);
      messages.push_back(message_of(event, facts, link));
    }
    return messages;
  }

 private:
  Result<std::vector<RecordSet>> ask(const std::string& case_number, const Call& call) {
    Record parameters;
    parameters.set(settings_.parameter, case_number);
    Message question;
    question.type = settings_.group;
    question.media_type = kRecordsMediaType;
    question.body = content_of(write_records({{"parameters", {parameters}}}));
    const auto answer = records_.answer(question, call);
    if (!answer) return passed_on(answer.error());
    if (answer.value().body == nullptr) {
      return Error::fault("provincial.records", "the rows of the case came without a body");
    }
    const auto bytes = read_all(*answer.value().body, kLargestCase);
    if (!bytes) return passed_on(bytes.error());
    auto sets = parse_records(bytes.value());
    if (!sets) return passed_on(sets.error());
    return sets;
  }

  static Error passed_on(const Error& cause) {
    Error error = cause;
    error.message = "asking for the rows of the case: " + cause.message + " (" + cause.code + ")";
    error.code = cause.severity == Severity::kRetryable   ? "provincial.records_unavailable"
                 : cause.severity == Severity::kPermanent ? "provincial.records_refused"
                                                          : "provincial.records";
    return error;
  }

  // Kept in order with what else is about its unit.
  static Message message_of(const Message& event, const std::vector<RecordSet>& facts,
                            const std::string& link) {
    Message message = event;
    if (!link.empty()) message.headers[kLink] = link;
    message.type = "registration.booked";
    message.media_type = kRecordsMediaType;
    message.body = content_of(write_records(facts));
    const std::string unit = facts.front().records.front().text_or_empty(kUnitField);
    if (unit.empty()) return message;
    const auto known = std::find_if(message.order_keys.begin(), message.order_keys.end(), &is_unit);
    const std::string kind = known == message.order_keys.end() ? "unit" : known->kind;
    std::erase_if(message.order_keys, &is_unit);
    message.order_keys.push_back({kind, unit});
    return message;
  }

  Responder& records_;
  BookingSettings settings_;
};

}  // namespace

Result<std::vector<std::vector<RecordSet>>> bookings_of(const std::vector<RecordSet>& sets) {
  const RecordSet* heads = heads_in(sets);
  if (heads == nullptr) return no_bookings("have no set \"head\"");
  if (auto checked = check_links(sets, *heads); !checked) return checked.error();
  std::vector<Record> numbered = heads->records;
  number_cases(numbered);
  std::vector<std::vector<RecordSet>> bookings;
  for (const Record& head : numbered) {
    std::vector<RecordSet> facts{{kHead, {without_link(head)}}};
    for (const RecordSet& set : sets) {
      if (set.name == kHead) continue;
      RecordSet own = rows_of(set, head.text_or_empty(kLink));
      if (!own.records.empty()) facts.push_back(std::move(own));
    }
    bookings.push_back(std::move(facts));
  }
  return bookings;
}

Result<std::unique_ptr<Processor>> make_bookings(Context& context) {
  const auto group = context.config().text("group");
  if (!group) return group.error();
  const auto parameter = context.config().text("parameter");
  if (!parameter) return parameter.error();
  BookingSettings settings{group.value(), parameter.value(), {}};
  if (context.config().has("await")) {
    const auto sets = context.config().text("await");
    if (!sets) return sets.error();
    std::istringstream words(sets.value());
    for (std::string name; words >> name;) settings.awaited.push_back(name);
  }
  const auto records = context.responder("records");
  if (!records) return records.error();
  return std::unique_ptr<Processor>(
      std::make_unique<Bookings>(*records.value(), std::move(settings)));
}

}  // namespace certbridge::provincial_platform

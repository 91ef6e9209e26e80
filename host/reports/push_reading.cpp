#include "reports/push_reading.h"

#include <algorithm>

#include "journal/search_source.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kAtOnce = 500;
constexpr std::size_t kMostOfACase = 1'000;
constexpr std::size_t kMostCases = 1'000'000;

bool has_ended(MessageState state) {
  return state != MessageState::kAccepted && state != MessageState::kIncomplete &&
         state != MessageState::kInReview && state != MessageState::kRouted;
}

bool is_refused(DeliveryState state) {
  return state == DeliveryState::kParked || state == DeliveryState::kRepair ||
         state == DeliveryState::kDiscarded;
}

bool is_meant(DeliveryState state) {
  return state != DeliveryState::kSuperseded && state != DeliveryState::kDiscarded &&
         state != DeliveryState::kNotHeld;
}

class Reading {
 public:
  Reading(Store& store, PushInspection& inspection) : store_(store), inspection_(inspection) {}

  Result<void> read() {
    SearchFilter filter;
    filter.from = inspection_.settings().period.from();
    filter.until = std::min(inspection_.settings().period.until(), inspection_.settings().made);
    NumberRange range;
    for (;;) {
      const auto numbers = store_.search_source().numbers(filter, range, kAtOnce);
      if (!numbers) return numbers.error();
      if (numbers.value().empty()) return {};
      const auto found = store_.search_source().fitting(numbers.value(), filter, kAtOnce);
      if (!found) return found.error();
      for (const FoundMessage& one : found.value()) {
        if (auto looked = look_at(one); !looked) return looked;
      }
      range.high = numbers.value().back() - 1;
    }
  }

 private:
  Result<void> look_at(const FoundMessage& found) {
    const StoredMessage& stored = found.message;
    if (stored.state == MessageState::kParked) {
      inspection_.add_refused("steps", stored.error_code);
    }
    const std::string& type = stored.message.type;
    if (type == "registration.event" && header_of(stored.message, "event-type") == "BANJIE") {
      return look_at_case(found);
    }
    if (type == "certificate.issue" || type == "certificate.status" || type == "certificate.void") {
      return look_at_deliveries(found);
    }
    return {};
  }

  bool is_library(const std::string& endpoint) const {
    const auto& libraries = inspection_.settings().libraries;
    return std::find(libraries.begin(), libraries.end(), endpoint) != libraries.end();
  }

  static Timestamp occurred(const FoundMessage& found) {
    const auto told = parse_message_time(header_of(found.message.message, "occurred-at"));
    return told.value_or(found.stored);
  }

  Result<void> look_at_deliveries(const FoundMessage& found) {
    const StoredMessage& stored = found.message;
    const auto deliveries = store_.deliveries(stored.message.id);
    if (!deliveries) return deliveries.error();
    for (const StoredDelivery& one : deliveries.value()) {
      if (is_refused(one.state)) inspection_.add_refused(one.endpoint, one.error_code);
      if (!is_library(one.endpoint)) continue;
      const Push push = push_of(found, one);
      if (stored.message.type == "certificate.issue") inspection_.add_issue(push);
      if (stored.message.type == "certificate.status") inspection_.add_status(push);
    }
    return {};
  }
  static Push push_of(const FoundMessage& found, const StoredDelivery& delivery) {
    const StoredMessage& stored = found.message;
    Push push{stored.message.id,
              delivery.endpoint,
              stored.message.area,
              header_of(stored.message, "type-code"),
              header_of(stored.message, "status-word"),
              occurred(found),
              {},
              is_meant(delivery.state)};
    if (delivery.state == DeliveryState::kDelivered) push.arrived = delivery.changed;
    return push;
  }

  Result<void> look_at_case(const FoundMessage& found) {
    ConcludedCase one;
    one.case_no = header_of(found.message.message, "case-no");
    one.area = found.message.message.area;
    one.registration_type = header_of(found.message.message, "registration-type");
    one.concluded = occurred(found);
    if (one.case_no.empty() || cases_.size() >= kMostCases) return {};
    if (!cases_.insert(one.case_no).second) return {};
    const auto messages = store_.messages_with_key({"case", one.case_no}, kMostOfACase);
    if (!messages) return messages.error();
    for (const StoredMessage& stored : messages.value()) {
      if (auto noted = note(stored, one); !noted) return noted;
    }
    inspection_.add_case(one);
    return {};
  }
  Result<void> note(const StoredMessage& stored, ConcludedCase& one) {
    const std::string& type = stored.message.type;
    const std::string effect = header_of(stored.message, "life-effect");
    one.moving = one.moving || !has_ended(stored.state);
    one.withheld = one.withheld || stored.message.classified ||
                   stored.state == MessageState::kWithdrawn || effect == "not-published";
    one.ends_others =
        one.ends_others || type == "certificate.event" || type == "certificate.status";
    if (stored.state == MessageState::kParked && one.code.empty()) one.code = stored.error_code;
    if (type != "certificate.issue") return {};
    ++one.issued;
    const auto deliveries = store_.deliveries(stored.message.id);
    if (!deliveries) return deliveries.error();
    for (const StoredDelivery& delivery : deliveries.value()) {
      if (!is_library(delivery.endpoint)) continue;
      if (delivery.state == DeliveryState::kDelivered) ++one.collected;
      if (is_refused(delivery.state) && one.code.empty()) one.code = delivery.error_code;
    }
    return {};
  }

  Store& store_;
  PushInspection& inspection_;
  std::set<std::string> cases_{};
};

}  // namespace

Result<void> inspect_pushes(Store& store, const PushInspectionSettings& settings,
                            InspectionReport& report) {
  PushInspection inspection(settings);
  if (!settings.libraries.empty()) {
    if (auto read = Reading(store, inspection).read(); !read) return read;
  }
  for (InspectionSection& one : inspection.sections()) report.sections.push_back(std::move(one));
  return {};
}

}  // namespace certbridge::host

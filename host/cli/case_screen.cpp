#include "cli/case_screen.h"

#include "observe/clock.h"

namespace certbridge::host {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// What tells the messages of a case apart: the event, or the certificate that was made of it.
std::string subject_of(const StoredMessage& stored) {
  const std::string identifier = header_of(stored.message, "identifier");
  if (identifier.empty()) return header_of(stored.message, "event-type");
  const std::string version = header_of(stored.message, "version");
  return identifier + (version.empty() ? "" : ", version " + version);
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

void show_title(const std::string& number, const std::vector<CaseMessage>& messages, Screen& out) {
  std::size_t deliveries = 0;
  std::string area;
  for (const CaseMessage& message : messages) {
    deliveries += message.deliveries.size();
    if (area.empty()) area = message.stored.message.area;
  }
  out.line("case " + number + (area.empty() ? "" : ", area " + area) + ": " +
               counted(messages.size(), "message", "messages") + ", " +
               counted(deliveries, "delivery", "deliveries"),
           Tone::kTitle);
}

void show_messages(const std::vector<CaseMessage>& messages, Screen& out) {
  Rows rows{{"message", "type", "state", "changed", "route", "about"}};
  for (const auto& [stored, trace, deliveries] : messages) {
    rows.push_back({stored.message.id, stored.message.type, to_text(stored.state),
                    to_iso8601(stored.changed), stored.route, subject_of(stored)});
  }
  out.table(rows);
  for (const auto& [stored, trace, deliveries] : messages) {
    if (stored.error_code.empty()) continue;
    out.line(stored.message.id + "  " + error_of(stored.error_code, stored.error_message),
             Tone::kBad);
  }
}

// "validate ok, compose ok, seal retry 3 times": what happened again at once is said once.
std::string steps_of(const std::vector<TraceEntry>& trace) {
  std::string text, last;
  std::size_t times = 0;
  const auto end_run = [&] {
    if (times > 1) text += " " + std::to_string(times) + " times";
    times = 0;
  };
  for (const TraceEntry& entry : trace) {
    if (entry.step.starts_with("deliver ")) continue;
    const std::string said = entry.step + " " + entry.outcome;
    if (said != last) {
      end_run();
      text += (text.empty() ? "" : ", ") + said;
      last = said;
    }
    ++times;
  }
  end_run();
  return text;
}

void show_steps(const std::vector<CaseMessage>& messages, Screen& out) {
  Rows rows{{"message", "steps"}};
  for (const CaseMessage& message : messages) {
    const std::string steps = steps_of(message.trace);
    if (!steps.empty()) rows.push_back({message.stored.message.id, steps});
  }
  if (rows.size() > 1) out.table(rows);
}

void show_deliveries(const std::vector<CaseMessage>& messages, Screen& out) {
  Rows rows{
      {"message", "delivery", "endpoint", "state", "attempts", "changed", "receipt or error"}};
  for (const CaseMessage& message : messages) {
    for (const StoredDelivery& delivery : message.deliveries) {
      std::string last = error_of(delivery.error_code, delivery.error_message);
      if (last.empty()) last = receipt_of(delivery);
      const std::string waits = waits_of(delivery);
      if (last.empty() || !delivery.held.empty()) last += (last.empty() ? "" : "; ") + waits;
      rows.push_back({message.stored.message.id, delivery.name, delivery.endpoint,
                      to_text(delivery.state), std::to_string(delivery.attempts),
                      to_iso8601(delivery.changed), last});
    }
  }
  if (rows.size() > 1) out.table(rows);
}

}  // namespace

std::string receipt_of(const StoredDelivery& delivery) {
  if (!delivery.receipt) return {};
  const bool open = delivery.receipt->state == Receipt::State::kOpen;
  return (open ? "open " : "settled ") + delivery.receipt->remote_id;
}

std::string error_of(const std::string& code, const std::string& message) {
  return code.empty() ? std::string() : code + ": " + message;
}

std::string waits_of(const StoredDelivery& delivery) {
  if (!delivery.held.empty()) return delivery.held;
  return delivery.waits_for.empty() ? std::string() : "waits for " + delivery.waits_for;
}

void show_case(const std::string& number, const std::vector<CaseMessage>& messages, Screen& out) {
  show_title(number, messages, out);
  show_messages(messages, out);
  show_steps(messages, out);
  show_deliveries(messages, out);
  out.line("more about one message: certbridge messages show MESSAGE", Tone::kQuiet);
}

}  // namespace certbridge::host

#include "daily_log/log_kept.h"

#include <cstdlib>

#include "certbridge/bytes.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint8_t kLogVersion = 1;
constexpr const char* kLast = "last";
constexpr const char* kYes = "yes";

std::string encoded_log(const KeptLog& log) {
  ByteWriter out;
  out.u8(kLogVersion);
  out.text(log.prepared.number);
  out.text(log.prepared.area);
  out.text(log.prepared.facts);
  out.text(std::to_string(log.version));
  out.text(std::to_string(log.order));
  out.text(log.content);
  out.text(log.step);
  return out.take();
}

bool decode_log(const std::string& bytes, KeptLog& log) {
  ByteReader in(bytes);
  const bool known = in.u8() == kLogVersion;
  log.prepared.number = in.text();
  log.prepared.area = in.text();
  log.prepared.facts = in.text();
  log.version = std::atoi(in.text().c_str());
  log.order = std::strtoull(in.text().c_str(), nullptr, 10);
  log.content = in.text();
  log.step = in.text();
  return known && in.finish() && log.version > 0;
}

std::string bytes_name(const std::string& number) { return "bytes/" + number; }
std::string accepted_mark(const std::string& number) { return "accepted/" + number; }
std::string refused_mark(const std::string& number) { return "refused/" + number; }
std::string sent_mark(const std::string& number) { return "sent/" + number; }

}  // namespace

Result<std::string> LogMemory::text(const std::string& name) {
  auto held = memory_.get(step_, key_, name);
  if (!held) return held.error();
  return std::move(held).value().value_or("");
}
Result<void> LogMemory::note(const std::string& name, const std::string& value) {
  return memory_.put(step_, key_, name, value);
}
Result<bool> LogMemory::is_noted(const std::string& name) {
  const auto held = text(name);
  if (!held) return held.error();
  return held.value() == kYes;
}

Result<std::optional<KeptLog>> LogMemory::last() {
  const auto held = text(kLast);
  if (!held) return held.error();
  if (held.value().empty()) return std::optional<KeptLog>();
  KeptLog log;
  if (!decode_log(held.value(), log)) {
    return Error::fault("provincial.memory",
                        "what was kept of a daily log cannot be read; it is not made anew, "
                        "because it may have been sent");
  }
  auto bytes = text(bytes_name(log.prepared.number));
  if (!bytes) return bytes.error();
  log.prepared.bytes = std::move(bytes).value();
  const auto taken = is_noted(accepted_mark(log.prepared.number));
  if (!taken) return taken.error();
  const auto rejected = is_noted(refused_mark(log.prepared.number));
  if (!rejected) return rejected.error();
  log.accepted = taken.value() && !rejected.value();
  log.refused = rejected.value();
  return std::optional(std::move(log));
}

Result<void> LogMemory::keep(const KeptLog& log) {
  const auto earlier = last();
  if (!earlier) return earlier.error();
  if (earlier.value()) {
    auto dropped = note(bytes_name(earlier.value()->prepared.number), "");
    if (!dropped) return dropped;
  }
  auto put = note(bytes_name(log.prepared.number), log.prepared.bytes);
  if (!put) return put;
  if (put = note(kLast, encoded_log(log)); !put) return put;
  if (put = note_own(log.prepared.number); !put) return put;
  return memory_.flush(step_);
}

Result<std::string> LogMemory::own_number() { return text("of/" + step_); }
Result<void> LogMemory::note_own(const std::string& number) { return note("of/" + step_, number); }

Result<void> LogMemory::note_sent(const std::string& number) {
  return note(sent_mark(number), kYes);
}
Result<bool> LogMemory::was_sent(const std::string& number) {
  for (const std::string& name : {sent_mark(number), accepted_mark(number), refused_mark(number)}) {
    auto noted = is_noted(name);
    if (!noted || noted.value()) return noted;
  }
  return false;
}

Result<void> LogMemory::note_accepted(const std::string& number) {
  if (auto noted = note(accepted_mark(number), kYes); !noted) return noted;
  return note(bytes_name(number), "");
}
Result<void> LogMemory::note_refused(const std::string& number) {
  return note(refused_mark(number), kYes);
}

Result<void> LogMemory::note_told(const std::string& number) {
  return note("told/" + step_, number);
}
Result<bool> LogMemory::was_told(const std::string& number) {
  const auto held = text("told/" + step_);
  if (!held) return held.error();
  return held.value() == number;
}

}  // namespace certbridge::provincial_platform

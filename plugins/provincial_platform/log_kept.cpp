#include "log_kept.h"

#include <cstdlib>

#include "certbridge/bytes.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint8_t kLogVersion = 1;
constexpr const char* kLast = "last";

std::string encoded_log(const KeptLog& log) {
  ByteWriter out;
  out.u8(kLogVersion);
  out.text(log.prepared.number);
  out.text(log.prepared.area);
  out.text(log.prepared.bytes);
  out.text(log.prepared.facts);
  out.text(std::to_string(log.version));
  out.text(log.content);
  out.text(log.step);
  return out.take();
}

bool decode_log(const std::string& bytes, KeptLog& log) {
  ByteReader in(bytes);
  const bool known = in.u8() == kLogVersion;
  log.prepared.number = in.text();
  log.prepared.area = in.text();
  log.prepared.bytes = in.text();
  log.prepared.facts = in.text();
  log.version = std::atoi(in.text().c_str());
  log.content = in.text();
  log.step = in.text();
  return known && in.finish() && log.version > 0;
}

}  // namespace

Result<std::string> LogMemory::text(const std::string& name) {
  auto held = memory_.get(step_, key_, name);
  if (!held) return held.error();
  return std::move(held).value().value_or("");
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
  const auto refused = was_refused(log.prepared.number);
  if (!refused) return refused.error();
  log.refused = refused.value();
  return std::optional(std::move(log));
}

Result<void> LogMemory::keep(const KeptLog& log) {
  if (auto put = memory_.put(step_, key_, kLast, encoded_log(log)); !put) return put;
  if (auto put = memory_.put(step_, key_, "of/" + step_, log.prepared.number); !put) return put;
  return memory_.flush(step_);
}

Result<void> LogMemory::drop_bytes(KeptLog log) {
  log.prepared.bytes.clear();
  return memory_.put(step_, key_, kLast, encoded_log(log));
}

Result<std::string> LogMemory::own_number() { return text("of/" + step_); }

Result<void> LogMemory::note_sent(const std::string& number) {
  return memory_.put(step_, key_, "sent/" + number, "yes");
}
Result<bool> LogMemory::was_sent(const std::string& number) {
  const auto held = text("sent/" + number);
  if (!held) return held.error();
  return !held.value().empty();
}
Result<void> LogMemory::note_refused(const std::string& number) {
  return memory_.put(step_, key_, "refused/" + number, "yes");
}
Result<bool> LogMemory::was_refused(const std::string& number) {
  const auto held = text("refused/" + number);
  if (!held) return held.error();
  return !held.value().empty();
}

}  // namespace certbridge::provincial_platform

#include "prepared.h"

#include "certbridge/bytes.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint8_t kPreparedVersion = 2;

std::string message_name(const std::string& step_key) { return "message/" + step_key; }
std::string sent_name(const std::string& step_key) { return "sent/" + step_key; }
std::string owner_name(const std::string& number) { return "owner/" + number; }

std::string encoded(const Prepared& prepared) {
  ByteWriter out;
  out.u8(kPreparedVersion);
  out.text(prepared.number);
  out.text(prepared.area);
  out.text(prepared.bytes);
  out.text(prepared.facts);
  out.text(prepared.answered);
  return out.take();
}

}  // namespace

Result<std::optional<Prepared>> load_prepared(Memory& memory, const std::string& step_key) {
  const auto held = memory.get(step_key, OrderKey{}, message_name(step_key));
  if (!held) return held.error();
  if (!held.value()) return std::optional<Prepared>();
  ByteReader in(*held.value());
  Prepared prepared;
  const bool known = in.u8() == kPreparedVersion;
  prepared.number = in.text();
  prepared.area = in.text();
  prepared.bytes = in.text();
  prepared.facts = in.text();
  prepared.answered = in.text();
  if (!known || !in.finish()) {
    return Error::fault("provincial.memory",
                        "what was kept of a message cannot be read; it is not "
                        "made anew, because it may have been sent");
  }
  const auto sent = memory.get(step_key, OrderKey{}, sent_name(step_key));
  if (!sent) return sent.error();
  prepared.sent = sent.value() == prepared.number;
  return std::optional(std::move(prepared));
}

Result<void> keep_prepared(Memory& memory, const std::string& step_key, const Prepared& prepared) {
  if (auto put = memory.put(step_key, OrderKey{}, message_name(step_key), encoded(prepared));
      !put) {
    return put;
  }
  return memory.flush(step_key);
}

Result<void> take_number(Memory& memory, const std::string& step_key, const std::string& number) {
  return memory.put(step_key, OrderKey{}, owner_name(number), step_key);
}

Result<bool> is_taken_over(Memory& memory, const std::string& step_key, const std::string& number) {
  const auto owner = memory.get(step_key, OrderKey{}, owner_name(number));
  if (!owner) return owner.error();
  return owner.value().has_value() && *owner.value() != step_key;
}

Result<void> note_sent(Memory& memory, const std::string& step_key, const Prepared& prepared) {
  return memory.put(step_key, OrderKey{}, sent_name(step_key), prepared.number);
}

}  // namespace certbridge::provincial_platform

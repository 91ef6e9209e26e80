#include "exchange/prepared.h"

#include "certbridge/bytes.h"
#include "certbridge/delivery_memory.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint8_t kPreparedVersion = 4;
constexpr const char* kBytes = "bytes";

std::string message_name(const std::string& step_key) { return "message/" + step_key; }
std::string sent_name(const std::string& step_key) { return "sent/" + step_key; }
std::string said_name(const std::string& step_key) { return "said/" + step_key; }
std::string refused_name(const std::string& step_key) { return "refused/" + step_key; }
std::string owner_name(const std::string& number) { return "owner/" + number; }

// A number may be that of an earlier message of this step, made of other facts or by another patch.
std::string content_name(const Prepared& prepared) {
  return prepared.number + "|" + prepared.facts + "|" + prepared.made;
}

std::string encoded_said(const Response& said, const Prepared& prepared) {
  ByteWriter out;
  out.text(content_name(prepared));
  out.u8(said.accepted ? 1 : 0);
  out.text(said.number);
  out.text(said.code);
  out.text(said.words);
  return out.take();
}

// Of another content it is about an earlier message of this step.
Result<std::optional<Response>> load_said(Memory& memory, const std::string& step_key,
                                          const Prepared& prepared) {
  const auto held = memory.get(step_key, OrderKey{}, said_name(step_key));
  if (!held) return held.error();
  if (!held.value()) return std::optional<Response>();
  ByteReader in(*held.value());
  const std::string content = in.text();
  Response said;
  said.accepted = in.u8() == 1;
  said.number = in.text();
  said.code = in.text();
  said.words = in.text();
  if (!in.finish() || content != content_name(prepared)) return std::optional<Response>();
  return std::optional(std::move(said));
}

std::string encoded(const Prepared& prepared) {
  ByteWriter out;
  out.u8(kPreparedVersion);
  out.text(prepared.number);
  out.text(prepared.area);
  out.text(prepared.facts);
  out.text(prepared.answered);
  out.u8(prepared.accepted_before ? 1 : 0);
  out.text(prepared.made);
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
  prepared.facts = in.text();
  prepared.answered = in.text();
  prepared.accepted_before = in.u8() == 1;
  prepared.made = in.text();
  if (!known || !in.finish()) {
    return Error::fault("provincial.memory",
                        "what was kept of a message cannot be read; it is not "
                        "made anew, because it may have been sent");
  }
  auto bytes = memory.get(step_key, of_delivery(step_key), kBytes);
  if (!bytes) return bytes.error();
  prepared.bytes = std::move(bytes).value().value_or("");
  const auto sent = memory.get(step_key, OrderKey{}, sent_name(step_key));
  if (!sent) return sent.error();
  prepared.sent = sent.value() == content_name(prepared);
  auto said = load_said(memory, step_key, prepared);
  if (!said) return said.error();
  prepared.said = std::move(said).value();
  return std::optional(std::move(prepared));
}

Result<void> keep_prepared(Memory& memory, const std::string& step_key, const Prepared& prepared) {
  if (auto put = memory.put(step_key, OrderKey{}, message_name(step_key), encoded(prepared));
      !put) {
    return put;
  }
  if (auto put = memory.put(step_key, of_delivery(step_key), kBytes, prepared.bytes); !put) {
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

Result<bool> was_refused(Memory& memory, const std::string& step_key, const Prepared& prepared) {
  const auto held = memory.get(step_key, OrderKey{}, refused_name(step_key));
  if (!held) return held.error();
  return held.value() == content_name(prepared);
}

Result<void> note_refused(Memory& memory, const std::string& step_key, const Prepared& prepared) {
  auto put = memory.put(step_key, OrderKey{}, refused_name(step_key), content_name(prepared));
  return put ? memory.flush(step_key) : put;
}

Result<void> note_sent(Memory& memory, const std::string& step_key, const Prepared& prepared,
                       const std::optional<Response>& said) {
  if (said) {
    const std::string text = encoded_said(*said, prepared);
    if (auto put = memory.put(step_key, OrderKey{}, said_name(step_key), text); !put) return put;
  }
  return memory.put(step_key, OrderKey{}, sent_name(step_key), content_name(prepared));
}

}  // namespace certbridge::provincial_platform

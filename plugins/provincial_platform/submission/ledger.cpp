#include "submission/ledger.h"

#include "certbridge/bytes.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint8_t kEntryVersion = 1;

OrderKey key_of(const BookingName& booking) { return {"unit", booking.unit}; }
std::string entry_name(const BookingName& booking) { return "booking/" + booking.flow; }

}  // namespace

Result<std::optional<LedgerEntry>> load_entry(Memory& memory, const std::string& step_key,
                                              const BookingName& booking) {
  const auto held = memory.get(step_key, key_of(booking), entry_name(booking));
  if (!held) return held.error();
  if (!held.value()) return std::optional<LedgerEntry>();
  ByteReader in(*held.value());
  const bool known = in.u8() == kEntryVersion;
  LedgerEntry entry;
  entry.number = in.text();
  entry.step = in.text();
  entry.accepted = in.text();
  if (known && in.finish()) return std::optional(std::move(entry));
  return Error::fault("provincial.memory",
                      "what was kept of a booking cannot be read; it is not sent, because the "
                      "platform may know it under another number");
}

Result<void> put_entry(Memory& memory, const std::string& step_key, const BookingName& booking,
                       const LedgerEntry& entry) {
  ByteWriter out;
  out.u8(kEntryVersion);
  out.text(entry.number);
  out.text(entry.step);
  out.text(entry.accepted);
  return memory.put(step_key, key_of(booking), entry_name(booking), out.take());
}

}  // namespace certbridge::provincial_platform

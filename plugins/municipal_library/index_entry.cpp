#include "index_entry.h"

#include "certbridge/bytes.h"
#include "certbridge/delivery_memory.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::uint8_t kEntryForm = 2;
constexpr std::uint32_t kMostOfARow = 64;

void write_texts(const Texts& texts, ByteWriter& out) {
  out.u32(static_cast<std::uint32_t>(texts.size()));
  for (const auto& [name, value] : texts) {
    out.text(name);
    out.text(value);
  }
}

Texts read_texts(ByteReader& in) {
  Texts texts;
  const std::uint32_t count = in.count(kMostOfARow);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name = in.text();
    texts[std::move(name)] = in.text();
  }
  return texts;
}

std::string encode_entry(const IndexEntry& entry) {
  ByteWriter out;
  out.u8(kEntryForm);
  out.boolean(entry.held);
  out.u64(entry.version);
  out.text(entry.told_by);
  out.u64(entry.order);
  out.u32(static_cast<std::uint32_t>(entry.issued));
  out.text(entry.begun_by);
  out.u64(entry.begun_version);
  out.u32(static_cast<std::uint32_t>(entry.begun_issued));
  out.boolean(entry.deletes);
  out.boolean(entry.refused);
  out.boolean(entry.undone);
  write_texts(entry.row, out);
  write_texts(entry.begun_row, out);
  return out.take();
}

Error unreadable() {
  return Error::fault("municipal.memory",
                      "what was kept of an entry of the index cannot be read; restore the journal");
}

// What cannot be read is not guessed: with another version the platform would refuse or double it.
Result<IndexEntry> decode_entry(std::string_view bytes) {
  ByteReader in(bytes);
  IndexEntry entry;
  if (in.u8() != kEntryForm) in.fail();
  entry.held = in.boolean();
  entry.version = in.u64();
  entry.told_by = in.text();
  entry.order = in.u64();
  entry.issued = static_cast<int>(in.u32());
  entry.begun_by = in.text();
  entry.begun_version = in.u64();
  entry.begun_issued = static_cast<int>(in.u32());
  entry.deletes = in.boolean();
  entry.refused = in.boolean();
  entry.undone = in.boolean();
  entry.row = read_texts(in);
  entry.begun_row = read_texts(in);
  if (in.finish()) return entry;
  return unreadable();
}

}  // namespace

IndexBook::IndexBook(Memory& memory, std::string step_key, const std::string& entry)
    : memory_(memory),
      step_key_(std::move(step_key)),
      name_("index/" + entry),
      told_name_("index-told/" + entry) {}

Result<IndexEntry> IndexBook::load() {
  auto kept = memory_.get(step_key_, OrderKey{}, name_);
  if (!kept) return kept.error();
  if (!kept.value()) return IndexEntry{};
  return decode_entry(*kept.value());
}

Result<void> IndexBook::save(const IndexEntry& entry) {
  auto noted = note(entry);
  return noted ? memory_.flush(step_key_) : noted;
}

Result<void> IndexBook::note(const IndexEntry& entry) {
  return memory_.put(step_key_, OrderKey{}, name_, encode_entry(entry));
}

Result<ToldRow> IndexBook::told() {
  auto kept = memory_.get(step_key_, of_delivery(step_key_), told_name_);
  if (!kept) return kept.error();
  if (!kept.value()) return ToldRow{};
  ByteReader in(*kept.value());
  ToldRow told;
  told.version = in.u64();
  told.inserted = in.boolean();
  if (in.finish()) return told;
  return unreadable();
}

Result<void> IndexBook::note_told(const ToldRow& told) {
  ByteWriter out;
  out.u64(told.version);
  out.boolean(told.inserted);
  return memory_.put(step_key_, of_delivery(step_key_), told_name_, out.take());
}

}  // namespace certbridge::municipal_library

#include "progress.h"

#include "certbridge/bytes.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint32_t kMostCalls = 16;
constexpr std::uint32_t kMostCarried = 64;

std::string encode(const Progress& progress, const std::string& file_digest) {
  ByteWriter out;
  out.u8(kVersion);
  out.text(file_digest);
  out.u32(static_cast<std::uint32_t>(progress.calls_done));
  out.u32(static_cast<std::uint32_t>(progress.carried.size()));
  for (const auto& [name, value] : progress.carried) {
    out.text(name);
    out.text(value);
  }
  return out.take();
}

// An entry that cannot be read counts as none: the calls are made again, which the library answers
// as duplicates.
Progress decode(std::string_view bytes, const std::string& file_digest) {
  ByteReader in(bytes);
  Progress progress;
  if (in.u8() != kVersion || in.text() != file_digest) return {};
  progress.calls_done = in.count(kMostCalls);
  const std::uint32_t count = in.count(kMostCarried);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name = in.text();
    progress.carried[std::move(name)] = in.text();
  }
  return in.finish() ? progress : Progress{};
}

}  // namespace

ProgressBook::ProgressBook(Memory& memory, std::string step_key, std::string identifier,
                           std::string file_digest)
    : memory_(memory),
      step_key_(std::move(step_key)),
      name_("progress/" + std::move(identifier)),
      file_digest_(std::move(file_digest)) {}

Result<Progress> ProgressBook::load() {
  auto held = memory_.get(step_key_, OrderKey{}, name_);
  if (!held) return held.error();
  if (!held.value()) return Progress{};
  return decode(*held.value(), file_digest_);
}

Result<void> ProgressBook::note(const Progress& progress) {
  return memory_.put(step_key_, OrderKey{}, name_, encode(progress, file_digest_));
}

Result<void> ProgressBook::save(const Progress& progress) {
  auto noted = note(progress);
  return noted ? memory_.flush(step_key_) : noted;
}

Result<void> ProgressBook::clear() { return memory_.put(step_key_, OrderKey{}, name_, ""); }

}  // namespace certbridge::municipal_library

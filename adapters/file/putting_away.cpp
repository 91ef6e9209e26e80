#include "putting_away.h"

#include <array>
#include <cstdio>

#include "digest.h"

namespace certbridge::file {
namespace {

constexpr std::size_t kDigestInName = 32;    // hexadecimal characters
constexpr std::chrono::hours kChinaTime{8};  // of the days that folders are named by

bool is(const Result<void>& result, std::string_view code) {
  return !result && result.error().code == code;
}

Result<std::string> digest_of(Folder& folder, const std::string& path, const Call& call) {
  Digest digest(DigestKind::kSm3);
  const auto take = [&](std::span<const std::byte> bytes) {
    digest.add(bytes);
    return Result<void>();
  };
  if (auto read = folder.read(path, take, call); !read) return read.error();
  return digest.hex();
}

// Whoever put the other one there may have died before it was durable.
Result<void> remove_second(Folder& folder, const std::string& from, const Shelf& shelf,
                           const Call& call) {
  for (const std::string& path : {shelf.folder, shelf.place()}) {
    if (auto synced = folder.sync(path, call); !synced) return synced;
  }
  return folder.remove(from, call);
}

Result<bool> put_beside(Folder& folder, const std::string& from, const Shelf& shelf,
                        const std::string& name, const Call& call) {
  const std::string to = joined(shelf.place(), name);
  auto ours = digest_of(folder, from, call);
  if (!ours) return ours.error();
  auto theirs = digest_of(folder, to, call);
  if (!theirs) return theirs.error();
  Result<void> moved;
  if (ours.value() != theirs.value()) {
    moved = folder.move(from, to + "." + ours.value().substr(0, kDigestInName), shelf.folder, call);
    if (moved) return true;
  }
  if (ours.value() == theirs.value() || is(moved, "file.exists"))
    moved = remove_second(folder, from, shelf, call);
  if (!moved) return moved.error();
  return true;
}

}  // namespace

Result<bool> put_away(Folder& folder, const std::string& from, const Shelf& shelf,
                      const std::string& name, const Call& call) {
  const std::string to = joined(shelf.place(), name);
  auto moved = folder.move(from, to, shelf.folder, call);
  if (is(moved, "file.no_folder")) {
    if (auto made = folder.make(shelf.place(), call); !made) return made.error();
    moved = folder.move(from, to, shelf.folder, call);
  }
  if (is(moved, "file.absent")) return false;
  if (is(moved, "file.exists")) return put_beside(folder, from, shelf, name, call);
  if (!moved) return moved.error();
  return true;
}

std::string day_of(Timestamp now) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(now + kChinaTime));
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

}  // namespace certbridge::file

#include "claims.h"

#include "file_name.h"

namespace certbridge::file {

std::optional<std::string> parcel_mark_in(std::string_view listed, const std::string& suffix) {
  constexpr std::size_t kDay = 10;  // "2026-11-24"
  for (const std::string_view mark : {kFilesMark, kArchivedMark, kRefusedMark}) {
    const auto at = listed.rfind(suffix + std::string(mark));
    if (at == std::string_view::npos) continue;
    const std::string_view behind = listed.substr(at + suffix.size());
    if (behind.size() == mark.size() + (mark == kArchivedMark ? kDay : 0))
      return std::string(behind);
  }
  return {};
}

Claims::Claims(Places places, Folder& folder, Observer observer)
    : places_(std::move(places)), folder_(folder), observer_(std::move(observer)) {}

Claims::~Claims() = default;

void Claims::reached(const char* step) const {
  if (observer_) observer_(step);
}

Result<void> Claims::prepare(const Call& call) {
  for (const std::string& path : {places_.claimed, places_.archive, places_.error}) {
    if (auto made = folder_.make(path, call); !made) return made.error();
  }
  return {};
}

Error Claims::claimed_otherwise(std::string_view name) {
  return Error::fault(
      "file.option",
      "the claimed folder holds " + escaped_name(name) +
          ", which was claimed under another manifest-files; take what is claimed under that one "
          "first, or move it back into the drop folder");
}

Result<bool> Claims::is_file(const std::string& path, const Call& call) const {
  auto state = folder_.state(path, call);
  if (!state) return state.error();
  return state.value() && state.value()->regular;
}

Result<void> Claims::write_reason(const std::string& name, const std::string& reason, Reason kind,
                                  const Call& call) {
  const std::string beside = joined(places_.error, escaped_name(name) + ".reason.txt");
  if (kind == Reason::kCameBefore) {
    auto stands = is_file(beside, call);
    if (!stands) return stands.error();
    if (stands.value()) return {};
  }
  return folder_.write(beside, *content_of(reason + "\n"), call);
}

}  // namespace certbridge::file

#include "claims.h"

#include "file_name.h"

namespace certbridge::file {

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

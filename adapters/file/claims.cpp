#include "claims.h"

#include <algorithm>

#include "file_name.h"
#include "first_names.h"
#include "putting_away.h"

namespace certbridge::file {
namespace {

bool has_code(const Result<void>& result, std::string_view code) {
  return !result && result.error().code == code;
}

}  // namespace

Claims::Claims(Places places, Folder& folder, Observer observer)
    : places_(std::move(places)), folder_(folder), observer_(std::move(observer)) {}

void Claims::reached(const char* step) const {
  if (observer_) observer_(step);
}

bool Claims::is_manifest(std::string_view name) const {
  return !places_.manifest_suffix.empty() && name.ends_with(places_.manifest_suffix);
}

Result<void> Claims::prepare(const Call& call) {
  for (const std::string& path : {places_.claimed, places_.archive, places_.error}) {
    if (auto made = folder_.make(path, call); !made) return made.error();
  }
  return {};
}

Result<bool> Claims::claim(const std::string& name, const Call& call) {
  for (const bool manifest : {true, false}) {
    if (manifest && places_.manifest_suffix.empty()) continue;
    const std::string one = manifest ? manifest_of(name) : name;
    auto renamed = folder_.rename(joined(places_.incoming, one), claimed_path(one), call);
    if (has_code(renamed, "file.absent") && !manifest && !places_.manifest_suffix.empty()) {
      // The manifest is ours and the file went: said so, and set aside.
      if (auto completed = complete(manifest_of(name), call); !completed) return completed.error();
      return false;
    }
    if (has_code(renamed, "file.absent") || has_code(renamed, "file.exists")) return false;
    if (!renamed) return renamed.error();
    reached(manifest ? "manifest-claimed" : "claimed");
  }
  return true;
}

Result<void> Claims::complete(const std::string& manifest, const Call& call) {
  const std::string name = manifest.substr(0, manifest.size() - places_.manifest_suffix.size());
  auto renamed = folder_.rename(joined(places_.incoming, name), claimed_path(name), call);
  if (has_code(renamed, "file.exists")) return {};
  if (has_code(renamed, "file.absent")) {
    auto held = folder_.state(claimed_path(name), call);
    if (!held) return held.error();
    if (held.value()) return {};
    return set_aside(manifest,
                     "file.incomplete: the file of this manifest went before it was taken", call);
  }
  return renamed;
}

Result<std::vector<std::string>> Claims::left_behind(std::size_t most, const Call& call) {
  FirstNames manifests(most);
  FirstNames files(most);
  auto listed = folder_.list(
      places_.claimed,
      [&](std::string_view name) {
        (is_manifest(name) ? manifests : files).add(name);
        return true;
      },
      call);
  if (!listed) return listed.error();
  std::vector<std::string> names = files.take();
  for (const std::string& manifest : manifests.take()) {
    const std::string name = manifest.substr(0, manifest.size() - places_.manifest_suffix.size());
    if (std::binary_search(names.begin(), names.end(), name)) continue;
    if (auto completed = complete(manifest, call); !completed) return completed.error();
    names.insert(std::upper_bound(names.begin(), names.end(), name), name);
  }
  return names;
}

Result<void> Claims::archive(const std::string& name, const std::string& day, const Call& call) {
  return finish(name, joined(places_.archive, day), call);
}

Result<void> Claims::set_aside(const std::string& name, const std::string& reason,
                               const Call& call) {
  const std::string beside = joined(places_.error, escaped_name(name) + ".reason.txt");
  if (auto written = folder_.write(beside, *content_of(reason + "\n"), call); !written)
    return written.error();
  return finish(name, places_.error, call);
}

Result<void> Claims::finish(const std::string& name, const std::string& folder, const Call& call) {
  if (!places_.manifest_suffix.empty() && !is_manifest(name)) {
    const std::string manifest = manifest_of(name);
    auto moved =
        put_away(folder_, claimed_path(manifest), joined(folder, escaped_name(manifest)), call);
    if (!moved) return moved.error();
    reached("manifest-finished");
  }
  // What is not there any more was moved by whoever died before he could say so.
  auto moved = put_away(folder_, claimed_path(name), joined(folder, escaped_name(name)), call);
  if (!moved) return moved.error();
  reached("finished");
  return {};
}

}  // namespace certbridge::file

#include <algorithm>

#include "claims.h"
#include "file_name.h"
#include "first_names.h"
#include "putting_away.h"
#include "reading.h"

namespace certbridge::file {
namespace {

bool has_code(const Result<void>& result, std::string_view code) {
  return !result && result.error().code == code;
}

class FileClaims final : public Claims {
 public:
  FileClaims(Places places, DigestKind manifest_digest, Folder& folder, Observer observer)
      : Claims(std::move(places), folder, std::move(observer)), manifest_digest_(manifest_digest) {}

  Result<bool> is_complete(const std::string& name, const Call& call) override;
  Result<bool> claim(const std::string& name, const Call& call) override;
  Result<std::vector<std::string>> left_behind(std::size_t most, const Call& call) override;
  Result<std::optional<Message>> read(const std::string& name, const TakenSettings& settings,
                                      Context& context, const Call& call) override {
    const std::string manifest = has_manifests() ? claimed_path(manifest_of(name)) : std::string();
    return read_taken(folder(), settings, name, claimed_path(name), manifest, context, call);
  }
  Result<bool> is_held(const std::string& name, const Call& call) override {
    return is_file(claimed_path(name), call);
  }
  Result<void> archive(const std::string& name, const std::string& day, const Call& call) override {
    return finish(name, {places().archive, day}, call);
  }
  Result<void> set_aside(const std::string& name, const std::string& reason, Reason kind,
                         const Call& call) override {
    if (auto written = write_reason(name, reason, kind, call); !written) return written.error();
    return finish(name, {places().error, {}}, call);
  }

 private:
  bool has_manifests() const { return !places().manifest_suffix.empty(); }
  bool is_manifest(std::string_view name) const {
    return has_manifests() && name.ends_with(places().manifest_suffix);
  }
  Result<void> complete(const std::string& manifest, const Call& call);
  Result<void> finish(const std::string& name, const Shelf& to, const Call& call);

  DigestKind manifest_digest_;
};

// A manifest that says no digest of this file is perhaps still being written.
Result<bool> FileClaims::is_complete(const std::string& name, const Call& call) {
  auto dropped = is_file(dropped_path(name), call);
  if (!dropped || !dropped.value()) return dropped;
  auto text = read_small(folder(), dropped_path(manifest_of(name)), kLargestManifest, call);
  if (!text) return text.error();
  if (!text.value()) return false;
  const auto manifest = parse_manifest(*text.value(), name, manifest_digest_);
  return manifest && !manifest.value().digest.empty();
}

Result<bool> FileClaims::claim(const std::string& name, const Call& call) {
  for (const bool manifest : {true, false}) {
    if (manifest && !has_manifests()) continue;
    const std::string one = manifest ? manifest_of(name) : name;
    auto renamed = folder().rename(dropped_path(one), claimed_path(one), call);
    if (has_code(renamed, "file.absent") && !manifest && has_manifests()) {
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

Result<void> FileClaims::complete(const std::string& manifest, const Call& call) {
  const std::string name = manifest.substr(0, manifest.size() - places().manifest_suffix.size());
  auto renamed = folder().rename(dropped_path(name), claimed_path(name), call);
  if (has_code(renamed, "file.exists")) return {};
  if (has_code(renamed, "file.absent")) {
    auto held = folder().state(claimed_path(name), call);
    if (!held) return held.error();
    if (held.value()) return {};
    return set_aside(manifest,
                     "file.incomplete: the file of this manifest went before it was taken",
                     Reason::kOfItsOwn, call);
  }
  return renamed;
}

Result<std::vector<std::string>> FileClaims::left_behind(std::size_t most, const Call& call) {
  FirstNames manifests(most);
  FirstNames files(most);
  std::string foreign;
  auto listed = folder().list(
      places().claimed,
      [&](std::string_view name) {
        if (has_manifests() && parcel_mark_in(name, places().manifest_suffix)) foreign = name;
        (is_manifest(name) ? manifests : files).add(name);
        return true;
      },
      call);
  if (!listed) return listed.error();
  if (!foreign.empty()) return claimed_otherwise(foreign);
  std::vector<std::string> names = files.take();
  for (const std::string& manifest : manifests.take()) {
    const std::string name = manifest.substr(0, manifest.size() - places().manifest_suffix.size());
    if (std::binary_search(names.begin(), names.end(), name)) continue;
    if (auto completed = complete(manifest, call); !completed) return completed.error();
    names.insert(std::upper_bound(names.begin(), names.end(), name), name);
  }
  return names;
}

Result<void> FileClaims::finish(const std::string& name, const Shelf& to, const Call& call) {
  if (has_manifests() && !is_manifest(name)) {
    const std::string manifest = manifest_of(name);
    auto moved = put_away(folder(), claimed_path(manifest), to, escaped_name(manifest), call);
    if (!moved) return moved.error();
    reached("manifest-finished");
  }
  // What is not there any more was moved by whoever died before he could say so.
  auto moved = put_away(folder(), claimed_path(name), to, escaped_name(name), call);
  if (!moved) return moved.error();
  reached("finished");
  return {};
}

}  // namespace

std::unique_ptr<Claims> claim_files(Places places, DigestKind manifest_digest, Folder& folder,
                                    Claims::Observer observer) {
  return std::make_unique<FileClaims>(std::move(places), manifest_digest, folder,
                                      std::move(observer));
}

}  // namespace certbridge::file

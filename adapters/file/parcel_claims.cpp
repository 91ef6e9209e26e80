#include <algorithm>

#include "claims.h"
#include "file_name.h"
#include "first_names.h"
#include "manifest.h"
#include "putting_away.h"
#include "reading.h"

namespace certbridge::file {
namespace {

bool failed_with(const Result<void>& result, std::string_view code) {
  return !result && result.error().code == code;
}

class ParcelClaims final : public Claims {
 public:
  ParcelClaims(Places places, const TakenSettings& settings, Folder& folder, Observer observer)
      : Claims(std::move(places), folder, std::move(observer)),
        rules_{settings.manifest_digest, settings.most_files, this->places().manifest_suffix} {}

  Result<bool> is_complete(const std::string& name, const Call& call) override;
  Result<bool> claim(const std::string& name, const Call& call) override;
  Result<std::vector<std::string>> left_behind(std::size_t most, const Call& call) override;
  Result<std::optional<Message>> read(const std::string& name, const TakenSettings& settings,
                                      Context& context, const Call& call) override;
  Result<bool> is_held(const std::string& name, const Call& call) override {
    return is_file(claimed_manifest(name), call);
  }
  Result<void> archive(const std::string& name, const std::string& day, const Call& call) override {
    return decide(name, std::string(kArchivedMark) + day, call);
  }
  Result<void> set_aside(const std::string& name, const std::string& reason, Reason kind,
                         const Call& call) override {
    if (auto written = write_reason(name, reason, kind, call); !written) return written.error();
    return decide(name, std::string(kRefusedMark), call);
  }

 private:
  // Nothing when there is no manifest; the error of one that cannot be read is "file.manifest".
  struct Opened {
    std::string text{};
    Result<std::vector<ListedFile>> files;
  };
  Result<std::optional<Opened>> open(const std::string& name, const std::string& path,
                                     const Call& call);
  std::string claimed_manifest(const std::string& name) const {
    return claimed_path(manifest_of(name));
  }
  std::string folder_of_files(const std::string& name) const {
    return claimed_manifest(name) + std::string(kFilesMark);
  }
  std::string name_of(std::string_view manifest) const {
    return std::string(manifest.substr(0, manifest.size() - places().manifest_suffix.size()));
  }
  Result<bool> gather(const std::string& name, const Call& call);
  Result<bool> gather_file(const std::string& name, const std::string& file, const Call& call);
  Result<void> decide(const std::string& name, const std::string& outcome, const Call& call);
  Result<void> finish(const std::string& name, const std::string& outcome, const Call& call);

  FileListRules rules_;
};

Result<std::optional<ParcelClaims::Opened>> ParcelClaims::open(const std::string& name,
                                                               const std::string& path,
                                                               const Call& call) {
  auto text = read_small(folder(), path, kLargestFileList, call);
  if (!text) return text.error();
  if (!text.value()) return std::optional<Opened>();
  auto files = parse_file_list(*text.value(), name, rules_);
  return std::optional(Opened{std::move(*text.value()), std::move(files)});
}

// A manifest that cannot be read is complete: it is to be refused.
Result<bool> ParcelClaims::is_complete(const std::string& name, const Call& call) {
  auto opened = open(name, dropped_path(manifest_of(name)), call);
  if (!opened) return opened.error();
  if (!opened.value()) return false;
  if (!opened.value()->files) return true;
  for (const ListedFile& file : opened.value()->files.value()) {
    auto there = is_file(dropped_path(file.name), call);
    if (!there || !there.value()) return there;
  }
  return true;
}

Result<bool> ParcelClaims::claim(const std::string& name, const Call& call) {
  auto renamed = folder().rename(dropped_path(manifest_of(name)), claimed_manifest(name), call);
  if (failed_with(renamed, "file.absent") || failed_with(renamed, "file.exists")) return false;
  if (!renamed) return renamed.error();
  reached("manifest-claimed");
  return gather(name, call);
}

// All files of a claimed manifest into its folder. False when some did not come: what there is is
// set aside.
Result<bool> ParcelClaims::gather(const std::string& name, const Call& call) {
  auto opened = open(name, claimed_manifest(name), call);
  if (!opened) return opened.error();
  if (!opened.value()) return false;
  if (!opened.value()->files) return true;
  if (auto made = folder().make(folder_of_files(name), call); !made) return made.error();
  std::string missing;
  for (const ListedFile& file : opened.value()->files.value()) {
    auto gathered = gather_file(name, file.name, call);
    if (!gathered) return gathered.error();
    if (!gathered.value()) missing += (missing.empty() ? "" : ", ") + escaped_name(file.name);
  }
  if (missing.empty()) return true;
  auto aside =
      set_aside(name, "file.incomplete: the manifest names files that did not come: " + missing,
                Reason::kOfItsOwn, call);
  if (!aside) return aside.error();
  return false;
}

Result<bool> ParcelClaims::gather_file(const std::string& name, const std::string& file,
                                       const Call& call) {
  const std::string ours = joined(folder_of_files(name), file);
  auto renamed = folder().rename(dropped_path(file), ours, call);
  if (failed_with(renamed, "file.exists")) return true;
  if (failed_with(renamed, "file.absent")) return is_file(ours, call);
  if (!renamed) return renamed.error();
  reached("claimed");
  return true;
}

Result<std::vector<std::string>> ParcelClaims::left_behind(std::size_t most, const Call& call) {
  FirstNames manifests(most);
  FirstNames decided(most);
  std::string foreign;
  auto listed = folder().list(
      places().claimed,
      [&](std::string_view name) {
        const auto mark = parcel_mark_in(name, places().manifest_suffix);
        if (mark && *mark != kFilesMark) decided.add(name);
        if (mark) return true;
        if (name.ends_with(places().manifest_suffix)) {
          manifests.add(name);
        } else {
          foreign = name;
        }
        return true;
      },
      call);
  if (!listed) return listed.error();
  if (!foreign.empty()) return claimed_otherwise(foreign);
  for (const std::string& one : decided.take()) {
    const std::string outcome = *parcel_mark_in(one, places().manifest_suffix);
    const std::string name = name_of(one.substr(0, one.size() - outcome.size()));
    if (auto finished = finish(name, outcome, call); !finished) return finished.error();
  }
  std::vector<std::string> names;
  for (const std::string& manifest : manifests.take()) {
    auto gathered = gather(name_of(manifest), call);
    if (!gathered) return gathered.error();
    if (gathered.value()) names.push_back(name_of(manifest));
  }
  return names;
}

Result<std::optional<Message>> ParcelClaims::read(const std::string& name,
                                                  const TakenSettings& settings, Context& context,
                                                  const Call& call) {
  auto opened = open(name, claimed_manifest(name), call);
  if (!opened) return opened.error();
  if (!opened.value()) return std::optional<Message>();
  const auto& listed = opened.value()->files;
  if (!listed)
    return std::optional(parcel_without_files(settings, name, opened.value()->text, listed.error(),
                                              context.clock().now()));
  std::vector<ParcelFile> files;
  for (const ListedFile& file : listed.value())
    files.push_back({file, joined(folder_of_files(name), file.name)});
  return read_parcel(folder(), settings, name, files, context, call);
}

// From here on the parcel is not handed over again.
Result<void> ParcelClaims::decide(const std::string& name, const std::string& outcome,
                                  const Call& call) {
  const std::string manifest = claimed_manifest(name);
  auto renamed = folder().rename(manifest, manifest + outcome, call);
  if (!renamed && renamed.error().code != "file.absent") return renamed.error();
  reached("decided");
  return finish(name, outcome, call);
}

// What is not there any more was moved by whoever died before he could say so.
Result<void> ParcelClaims::finish(const std::string& name, const std::string& outcome,
                                  const Call& call) {
  const std::string manifest = claimed_manifest(name) + outcome;
  const Shelf to = outcome == kRefusedMark
                       ? Shelf{places().error, {}}
                       : Shelf{places().archive, outcome.substr(kArchivedMark.size())};
  auto opened = open(name, manifest, call);
  if (!opened) return opened.error();
  if (opened.value() && opened.value()->files) {
    for (const ListedFile& file : opened.value()->files.value()) {
      auto moved = put_away(folder(), joined(folder_of_files(name), file.name), to,
                            escaped_name(file.name), call);
      if (!moved) return moved.error();
      reached("file-finished");
    }
  }
  if (auto removed = folder().remove_folder(folder_of_files(name), call); !removed)
    return removed.error();
  auto moved = put_away(folder(), manifest, to, escaped_name(manifest_of(name)), call);
  if (!moved) return moved.error();
  reached("finished");
  return {};
}

}  // namespace

std::unique_ptr<Claims> claim_parcels(Places places, const TakenSettings& settings, Folder& folder,
                                      Claims::Observer observer) {
  return std::make_unique<ParcelClaims>(std::move(places), settings, folder, std::move(observer));
}

}  // namespace certbridge::file

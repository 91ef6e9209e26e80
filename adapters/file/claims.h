// Where a file stands on its way through a source: dropped, claimed, archived or set aside.
#pragma once

#include <functional>
#include <vector>

#include "folder.h"

namespace certbridge::file {

struct Places {
  std::string incoming{};  // empty: the endpoint's folder itself
  std::string claimed = "claimed";
  std::string archive = "archive";
  std::string error = "error";
  std::string manifest_suffix{};  // empty: files come without manifests
};

// A rename is the only thing that moves a file on, and each may be made again: after a stop at any
// point the claimed folder says what is to be finished. A manifest is claimed before its file and
// finished before it; so a claimed file without a manifest was handed over already, and a claimed
// manifest without its file is a claim to complete. One thread.
class Claims {
 public:
  // Where a test may interrupt: "manifest-claimed", "claimed", "manifest-finished", "finished".
  using Observer = std::function<void(const char* step)>;

  // `folder` is borrowed.
  Claims(Places places, Folder& folder, Observer observer);
  // Makes the folders that are not there.
  Result<void> prepare(const Call& call);
  // Takes a file for us alone. False when it went, or one of this name is claimed already.
  Result<bool> claim(const std::string& name, const Call& call);
  // The first `most` names that are claimed, in order. Claims that were cut short are completed.
  Result<std::vector<std::string>> left_behind(std::size_t most, const Call& call);
  // Into the archive's folder of the day, "2026-11-24".
  Result<void> archive(const std::string& name, const std::string& day, const Call& call);
  // Into the error folder, with the reason in a file beside it.
  Result<void> set_aside(const std::string& name, const std::string& reason, const Call& call);

  std::string claimed_path(const std::string& name) const { return joined(places_.claimed, name); }
  std::string manifest_of(const std::string& name) const { return name + places_.manifest_suffix; }

 private:
  Result<void> complete(const std::string& manifest, const Call& call);
  Result<void> finish(const std::string& name, const std::string& folder, const Call& call);
  bool is_manifest(std::string_view name) const;
  void reached(const char* step) const;

  Places places_;
  Folder& folder_;
  Observer observer_;
};

}  // namespace certbridge::file

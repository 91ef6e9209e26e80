// Where a file stands on its way through a source: dropped, claimed, archived or set aside.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "certbridge/context.h"
#include "folder.h"
#include "taken_file.h"

namespace certbridge::file {

// What a claimed manifest's name has behind it: the folder of its files, and what became of them.
inline constexpr std::string_view kFilesMark = ".files";
inline constexpr std::string_view kArchivedMark = ".archived-";  // and the day
inline constexpr std::string_view kRefusedMark = ".refused";

struct Places {
  std::string incoming{};  // empty: the endpoint's folder itself
  std::string claimed = "claimed";
  std::string archive = "archive";
  std::string error = "error";
  std::string manifest_suffix{};  // empty: files come without manifests
};

// A rename is the only thing that moves a file on, and each may be made again: after a stop at any
// point the claimed folder says what is to be finished. `name` is that of a file, or of a parcel:
// its manifest's name without the suffix. One thread.
class Claims {
 public:
  // Where a test may interrupt: "manifest-claimed", "claimed", "manifest-finished", "finished"; of
  // parcels also "decided" and "file-finished", and no "manifest-finished".
  using Observer = std::function<void(const char* step)>;

  // `folder` is borrowed.
  Claims(Places places, Folder& folder, Observer observer);
  virtual ~Claims();
  // Makes the folders that are not there.
  Result<void> prepare(const Call& call);
  // Whether all that belongs to it lies in the drop folder, and its manifest vouches for it.
  virtual Result<bool> is_complete(const std::string& name, const Call& call) = 0;
  // Takes it for us alone. False when it went, or one of this name is claimed already.
  virtual Result<bool> claim(const std::string& name, const Call& call) = 0;
  // The first `most` names that are claimed, in order. Claims that were cut short are completed,
  // and ends that were are brought to their end. "file.option" when parcels lie there and files are
  // taken, or the other way round: nobody could tell any more what they are.
  virtual Result<std::vector<std::string>> left_behind(std::size_t most, const Call& call) = 0;
  // The message that it becomes; nothing when it is not claimed, or changed while it was read.
  virtual Result<std::optional<Message>> read(const std::string& name,
                                              const TakenSettings& settings, Context& context,
                                              const Call& call) = 0;
  // Whether it is claimed, and not finished.
  virtual Result<bool> is_held(const std::string& name, const Call& call) = 0;
  // Into the archive's folder of the day, "2026-11-24".
  virtual Result<void> archive(const std::string& name, const std::string& day,
                               const Call& call) = 0;
  // Into the error folder, with the reason in a file beside it; one that stands there is written
  // over by a reason of its own, and stays where the new one only says that it came before.
  enum class Reason : std::uint8_t { kOfItsOwn = 1, kCameBefore = 2 };
  virtual Result<void> set_aside(const std::string& name, const std::string& reason, Reason kind,
                                 const Call& call) = 0;

 protected:
  const Places& places() const { return places_; }
  Folder& folder() const { return folder_; }
  std::string dropped_path(const std::string& name) const { return joined(places_.incoming, name); }
  std::string claimed_path(const std::string& name) const { return joined(places_.claimed, name); }
  std::string manifest_of(const std::string& name) const { return name + places_.manifest_suffix; }
  static Error claimed_otherwise(std::string_view name);
  Result<bool> is_file(const std::string& path, const Call& call) const;
  Result<void> write_reason(const std::string& name, const std::string& reason, Reason kind,
                            const Call& call);
  void reached(const char* step) const;

 private:
  Places places_;
  Folder& folder_;
  Observer observer_;
};

// Each file is a message. A manifest is claimed before its file and finished before it; so a
// claimed file without a manifest was handed over already, and a claimed manifest without its file
// is a claim to complete.
std::unique_ptr<Claims> claim_files(Places places, DigestKind manifest_digest, Folder& folder,
                                    Claims::Observer observer);

// A manifest and all files that it names, up to `settings.most_files`, are one message: a parcel.
// The manifest is claimed before its files, which go into a folder of their own beside it; what
// became of the parcel is said by the manifest's next name, before the first file moves on.
std::unique_ptr<Claims> claim_parcels(Places places, const TakenSettings& settings, Folder& folder,
                                      Claims::Observer observer);

// What stands behind a claimed manifest's name, which ends in `suffix`, once it is said what became
// of its parcel (".archived-2026-11-24", ".refused"), or of the folder of its files (".files").
// Nothing for another name.
std::optional<std::string> parcel_mark_in(std::string_view listed, const std::string& suffix);

}  // namespace certbridge::file

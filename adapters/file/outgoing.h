// Puts files into a folder from which a counterpart takes them.
#pragma once

#include <functional>
#include <mutex>
#include <set>

#include "certbridge/context.h"
#include "folder.h"

namespace certbridge::file {

struct OutgoingSettings {
  std::string part_suffix = ".tmp";  // of a file that is being written
  bool taken_away = false;           // the counterpart removes what it took
  std::string taken_folder{};        // where it puts what it took; empty: nowhere that we see
};

// A file appears under its name only once it is whole: it is written under another name, synced,
// renamed, and the folder synced. Never in place of another content. The message's header
// "file-name" says where. Any thread may call.
class Outgoing final : public Sink {
 public:
  // Where a test may interrupt: "compared", "written", "renamed", "synced".
  using Observer = std::function<void(const char* step)>;

  // `folder` and `clock` are borrowed.
  Outgoing(OutgoingSettings settings, Folder& folder, const Clock& clock, Observer observer);
  void stop() override;
  Result<void> check(const Call& call) override;
  // "file.request", "file.name", "file.different", "file.busy", and what the folder answers.
  Result<Receipt> send(const Message& message, const Call& call) override;
  // By exact name and bytes. Nothing there is absent, or cannot tell where the counterpart takes
  // files away.
  Result<Confirmation> confirm(const Message& message, const Call& call) override;

 private:
  Result<Receipt> put(const std::string& path, const Content& content, const Call& call);
  Result<Receipt> after_lost_race(const std::string& path, const Content& content,
                                  const Call& call);
  Result<Receipt> settled(const std::string& path, const Call& call);
  void reached(const char* step) const;

  OutgoingSettings settings_;
  Folder& folder_;
  const Clock& clock_;
  Observer observer_;
  std::mutex mutex_{};
  std::set<std::string, std::less<>> under_way_{};  // paths that are being written
};

}  // namespace certbridge::file

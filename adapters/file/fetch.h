// Answers what lies under an exact name. Never lists a folder: front-end hosts hold more than
// 100,000 files and those of other areas.
#pragma once

#include <mutex>

#include "archive_clearing.h"
#include "certbridge/context.h"
#include "folder.h"
#include "quiet.h"
#include "taken_file.h"

namespace certbridge::file {

struct FetchSettings {
  std::string part_suffix = ".tmp";  // of a file that is still being written
  bool unchanged = false;            // a file is whole once it did not change for `quiet`
  std::chrono::milliseconds quiet{10'000};
  std::string archive{};  // where "file.archive" moves files to; empty: it is refused
  int archive_days = 0;   // how long they are kept there; 0: for good
  TakenSettings taken{};
};

// "file.fetch" with the header "file-name" answers "file.answer" with "file-state": "present" and
// the bytes as body, "absent", or "half-written". "file.archive" moves a file that was fetched into
// the archive and answers "archived" or "absent". Behind an answer a few files may go that are too
// old for the archive; what goes wrong with them changes no answer. Any thread may ask.
class Fetch final : public Responder {
 public:
  // All but `settings` is borrowed.
  Fetch(FetchSettings settings, Folder& folder, Context& context);
  void stop() override;
  Result<void> check(const Call& call) override;
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  Result<Message> answer_question(const Message& question, const Call& call);
  void clear_archive(const Call& call);
  Result<Message> fetch(const std::string& path, const Call& call);
  Result<Message> archive(const std::string& path, const Call& call);
  Result<bool> lies_still(const std::string& path, const FileState& state);
  Message answer_of(const std::string& path, const char* state) const;

  FetchSettings settings_;
  Folder& folder_;
  Context& context_;
  std::mutex mutex_{};
  Quiet quiet_;
  std::size_t asked_ = 0;  // since quiet_ was tidied
  std::mutex clearing_mutex_{};
  ArchiveClearing clearing_;
};

}  // namespace certbridge::file

// The folder of content files: equal content once, synced before the commit that names it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "certbridge/message.h"
#include "journal/content_file.h"

namespace certbridge::host {

// A content file that a transaction is about to name. While it is held the file is not collected.
struct HeldContent {
  std::string name{};
  std::string bucket{};
  std::uint64_t size = 0;
};

// What one transition needs of the content folder; released with it.
class ContentStore;
class ContentHold {
 public:
  explicit ContentHold(ContentStore& store) : store_(store) {}
  ~ContentHold();
  ContentHold(const ContentHold&) = delete;
  ContentHold& operator=(const ContentHold&) = delete;

  std::vector<HeldContent> contents{};
  std::set<std::string> buckets{};  // to be synced before the commit

 private:
  ContentStore& store_;
};

// Any thread. Throws Failure.
class ContentStore {
 public:
  // Answers the bucket in which the journal has this name, or an empty text.
  using Lookup = std::function<std::string(const std::string& name)>;

  ContentStore(std::string folder, std::shared_ptr<const Keyring> keys, Lookup lookup);

  // Makes folders and drops what the spool held when the process ended.
  void prepare();
  // Bodies up to `inside_limit` bytes stay inside the record; everything else becomes a file that
  // is written and synced when this returns. The content is read from its start to its end.
  ContentPlace put(const Content& content, std::uint64_t inside_limit, Timestamp now,
                   ContentHold& hold);
  // Syncs the folders that hold new names: once for each bucket of a group.
  void sync_buckets(const std::set<std::string>& buckets);
  std::shared_ptr<const Content> handle(const ContentPlace& place);
  std::unique_ptr<ContentWriter> spool(std::uint64_t limit);

  // Removes a file that no message names any more, unless a transition holds it.
  bool is_held(const std::string& name);
  void remove(const std::string& name, const std::string& bucket);
  // Removes files older than the lock file that the journal does not name; answers how many.
  std::uint64_t collect_orphans(const std::function<bool()>& stopped);

  const std::string& folder() const { return folder_; }

 private:
  friend class ContentHold;
  std::string path_of(const std::string& name, const std::string& bucket) const;
  std::string existing_bucket(const std::string& name, ContentHold& hold, std::uint64_t size);
  void hold_name(const HeldContent& content, ContentHold& hold);
  void release(const std::vector<HeldContent>& contents);
  bool remove_orphan(const std::string& name, const std::string& bucket);
  void make_bucket(const std::string& bucket);
  ContentPlace adopt(ContentFileWriter& writer, const ContentPlace& place, Timestamp now,
                     ContentHold& hold);

  std::string folder_;
  std::shared_ptr<const Keyring> keys_;  // shared with the handles it gives out
  Lookup lookup_;
  std::mutex mutex_{};
  std::map<std::string, int> held_{};  // under mutex_, as is the next
  std::set<std::string> known_buckets_{};
};

// Syncs a folder, so that the names in it survive a power cut.
void sync_folder(const std::string& folder);

}  // namespace certbridge::host

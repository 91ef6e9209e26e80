// Keys of the personal parts of records: one for each subject in each month, in a file beside the
// segments, so that each can be destroyed by itself. docs/access-records.md has the bytes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "access/records/segment_folder.h"
#include "journal/cipher.h"

namespace certbridge::host {

// Where a key stands.
struct KeyPlace {
  std::uint32_t month = 0;  // 202611
  std::uint32_t slot = 0;   // from 1
  auto operator<=>(const KeyPlace&) const = default;
};
struct PersonalKey {
  KeyPlace place{};
  Key key{};
};

// Any thread. Throws Failure "access.full", "access.failed", and "access.wrong_key" when the master
// key is not the one under which a key was written.
class PersonalKeys {
 public:
  // `suite`: of keys made from now on.
  PersonalKeys(SegmentFolder folder, std::string node, const Key& master, Suite suite);
  ~PersonalKeys();
  PersonalKeys(const PersonalKeys&) = delete;
  PersonalKeys& operator=(const PersonalKeys&) = delete;

  Suite suite() const { return suite_; }
  // The key of this subject (a digest of who it is) in this month ("2026-11"). One that was used
  // lately is used again; otherwise it gets a new one. It is on the disk when this returns. Only
  // for the process that holds the log.
  PersonalKey key_for(const std::string& month, const std::string& subject);
  // None when it was destroyed. "access.damaged" when there is no such key.
  std::optional<Key> key_at(const KeyPlace& place) const;
  // Overwrites it on the disk. Again it changes nothing. Only for the process that holds the log.
  void destroy(const KeyPlace& place);

 private:
  using Supply = std::map<std::uint32_t, Key>;
  // Without the lock meanwhile; whoever finds that another makes one waits for it.
  void renew_supply(std::unique_lock<std::mutex>& lock);
  Supply make_supply(const std::string& month) const;
  std::string row_of(const KeyPlace& place, const Key& key) const;
  std::optional<Key> key_in(const std::string& row, const KeyPlace& place) const;
  std::string place_text(const KeyPlace& place) const;

  SegmentFolder folder_;
  std::string node_;
  Key wrap_{};
  Suite suite_;
  std::mutex mutex_{};
  std::string month_{};  // under mutex_, as is everything that follows
  std::map<std::string, PersonalKey> used_{};
  Supply supply_{};      // on the disk, given to nobody yet
  bool making_ = false;  // one is being made
  std::condition_variable made_{};
};

}  // namespace certbridge::host

// The journal's keys: a master key that never touches the disk wraps the monthly data keys and the
// index key, which are stored in the journal itself.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "certbridge/message.h"
#include "journal/cipher.h"
#include "journal/database.h"

namespace certbridge::host {

struct DataKey {
  std::uint32_t id = 0;
  Suite suite = Suite::kAes256Gcm;
  Key key{};
};

// Any thread, once load() has returned. Throws Failure.
class Keyring {
 public:
  Keyring(std::string master_key, std::string master_key_id, Suite suite);
  ~Keyring();
  Keyring(const Keyring&) = delete;
  Keyring& operator=(const Keyring&) = delete;

  // Unwraps every stored key. "journal.wrong_key" when the master key is not the one.
  void load(Connection& connection);
  // Inserts the index key and this month's data key where they are missing; inside the caller's
  // transaction. True when keys were made: load() after the commit makes them current.
  bool make_missing(Connection& connection, Timestamp now);
  // Whether this month has its key already; cheap.
  bool is_current(Timestamp now) const;

  // One encrypted value with algorithm, key id, nonce and tag. `associated` says where it belongs.
  std::string seal(std::string_view associated, std::string_view plain) const;
  // "journal.damaged" when the bytes are not what was sealed for this place.
  std::string open(std::string_view associated, std::string_view sealed) const;

  DataKey current() const;
  DataKey data_key(std::uint32_t id) const;

  // 32 bytes; equal texts of a kind have equal digests, which say nothing without the key.
  std::string digest(std::string_view kind, std::string_view text) const;
  // The first 16 bytes of it, for index columns.
  std::string short_digest(std::string_view kind, std::string_view text) const;

 private:
  std::string wrap(std::string_view place, const Key& key) const;
  Key unwrap(std::string_view place, std::string_view wrapped,
             const std::string& stored_under) const;
  void insert(Connection& connection, std::int64_t id, const std::string& month, Timestamp now);

  Key master_{};
  std::string master_key_id_;
  Suite suite_;
  mutable std::shared_mutex mutex_{};
  std::map<std::uint32_t, DataKey> keys_{};  // under mutex_, as are the next two
  std::string current_month_{};
  std::uint32_t current_ = 0;
  DataKey index_{};
};

// "2026-11" in UTC, "20261124" for the bucket of content files.
std::string month_of(Timestamp when);
std::string day_of(Timestamp when);

}  // namespace certbridge::host

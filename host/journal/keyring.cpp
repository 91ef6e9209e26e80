#include "journal/keyring.h"

#include <algorithm>
#include <cstdio>
#include <mutex>

#include "journal/codec.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

constexpr char kVersion = 1;
constexpr std::uint32_t kIndexKeyId = 1;
constexpr const char* kIndexMonth = "index";

std::string place_of(std::int64_t id, std::string_view month) {
  return "data_keys|" + std::to_string(id) + "|" + std::string(month);
}

Error damaged_value() {
  return Error::fault("journal.damaged",
                      "an encrypted value of the journal does not match its tag: the data folder "
                      "was damaged or changed from outside; restore it from its backup");
}

std::chrono::year_month_day date_of(Timestamp when) {
  return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(when)};
}

}  // namespace

std::string month_of(Timestamp when) {
  const auto date = date_of(when);
  char text[24];
  std::snprintf(text, sizeof text, "%04d-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()));
  return text;
}
std::string day_of(Timestamp when) {
  const auto date = date_of(when);
  char text[32];
  std::snprintf(text, sizeof text, "%04d%02u%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

Keyring::Keyring(std::string master_key, std::string master_key_id, Suite suite)
    : master_key_id_(std::move(master_key_id)), suite_(suite) {
  if (master_key.size() != master_.size()) {
    throw Failure(Error::fault("journal.wrong_key", "the master key \"" + master_key_id_ +
                                                        "\" must have 32 bytes, this one has " +
                                                        std::to_string(master_key.size())));
  }
  std::copy(master_key.begin(), master_key.end(), master_.begin());
  std::fill(master_key.begin(), master_key.end(), '\0');
}

Keyring::~Keyring() {
  wipe(master_);
  wipe(index_.key);
  for (auto& [id, key] : keys_) wipe(key.key);
}

void Keyring::load(Connection& connection) {
  Statement& rows = connection.select(
      "ititb", "select id, month, algorithm, master_key_id, wrapped from data_keys order by id");
  std::map<std::uint32_t, DataKey> loaded;
  std::string month;
  while (rows.next()) {
    DataKey key;
    key.id = static_cast<std::uint32_t>(rows.integer(0));
    month = rows.text(1);
    if (!is_suite(static_cast<std::uint8_t>(rows.integer(2)))) throw Failure(damaged_value());
    key.suite = static_cast<Suite>(rows.integer(2));
    key.key = unwrap(place_of(key.id, month), rows.blob(4), rows.text(3));
    loaded[key.id] = key;
  }
  const std::unique_lock lock(mutex_);
  keys_ = std::move(loaded);
  if (keys_.empty()) return;
  index_ = keys_.begin()->second;
  current_ = keys_.rbegin()->first;
  current_month_ = month;
}

bool Keyring::is_current(Timestamp now) const {
  const std::shared_lock lock(mutex_);
  return current_month_ >= month_of(now);  // keys only ever go forward
}

bool Keyring::make_missing(Connection& connection, Timestamp now) {
  const auto last = connection.number("select max(id) from data_keys");
  if (!last) insert(connection, kIndexKeyId, kIndexMonth, now);
  const std::string month = month_of(now);
  // A clock that went back keeps the newer key: keys only ever go forward.
  if (connection.exists("select 1 from data_keys where month >= ? and month <> 'index'", month)) {
    return !last;
  }
  insert(connection, last.value_or(kIndexKeyId) + 1, month, now);
  return true;
}

void Keyring::insert(Connection& connection, std::int64_t id, const std::string& month,
                     Timestamp now) {
  const std::string fresh = random_bytes(32);
  Key key{};
  std::copy(fresh.begin(), fresh.end(), key.begin());
  const std::string wrapped = wrap(place_of(id, month), key);
  wipe(key);
  connection.run(
      "insert into data_keys(id, month, algorithm, master_key_id, wrapped, made) "
      "values (?, ?, ?, ?, ?, ?)",
      id, month, static_cast<int>(suite_), master_key_id_, Blob{wrapped},
      now.time_since_epoch().count());
}

std::string Keyring::wrap(std::string_view place, const Key& key) const {
  const Key wrapping = derive_key(suite_, master_, "certbridge journal wrap");
  const std::string nonce = random_bytes(nonce_size(suite_));
  ByteWriter out;
  out.number(kVersion, 1).number(static_cast<std::uint64_t>(suite_), 1).number(0, 4).raw(nonce);
  const std::string_view plain(reinterpret_cast<const char*>(key.data()), key.size());
  out.raw(encrypt(suite_, wrapping, nonce, std::string(place) + "|" + master_key_id_, plain));
  return out.take();
}

Key Keyring::unwrap(std::string_view place, std::string_view wrapped,
                    const std::string& stored_under) const {
  const Error wrong = Error::fault("journal.wrong_key",
                                   "the journal is encrypted under master key \"" + stored_under +
                                       "\", and the key given as \"" + master_key_id_ +
                                       "\" does not open it; give the key it was made with");
  if (stored_under != master_key_id_ || wrapped.size() < 6) throw Failure(wrong);
  ByteReader in(wrapped);
  const auto version = in.number(1);
  const auto number = static_cast<std::uint8_t>(in.number(1));
  in.number(4);
  if (version != kVersion || !is_suite(number)) throw Failure(damaged_value());
  const auto suite = static_cast<Suite>(number);
  const std::string_view nonce = in.raw(nonce_size(suite));
  const std::string_view sealed = wrapped.substr(6 + nonce.size());
  const Key wrapping = derive_key(suite, master_, "certbridge journal wrap");
  std::string plain;
  const std::string associated = std::string(place) + "|" + master_key_id_;
  if (!decrypt(suite, wrapping, nonce, associated, sealed, plain)) throw Failure(wrong);
  Key key{};
  if (plain.size() != key.size()) throw Failure(damaged_value());
  std::copy(plain.begin(), plain.end(), key.begin());
  std::fill(plain.begin(), plain.end(), '\0');
  return key;
}

DataKey Keyring::current() const {
  const std::shared_lock lock(mutex_);
  return keys_.at(current_);
}

DataKey Keyring::data_key(std::uint32_t id) const {
  const std::shared_lock lock(mutex_);
  const auto found = keys_.find(id);
  if (found == keys_.end()) throw Failure(damaged_value());
  return found->second;
}

std::string Keyring::seal(std::string_view associated, std::string_view plain) const {
  const DataKey key = current();
  const std::string nonce = new_nonce(key.suite);
  ByteWriter out;
  out.number(kVersion, 1).number(static_cast<std::uint64_t>(key.suite), 1).number(key.id, 4);
  std::string bound = out.bytes();
  bound.append(associated);
  out.raw(nonce).raw(encrypt(key.suite, key.key, nonce, bound, plain));
  return out.take();
}

std::string Keyring::open(std::string_view associated, std::string_view sealed) const {
  ByteReader in(sealed);
  const std::string_view head = in.raw(6);
  ByteReader fields(head);
  if (fields.number(1) != kVersion) throw Failure(damaged_value());
  const auto suite = static_cast<std::uint8_t>(fields.number(1));
  const DataKey key = data_key(static_cast<std::uint32_t>(fields.number(4)));
  if (suite != static_cast<std::uint8_t>(key.suite)) throw Failure(damaged_value());
  const std::string_view nonce = in.raw(nonce_size(key.suite));
  std::string bound(head);
  bound.append(associated);
  std::string plain;
  if (!decrypt(key.suite, key.key, nonce, bound, sealed.substr(6 + nonce.size()), plain)) {
    throw Failure(damaged_value());
  }
  return plain;
}

std::string Keyring::digest(std::string_view kind, std::string_view text) const {
  ByteWriter bytes;
  bytes.text(kind).raw(text);
  return keyed_digest(index_.suite, index_.key, bytes.bytes());
}
std::string Keyring::short_digest(std::string_view kind, std::string_view text) const {
  return digest(kind, text).substr(0, 16);
}

}  // namespace certbridge::host

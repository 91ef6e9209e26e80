#include "journal/sqlite_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "journal/counts.h"
#include "journal/failure.h"
#include "journal/queries.h"
#include "journal/schema.h"
#include "journal/search_digests.h"
#include "journal/stop_point.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kReaders = 8;
constexpr std::size_t kDropWeight = 64;

Suite suite_of(const std::string& name) {
  Suite suite{};
  if (parse_suite(name, suite)) return suite;
  throw Failure(Error::fault("journal.cipher", "\"" + name +
                                                   "\" is no encryption of the journal; use "
                                                   "aes-256-gcm or sm4-ctr-hmac-sm3"));
}

Error folder_error(const std::string& folder, int error) {
  return Error::fault("journal.failed", "data folder " + folder + ": " + std::strerror(error));
}

// What recover() is about to change.
Tally sending_made_unknown(Connection& connection) {
  Tally tally;
  Statement& rows = connection.select("ti", kSendingQuery);
  while (rows.next()) {
    auto& counts = tally.deliveries[rows.text(0)];
    counts[static_cast<std::size_t>(DeliveryState::kSending)] = -rows.integer(1);
    counts[static_cast<std::size_t>(DeliveryState::kUnknown)] = rows.integer(1);
  }
  return tally;
}

}  // namespace

SqliteStore::SqliteStore(const StoreSettings& settings)
    : settings_(settings), file_(settings.folder + "/journal.db") {}

SqliteStore::~SqliteStore() { close(); }

void SqliteStore::lock_folder() {
  if (mkdir(settings_.folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw Failure(folder_error(settings_.folder, errno));
  }
  const std::string path = settings_.folder + "/lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) throw Failure(folder_error(settings_.folder, errno));
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    throw Failure(Error::fault("journal.in_use", "another host has the data folder " +
                                                     settings_.folder + "; stop it first"));
  }
  // Its time of change divides files from before this start from later ones.
  if (futimens(lock_, nullptr) != 0) throw Failure(folder_error(settings_.folder, errno));
}

void SqliteStore::recover(Connection& connection) {
  const Timestamp now = settings_.clock->now();
  connection.run("begin immediate");
  keys_->make_missing(connection, now);
  prepare_counts(connection);
  add_counts(connection, sending_made_unknown(connection));
  // When an attempt under way was lost is not known; it was not later than now.
  connection.run(kSendingUnknownQuery, now.time_since_epoch().count());
  stop_point("journal.recovering");
  connection.run("commit");
}

bool SqliteStore::has_room() {
  if (reserve_ == nullptr || !reserve_->is_spent()) return true;
  reserve_->renew();
  return !reserve_->is_spent();
}

void SqliteStore::prepare_database() {
  contents_->prepare();
  Connection connection(file_, true);
  configure_connection(connection, true);
  prepare_schema(connection);
  sync_folder(settings_.folder);
  keys_->load(connection);
  recover(connection);
  keys_->load(connection);
}

void SqliteStore::open_for_writing() {
  lock_folder();
  reserve_ = std::make_unique<Reserve>(settings_.folder + "/reserve", settings_.reserve_bytes);
  reserve_->renew();
  try {
    prepare_database();
  } catch (const Failure& failure) {
    // A start needs little room, and what waits to be delivered is not to wait for an operator.
    if (failure.error().code != "journal.full" || !reserve_->give_up()) throw;
    prepare_database();
  }
  WriterSettings writer;
  writer.group_limit = settings_.group_limit;
  writer.queue_limit = settings_.queue_limit;
  writer.restart_wal_bytes = settings_.restart_wal_bytes;
  writer.goes_on_receipt = settings_.goes_on_receipt;
  writer.repair_holds = settings_.repair_holds;
  writer.lane_of = settings_.lane_of;
  writer_ =
      std::make_unique<Writer>(file_, *settings_.clock, *keys_, *contents_, *reserve_, writer);
  writer_->start();
  read_holds_anew();
  collector_ = std::thread([this] { collect(); });
}

void SqliteStore::collect() {
  try {
    contents_->collect_orphans([this] { return closing_.load(); });
  } catch (const Failure&) {
    // Orphans only cost room; the next start collects them.
  }
}

void SqliteStore::open() {
  keys_ = std::make_shared<Keyring>(settings_.master_key, settings_.master_key_id,
                                    suite_of(settings_.cipher));
  settings_.master_key.assign(settings_.master_key.size(), '\0');
  contents_ = std::make_unique<ContentStore>(
      settings_.folder, keys_, [this](const std::string& name) { return bucket_of(name); });
  readers_ = std::make_unique<Readers>(file_, kReaders);
  lookups_ = std::make_unique<Readers>(file_, kReaders);
  desk_ = std::make_unique<SqliteDesk>(
      *readers_, *keys_, [this](Writer::Work work) { return write(std::move(work), 1, {}); });
  type_lanes_ = std::make_unique<SqliteTypeLanes>(
      *readers_, [this](Writer::Work work) { return write(std::move(work), 1, {}); });
  search_source_ = std::make_unique<SqliteSearchSource>(*readers_, *keys_, *contents_);
  if (!settings_.read_only) return open_for_writing();
  Readers::Lease lease(*readers_);
  check_schema(lease.connection());
  keys_->load(lease.connection());
}

std::string SqliteStore::bucket_of(const std::string& name) {
  Readers::Lease lease(*lookups_);
  Statement& row =
      lease.connection().select("t", "select bucket from contents where name = ?", Blob{name});
  std::string bucket = row.next() ? row.text(0) : std::string();
  row.reset();
  return bucket;
}

Error SqliteStore::read_only() {
  return Error::fault("journal.read_only", "the journal was opened for reading only");
}

Result<void> SqliteStore::write(Writer::Work work, std::size_t weight,
                                std::set<std::string> buckets) {
  if (writer_ == nullptr) return read_only();
  return writer_->commit(std::move(work), weight, std::move(buckets));
}

Result<void> SqliteStore::settle(const Correlation& correlation, const Outcome& outcome) {
  return write([=](Change& change) { settle_verdict(change, correlation, outcome); }, 1, {});
}

Result<std::uint64_t> SqliteStore::park_verdicts(const std::string& endpoint,
                                                 Timestamp received_until) {
  auto parked = std::make_shared<std::uint64_t>(0);
  const auto written = write(
      [=](Change& change) { *parked = park_unknown_verdicts(change, endpoint, received_until); }, 1,
      {});
  if (!written) return written.error();
  return *parked;
}

Result<std::unique_ptr<ContentWriter>> SqliteStore::spool() {
  return contents_->spool(settings_.largest_message_bytes);
}

void SqliteStore::on_work(std::function<void()> wake) {
  if (writer_ != nullptr) writer_->on_work(std::move(wake));
}

Result<std::uint64_t> SqliteStore::drop_bodies(Timestamp before) {
  auto unused = std::make_shared<std::vector<HeldContent>>();
  auto dropped = std::make_shared<std::uint64_t>(0);
  const auto written = write(
      [this, before, unused, dropped](Change& change) {
        unused->clear();
        *dropped = drop_some_bodies(change, *contents_, before, *unused);
      },
      kDropWeight, {});
  if (!written) return written.error();
  // A process that ends here leaves orphans, which the next start collects.
  try {
    for (const HeldContent& file : *unused) contents_->remove(file.name, file.bucket);
  } catch (const Failure& failure) {
    return failure.error();
  }
  return *dropped;
}

void SqliteStore::close() {
  closing_ = true;
  const std::lock_guard lock(close_mutex_);
  if (collector_.joinable()) collector_.join();
  if (writer_ != nullptr) writer_->stop();
  if (lock_ >= 0) ::close(lock_);
  lock_ = -1;
}

Result<std::unique_ptr<Store>> open_sqlite_store(const StoreSettings& settings) {
  auto store = std::make_unique<SqliteStore>(settings);
  try {
    store->open();
    return std::unique_ptr<Store>(std::move(store));
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace certbridge::host

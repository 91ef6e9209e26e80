// Putting deliveries on hold and letting them go; noting what pauses endpoints.
#include "journal/failure.h"
#include "journal/sqlite_store.h"

namespace certbridge::host {

void SqliteStore::read_holds_anew() {
  const std::lock_guard lock(holds_mutex_);
  Readers::Lease lease(*readers_);
  holds_ = read_holds(lease.connection(), *keys_);
}

// In force before the caller is told so: what is picked from then on knows it.
Result<void> SqliteStore::change_holds(const Writer::Work& work) {
  if (auto written = write(work, 1, {}); !written) return written;
  try {
    read_holds_anew();
  } catch (const Failure& failure) {
    return failure.error();
  }
  writer_->wake();
  return {};
}

Result<void> SqliteStore::hold(const Hold& hold) {
  return change_holds([hold](Change& change) { write_hold(change, hold); });
}

Result<void> SqliteStore::release(const Release& release) {
  return change_holds([release](Change& change) { write_release(change, release); });
}

Result<void> SqliteStore::pause(const Pause& pause) {
  return write([pause](Change& change) { write_pause(change, pause); }, 1, {});
}

Result<void> SqliteStore::resume(const std::string& endpoint, PauseCause cause) {
  return write([=](Change& change) { delete_pause(change, endpoint, cause); }, 1, {});
}

}  // namespace certbridge::host

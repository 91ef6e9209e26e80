// The access records of a running host: the log that is written, its index, and what people should
// know of both.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "access/policy/operator_access.h"
#include "access/records/access_index.h"
#include "query/parts.h"

namespace certbridge::host {

// Owns the log's threads and "access-watch", which once in `period` opens a log that could not be
// opened yet, fills the index, and shows figures and troubles. A log that cannot be opened is no
// error of the host: records are refused with the reason until it can be. Any thread may call.
class AccessKeeper final : public AccessRecorder,
                           public GroundUses,
                           public EarlierRecords,
                           public PersonalKeyDestroyer {
 public:
  // Clock of the settings, metrics and logger outlive it.
  AccessKeeper(AccessLogSettings settings, MetricsRegistry& metrics, Logger& logger,
               std::chrono::milliseconds period);
  ~AccessKeeper() override;
  AccessKeeper(const AccessKeeper&) = delete;
  AccessKeeper& operator=(const AccessKeeper&) = delete;

  Result<AccessPlace> append(const AccessRecord& record) override;
  Result<Counted> count(const std::string& ground_kind, const std::string& ground,
                        const std::string& unit) override;
  Result<ReadAccess> record(std::uint64_t number) override;
  // The index is made anew meanwhile: grounds with a limit of uses are denied until it is filled.
  Result<std::uint64_t> destroy_personal(const std::string& holder,
                                         const AccessRecord& why) override;
  Result<AccessAnswer> find(const AccessQuestion& question) override;

  // Of the last record; 0 while the log cannot be opened.
  std::uint64_t last_number();

 private:
  using UseKey = std::tuple<std::string, std::string, std::string>;
  class UseHold;

  // A use that may not be in the index yet.
  struct RecentUse {
    std::uint64_t number = 0;  // of its frame
    UseKey key{};
  };

  void note_use(const AccessRecord& record, std::uint64_t number);
  void work(const std::stop_token& stop);
  void open();
  Result<std::shared_ptr<AccessLog>> log();
  std::unique_ptr<AccessIndex> open_index() const;  // null when it cannot be opened now
  void fill(const std::stop_token& stop);
  void show();
  void tell(const std::string& trouble, const std::string& reason);
  Result<std::uint64_t> recorded_uses(const UseKey& key);

  AccessLogSettings settings_;
  MetricsRegistry& metrics_;
  Logger& logger_;
  std::chrono::milliseconds period_;
  mutable std::mutex mutex_{};
  std::condition_variable looked_{};
  bool has_looked_ = false;           // under mutex_
  std::shared_ptr<AccessLog> log_{};  // under mutex_, as the next one. Shared: a record is appended
                                      // without the lock
  std::optional<Error> closed_{};     // why there is no log
  std::mutex index_mutex_{};
  std::unique_ptr<AccessIndex> filler_{};  // the thread's own
  // Null until what earlier processes recorded is filled in. Under index_mutex_, as the next one.
  std::unique_ptr<AccessIndex> finder_{};
  std::map<UseKey, std::uint64_t> held_{};
  std::mutex recent_mutex_{};
  std::vector<RecentUse> recent_{};  // under recent_mutex_
  std::string told_{};               // the trouble that was logged last; the thread's own
  std::jthread thread_;              // last: it uses the others
};

}  // namespace certbridge::host

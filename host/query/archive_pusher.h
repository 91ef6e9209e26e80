// Pushes the packages of cases that are closed (article 15 of the measures), through the journal.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine_services.h"
#include "query/parts.h"

namespace certbridge::host {

// Owns the thread "archive": once in `period` it asks the journal of each case of which something
// is kept and not pushed yet whether an event has closed it, makes the package and hands it to the
// journal as a message of kArchiveSource, once for all: its source key is the case and the last
// use. The making is recorded first, as every export is.
class ArchivePusher {
 public:
  // All outlive it.
  ArchivePusher(const EngineServices& services, const CaseArchive& archive,
                AccessRecorder& recorder, std::chrono::milliseconds period);
  ArchivePusher(const ArchivePusher&) = delete;
  ArchivePusher& operator=(const ArchivePusher&) = delete;

  // Whether a route takes packages.
  static bool is_wanted(const Configuration& configuration);

 private:
  void work(const std::stop_token& stop);
  void look(const std::stop_token& stop);
  bool is_closed(const std::string& case_no) const;
  Result<void> push(const KeptCase& kept);
  Result<AccessPlace> record(const std::string& case_no);
  Result<StoredContent> package(const std::string& case_no, const std::vector<KeptUse>& uses,
                                const AccessPlace& place);
  Message message(const KeptCase& kept, const AccessPlace& place, const StoredContent& package);

  EngineServices services_;
  const CaseArchive& archive_;
  AccessRecorder& recorder_;
  std::chrono::milliseconds period_;
  // Cases whose package could not be pushed; the thread's own.
  std::map<std::string, std::chrono::steady_clock::time_point> not_before_{};
  std::jthread thread_;  // last: it uses the others
};

}  // namespace certbridge::host

// The command line as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/loader.h"
#include "operate/operation.h"

namespace certbridge::host {

enum class CommandName : std::uint8_t {
  kRun = 1,
  kCheck = 2,
  kPlugins = 3,
  kVerify = 4,
  kRender = 5,
  kMessagesList = 6,
  kMessagesShow = 7,
  kCase = 8,
  kJournalVerify = 9,
  kJournalStats = 10,
  kJournalBackup = 11,
  kJournalRestore = 12,
  kOperation = 13,  // one of operate/operation_table.h
  kJournalIndex = 14,
  kAccessVerify = 15,
  kAccessPublicKey = 16,
  kAccessRenew = 17,
  kAccessArchive = 18,
  kAccessImport = 19,
  kAccessRemove = 20,
  kAccessFind = 21,
  kAccessList = 22,
  kAccessShow = 23,
  kAccessExplain = 24,
  kAccessExport = 25,
  kReportUsage = 26,
  kReportCheck = 27,
  kReportInspection = 28,
  kArchiveVerify = 29,
  kArchivePublicKey = 30,
  kArchiveCase = 31,
  kArchiveCertificate = 32,
  kBookingsCheck = 33,
};

struct Arguments {
  CommandName command = CommandName::kCheck;
  LoadRequest configuration{};
  std::string ready_file{};  // run
  std::string file{};        // verify, render
  std::string output{};      // render, archive
  std::string
      number{};       // messages show: id; case, bookings, archive: number of case or certificate
  bool json = false;  // verify, operations: the report or answer as it came
  // operations
  const Operation* operation = nullptr;
  ParameterValues values{};
  std::string socket{};  // empty: the configuration's
  // messages list
  std::string state{};
  std::string type{};
  std::string area{};
  bool overdue = false;  // only with an open receipt whose verdict is late
  std::size_t limit = 100;
  // journal
  std::string folder{};         // backup: made there; restore: the backup
  std::uint64_t jump = 100000;  // restore: numbers left out
  bool rebuild = false;         // index: from nothing
  // access: `folder`, `values` and `limit` as well
  std::vector<std::string> public_keys{};
  std::vector<std::string> anchors{};
  std::uint64_t before = 0;             // find, list: the next page
  std::vector<std::string> policies{};  // explain
  // What is personal as it is; needs a `reason` among the values.
  bool unmask = false;
};

// Arguments, or the exit code after help, version or an explanation was written.
std::variant<Arguments, int> parse_arguments(int count, char** words);

}  // namespace certbridge::host

// Access records as a file: each with its number and hash, so that it can be tied to the chain, and
// totals by which the file is checked.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "access/records/access_reader.h"
#include "certbridge/result.h"
#include "journal/cipher.h"

namespace certbridge::host {

enum class ExportForm : std::uint8_t { kJsonLines = 1, kCsv = 2 };

struct ExportTotals {
  std::uint64_t records = 0;
  std::uint64_t allowed = 0;
  std::uint64_t denied = 0;
  std::map<std::string, std::uint64_t> by_kind{};
  std::uint64_t first = 0;  // numbers of the first and the last record in the file
  std::uint64_t last = 0;
  Sm3Digest last_hash{};
  Sm3Digest hashes{};  // SM3 over the hashes of all records, in the order of the file
  std::uint64_t bytes = 0;
  Sm3Digest file{};  // SM3 over the bytes of the file
};

// Writes into a new file that only its owner may read. What is personal is in it only when
// `unmasked`. Not copied; one thread. Throws nothing; a full disk is an error of finish().
class AccessExport {
 public:
  AccessExport(std::string file, ExportForm form, bool unmasked);
  ~AccessExport();
  AccessExport(const AccessExport&) = delete;
  AccessExport& operator=(const AccessExport&) = delete;

  // "export.file" when the file is there already or cannot be made.
  Result<void> open();
  void add(const ReadAccess& access);
  // The totals, once the bytes are on the disk. "export.file".
  Result<ExportTotals> finish();

 private:
  void write(const std::string& line);

  std::string file_;
  ExportForm form_;
  bool unmasked_;
  int descriptor_ = -1;
  bool failed_ = false;
  std::string waiting_{};
  ExportTotals totals_{};
  Sm3 hashes_{};
  Sm3 bytes_{};
};

// {"node":...,"records":...}: what is stated of the file beside it. `record`: the access record of
// the export itself.
std::string totals_json(const ExportTotals& totals, const std::string& node,
                        const std::string& file_name, std::uint64_t record);

}  // namespace certbridge::host

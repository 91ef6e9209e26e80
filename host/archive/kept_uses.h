// What was used in cases, kept by case until it is archived (article 15 of the measures).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "access/records/access_record.h"
#include "certbridge/context.h"
#include "certbridge/query.h"
#include "journal/cipher.h"

namespace certbridge::host {

// A certificate as its source said it.
struct UsedCertificate {
  std::string source{};              // endpoint
  std::optional<Timestamp> as_of{};  // when the source's data were so; empty: when it was asked
  FoundCertificate found{};
};

// One answer on the ground of a case. Of the record: who asked, what for, what was decided.
struct KeptUse {
  std::string case_no{};
  std::string earlier_no{};  // provisional one that the case had before; may be empty
  AccessPlace place{};
  AccessRecord record{};  // without its inputs and digests
  std::vector<UsedCertificate> certificates{};
  std::string answer{};  // what left of them, as its record's digest is of; may be empty
  std::optional<Attachment> file{};  // as it was received, or shown to be verified
  std::optional<Attachment> copy{};  // the annotated copy that left in its place
  bool missing = false;              // it was recorded, and the process ended before it was kept
  std::string joined{};  // no answer: what was used under this provisional number belongs here
};

// Any thread; a query is answered only once it was kept. Tests stand in for it.
class UseKeeper {
 public:
  virtual ~UseKeeper() = default;
  // On the disk when it returns.
  //   archive.full (retryable)      no room on the disk, or this case is as large as a case may be
  //   archive.failed (retryable)    the disk refused for another reason
  virtual Result<void> keep(const KeptUse& use) = 0;
};

struct KeptUsesSettings {
  std::string folder{};      // of this node; made where it is missing
  std::string master_key{};  // 32 bytes
  Suite suite = Suite::kAes256Gcm;
  std::chrono::days keep{1095};             // after the last use in a case
  std::uint64_t largest_case = 1ULL << 30;  // bytes
  const Clock* clock = nullptr;             // outlives the store
};

// A case of which something is kept.
struct KeptCase {
  std::string case_no{};
  std::uint64_t last_record = 0;  // of its last use
  std::uint64_t pushed = 0;       // up to which its package was pushed; 0: never
};

class KeptUses final : public UseKeeper {
 public:
  explicit KeptUses(KeptUsesSettings settings);

  // Once a day it also drops cases that were not used for `keep`.
  Result<void> keep(const KeptUse& use) override;
  // From now on what is kept under the provisional number is the case's too. Codes: those of
  // keep().
  Result<void> join(const std::string& provisional_no, const std::string& case_no);
  // Whether an answer of the record of this number is kept.
  bool has(const std::string& case_no, std::uint64_t number) const;
  // In order of their records; none where nothing was used. "archive.damaged" when one is not what
  // was kept. Its contents are read from the disk.
  Result<std::vector<KeptUse>> uses_of(const std::string& case_no) const;
  // Every case of which something was kept since its package was pushed. What cannot be read is
  // left out. Reads one file for each that was not asked about before.
  std::vector<KeptCase> unpushed_cases() const;
  // A crash may lose it: then the package is made again, and the journal knows it already.
  // "archive.failed".
  Result<void> note_pushed(const KeptCase& kept) const;
  // Drops cases that were not used for `keep`; answers how many.
  std::uint64_t drop_old();

 private:
  std::string folder_of(const std::string& case_no) const;
  // Empty when it cannot be read.
  std::string case_of(const std::string& folder, const std::string& name) const;
  void write(const std::string& folder, const KeptUse& use) const;
  Result<KeptUse> read(const std::string& folder, const std::string& name,
                       const std::string& case_no) const;
  Result<void> collect(const std::string& case_no, bool with_joined,
                       std::map<std::uint64_t, KeptUse>& uses) const;
  bool has_room(const std::string& folder, const KeptUse& use) const;
  void drop_old_once_a_day();

  KeptUsesSettings settings_;
  Key key_{};
  mutable std::mutex mutex_{};
  std::optional<std::chrono::sys_days> dropped_{};  // under mutex_, as the next one
  mutable std::map<std::string, std::string>
      cases_{};  // numbers by folders, as far as they were read
  std::set<std::pair<std::string, std::string>> joined_{};  // by this process; under mutex_
};

}  // namespace certbridge::host

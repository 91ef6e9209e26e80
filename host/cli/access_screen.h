// Access records as people read them.
#pragma once

#include <string>
#include <vector>

#include "access/records/access_index.h"
#include "cli/arguments.h"
#include "cli/screen.h"

namespace certbridge::host {

// One member of a record by its name.
struct RecordMember {
  std::string name{};
  std::string value{};
  bool personal = false;
};
// All members, in the order of access_record.h; lists are joined by blanks.
std::vector<RecordMember> members_of(const ReadAccess& access);

// A page of records without anything personal, newest first.
void show_records(const AccessAnswer& answer, Screen& out);
// All members; what is personal only when it is `unmasked`.
void show_members(const ReadAccess& access, bool unmasked, Screen& out);

// `--from` and `--until`. False, with the reason among the problems, when one is no time.
bool read_period(const Arguments& arguments, std::optional<Timestamp>& from,
                 std::optional<Timestamp>& until, Screen& problems);
// The record of that number; an exit code, with the reason among the problems, when there is none.
struct AccessContext;
std::optional<int> read_record(const AccessContext& context, const std::string& number,
                               ReadAccess& access, Screen& problems);

}  // namespace certbridge::host

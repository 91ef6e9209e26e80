// What a message or a certificate of the journal says, shown to whoever has leave to see it.
#pragma once

#include <optional>
#include <vector>

#include "cli/arguments.h"
#include "cli/case_screen.h"
#include "cli/screen.h"

namespace certbridge::host {

// Asks for leave once for each certificate among the messages, so that each is found by its own
// identifier; once where there is none. An exit code, with the reason among the problems, when it
// is not given: nothing may be shown.
std::optional<int> admit_messages(const Arguments& arguments,
                                  const std::vector<CaseMessage>& messages, Screen& out,
                                  Screen& problems);
// Headers that are hidden otherwise, and the fields of its body.
void show_unmasked(const StoredMessage& stored, Screen& out);

// The file of a certificate that the journal holds.
struct StoredFile {
  std::string bytes{};
  std::string identifier{};
  std::string about{};  // "message m-15"
};
// Of the message that the command line names. An exit code, with the reason among the problems,
// when it has no file, or it was dropped after its retention.
std::optional<int> read_stored_file(const Arguments& arguments, Screen& problems, StoredFile& file);

}  // namespace certbridge::host

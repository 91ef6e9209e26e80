#include "cli/unmasking.h"

#include <algorithm>
#include <set>

#include "cli/admission.h"
#include "cli/exit_codes.h"
#include "cli/journal_settings.h"
#include "cli/open_journal.h"
#include "engine/reading.h"
#include "operate/shown_headers.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestStoredFile = 64UL * 1024 * 1024;

bool is_ofd(const Attachment& attachment) {
  return attachment.media_type == "application/ofd" || attachment.name.ends_with(".ofd");
}

int no_file(const std::string& message, Screen& problems) {
  problems.line("the journal has no certificate's file of the message " + message +
                    ": `messages show` names what it has",
                Tone::kBad);
  return kExitNotFound;
}

}  // namespace

std::optional<int> admit_messages(const Arguments& arguments,
                                  const std::vector<CaseMessage>& messages, Screen& out,
                                  Screen& problems) {
  std::set<std::string> identifiers;
  for (const CaseMessage& one : messages)
    identifiers.insert(header_of(one.stored.message, "identifier"));
  if (identifiers.size() > 1) identifiers.erase("");
  for (const std::string& identifier : identifiers) {
    OperatorWish wish;
    wish.about = "message " + arguments.number;
    wish.identifier = identifier;
    std::uint64_t record = 0;
    if (const auto code = admit(arguments, wish, problems, record)) return code;
    out.line("shown to you by access record " + std::to_string(record), Tone::kQuiet);
  }
  return {};
}

void show_unmasked(const StoredMessage& stored, Screen& out) {
  for (const auto& [name, value] : stored.message.headers) {
    if (!may_be_shown(name)) out.line("  " + name + ": " + value);
  }
  for (const auto& [name, value] : fields_in(stored.message)) {
    if (!name.starts_with("header ")) out.line("  " + name + " = " + value);
  }
}

std::optional<int> read_stored_file(const Arguments& arguments, Screen& problems,
                                    StoredFile& file) {
  OpenJournal journal;
  if (const auto code = open_journal(arguments, problems, journal)) return code;
  const auto stored = journal.store->message(arguments.number);
  if (!stored) return journal_failed(stored.error(), problems);
  const Message& message = stored.value().message;
  const auto found = std::find_if(message.attachments.begin(), message.attachments.end(), is_ofd);
  if (found == message.attachments.end() || found->content == nullptr) {
    return no_file(arguments.number, problems);
  }
  auto bytes = read_all(*found->content, kLargestStoredFile);
  if (!bytes) return no_file(arguments.number, problems);
  file = {std::move(bytes).value(), header_of(message, "identifier"),
          "message " + arguments.number};
  return {};
}

}  // namespace certbridge::host

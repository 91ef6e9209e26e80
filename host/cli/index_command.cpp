// The search index by command: filled, or made anew, beside a host that may run.
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/journal_settings.h"
#include "cli/open_journal.h"
#include "search/search_filler.h"

namespace certbridge::host {
namespace {

int failed(const Error& error, Screen& problems) {
  problems.line(error.message, Tone::kBad);
  return kExitJournal;
}

void show(const FillerReport& report, Screen& out) {
  out.line(std::to_string(report.entered) + " messages entered; the index has everything",
           Tone::kGood);
}

}  // namespace

int journal_index_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const SystemClock clock;
  StoreSettings settings;
  if (const auto code = journal_settings(arguments, problems, clock, settings)) return *code;
  settings.read_only = true;
  const auto store = open_sqlite_store(settings);
  if (!store) return failed(store.error(), problems);
  const SearchFolder folder(settings.folder);
  // Whoever fills the index, now or later, makes anew what is marked.
  const auto months = arguments.rebuild ? folder.months() : std::vector<std::string>();
  for (const std::string& month : months) folder.distrust(month);
  SearchFiller filler({settings.folder}, store.value()->search_source(), clock);
  const auto opened = filler.open();
  if (!opened && opened.error().code == "search.in_use") {
    out.line(arguments.rebuild ? "the running host makes the index anew"
                               : "the running host fills the index");
    return kExitOk;
  }
  if (!opened) return failed(opened.error(), problems);
  const auto filled = filler.fill({});
  if (!filled) return failed(filled.error(), problems);
  show(filled.value(), out);
  return kExitOk;
}

}  // namespace certbridge::host

#include <unistd.h>

#include <exception>
#include <iostream>

#include "cli/commands.h"
#include "cli/exit_codes.h"

namespace certbridge::host {
namespace {

int perform(const Arguments& arguments) {
  Screen out(std::cout, may_colour(STDOUT_FILENO));
  Screen problems(std::cerr, may_colour(STDERR_FILENO));
  switch (arguments.command) {
    case CommandName::kRun:
      return run_command(arguments, problems);
    case CommandName::kCheck:
      return check_command(arguments, out, problems);
    case CommandName::kPlugins:
      return plugins_command(arguments, out);
    case CommandName::kVerify:
      return verify_command(arguments, out, problems);
    case CommandName::kRender:
      return render_command(arguments, out, problems);
    case CommandName::kBookingsCheck:
      return bookings_check_command(arguments, out, problems);
    case CommandName::kMessagesList:
      return messages_list_command(arguments, out, problems);
    case CommandName::kMessagesShow:
      return messages_show_command(arguments, out, problems);
    case CommandName::kCase:
      return case_command(arguments, out, problems);
    case CommandName::kJournalVerify:
      return journal_verify_command(arguments, out, problems);
    case CommandName::kJournalStats:
      return journal_stats_command(arguments, out, problems);
    case CommandName::kJournalBackup:
      return journal_backup_command(arguments, out, problems);
    case CommandName::kJournalRestore:
      return journal_restore_command(arguments, out, problems);
    case CommandName::kJournalIndex:
      return journal_index_command(arguments, out, problems);
    case CommandName::kAccessVerify:
      return access_verify_command(arguments, out, problems);
    case CommandName::kAccessPublicKey:
      return access_public_key_command(arguments, out, problems);
    case CommandName::kAccessRenew:
      return access_renew_command(arguments, out, problems);
    case CommandName::kAccessArchive:
      return access_archive_command(arguments, out, problems);
    case CommandName::kAccessImport:
      return access_import_command(arguments, out, problems);
    case CommandName::kAccessRemove:
      return access_remove_command(arguments, out, problems);
    case CommandName::kAccessShow:
      return access_show_command(arguments, out, problems);
    case CommandName::kAccessExplain:
      return access_explain_command(arguments, out, problems);
    case CommandName::kAccessExport:
      return access_export_command(arguments, out, problems);
    case CommandName::kAccessList:
    case CommandName::kAccessFind:
      return access_find_command(arguments, out, problems);
    case CommandName::kReportUsage:
      return report_usage_command(arguments, out, problems);
    case CommandName::kReportCheck:
      return report_check_command(arguments, out, problems);
    case CommandName::kReportInspection:
      return report_inspection_command(arguments, out, problems);
    case CommandName::kArchiveVerify:
      return archive_verify_command(arguments, out, problems);
    case CommandName::kArchivePublicKey:
      return archive_public_key_command(arguments, out, problems);
    case CommandName::kArchiveCertificate:
      return archive_certificate_command(arguments, out, problems);
    case CommandName::kArchiveCase:
      return archive_case_command(arguments, out, problems);
    case CommandName::kOperation:
      return operation_command(arguments, out, problems);
  }
  return kExitUsage;
}

}  // namespace
}  // namespace certbridge::host

int main(int count, char** words) {
  using namespace certbridge::host;
  try {
    const auto parsed = parse_arguments(count, words);
    if (const int* code = std::get_if<int>(&parsed)) return *code;
    return perform(std::get<Arguments>(parsed));
  } catch (const std::exception& problem) {
    std::cerr << "certbridge: this was not foreseen, please report it: " << problem.what() << '\n';
    return kExitUnforeseen;
  }
}

// What each command does; every one answers an exit code of cli/exit_codes.h.
#pragma once

#include "cli/arguments.h"
#include "cli/screen.h"

namespace certbridge::host {

int check_command(const Arguments& arguments, Screen& out, Screen& problems);
int plugins_command(const Arguments& arguments, Screen& out);
int run_command(const Arguments& arguments, Screen& problems);
int verify_command(const Arguments& arguments, Screen& out, Screen& problems);
int render_command(const Arguments& arguments, Screen& out, Screen& problems);
int bookings_check_command(const Arguments& arguments, Screen& out, Screen& problems);
int messages_list_command(const Arguments& arguments, Screen& out, Screen& problems);
int messages_show_command(const Arguments& arguments, Screen& out, Screen& problems);
int case_command(const Arguments& arguments, Screen& out, Screen& problems);
int journal_verify_command(const Arguments& arguments, Screen& out, Screen& problems);
int journal_stats_command(const Arguments& arguments, Screen& out, Screen& problems);
int journal_backup_command(const Arguments& arguments, Screen& out, Screen& problems);
int journal_restore_command(const Arguments& arguments, Screen& out, Screen& problems);
int journal_index_command(const Arguments& arguments, Screen& out, Screen& problems);
int operation_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_verify_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_public_key_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_renew_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_archive_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_import_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_remove_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_find_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_export_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_explain_command(const Arguments& arguments, Screen& out, Screen& problems);
int access_show_command(const Arguments& arguments, Screen& out, Screen& problems);
int report_usage_command(const Arguments& arguments, Screen& out, Screen& problems);
int report_check_command(const Arguments& arguments, Screen& out, Screen& problems);
int report_inspection_command(const Arguments& arguments, Screen& out, Screen& problems);
int archive_verify_command(const Arguments& arguments, Screen& out, Screen& problems);
int archive_public_key_command(const Arguments& arguments, Screen& out, Screen& problems);
int archive_certificate_command(const Arguments& arguments, Screen& out, Screen& problems);
int archive_case_command(const Arguments& arguments, Screen& out, Screen& problems);

// Writes every error of a refused configuration, one a line, and how many there are.
void show_errors(const LoadedConfiguration& loaded, Screen& problems);

}  // namespace certbridge::host

// Records of accesses.
#include "cli/command_line.h"

#include <CLI/CLI.hpp>

namespace certbridge::host {

void CommandLine::add_access_commands() {
  CLI::App* access = application_->add_subcommand("access", "records of accesses");
  access->require_subcommand(1);
  nouns_["access"] = access;
  CLI::App* verify = access->add_subcommand(
      "verify", "verify that records were not altered; needs no configuration");
  verify->add_option("folder", arguments_.folder, "the segments of one node")
      ->required()
      ->type_name("FOLDER");
  verify
      ->add_option("--public-key", arguments_.public_keys,
                   "that signed, as `access public-key` writes it; several where it was changed")
      ->required()
      ->type_name("FILE.pem");
  verify->add_option("--anchor", arguments_.anchors, "anchors from the second place; several")
      ->type_name("FILE");
  verify->callback([this] { arguments_.command = CommandName::kAccessVerify; });
  add(*access, "public-key", "the key that the records of this configuration are verified with",
      CommandName::kAccessPublicKey);
  add(*access, "renew", "sign all closed segments anew", CommandName::kAccessRenew);
  add_archive_command(*access, "archive", "copy all closed segments into a new folder",
                      CommandName::kAccessArchive);
  add_archive_command(*access, "import", "lay segments of an archive back that are missing",
                      CommandName::kAccessImport);
  add_archive_command(*access, "remove",
                      "take segments out that are older than the retention and lie in an archive",
                      CommandName::kAccessRemove);
  add_find_command(*access);
  add_reading_commands(*access);
}

void CommandLine::add_archive_command(CLI::App& access, const char* name, const char* meaning,
                                      CommandName command) {
  CLI::App* added = add(access, name, meaning, command);
  added->add_option("folder", arguments_.folder, "the archive")->required()->type_name("FOLDER");
  added
      ->add_option("--public-key", arguments_.public_keys,
                   "an earlier key, for what it signed; several")
      ->type_name("FILE.pem");
}

void CommandLine::add_find_command(CLI::App& access) {
  CLI::App* find =
      add(access, "find", "records by what they are about, newest first", CommandName::kAccessFind);
  add_subject_options(*find);
  add_period_options(*find);
  add_page_options(*find);
  add_value(*find, "reason", "why, where somebody or something is looked for; it is recorded");
}

void CommandLine::add_subject_options(CLI::App& command) {
  for (const char* name : {"person", "holder", "certificate", "case"}) {
    add_value(command, name, "whole value (`-`: a line of standard input, `@FILE`)");
  }
}

void CommandLine::add_period_options(CLI::App& command) {
  add_value(command, "from", "written then or later")->type_name("TIME");
  add_value(command, "until", "written before")->type_name("TIME");
}

void CommandLine::add_page_options(CLI::App& command) {
  command.add_option("--limit", arguments_.limit, "at most so many")->capture_default_str();
  command.add_option("--before", arguments_.before, "the next page, as the one before says");
}

void CommandLine::add_reading_commands(CLI::App& access) {
  CLI::App* list =
      add(access, "list", "records of a period, newest first, without what is personal",
          CommandName::kAccessList);
  add_period_options(*list);
  add_page_options(*list);
  CLI::App* show = add(access, "show", "one record with all its members", CommandName::kAccessShow);
  show->add_option("record", arguments_.number, "its number")->required();
  add_unmask_options(*show);
  CLI::App* explain = add(access, "explain", "decide again from what the record keeps, and compare",
                          CommandName::kAccessExplain);
  explain->add_option("record", arguments_.number, "its number")->required();
  explain
      ->add_option("--policy", arguments_.policies,
                   "that was in force then; several, and the configured one besides")
      ->type_name("FILE.xml");
  add_unmask_options(*explain);
  CLI::App* taken =
      add(access, "export", "records as a file, with totals beside it", CommandName::kAccessExport);
  taken->add_option("-o,--output", arguments_.output, "a new file; its ending says the form")
      ->required()
      ->type_name("FILE.jsonl|FILE.csv");
  add_subject_options(*taken);
  add_period_options(*taken);
  taken->add_flag("--unmask", arguments_.unmask, "with what is personal");
  add_value(*taken, "reason", "why; it is recorded")->required();
}

}  // namespace certbridge::host

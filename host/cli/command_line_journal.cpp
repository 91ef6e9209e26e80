// The host itself, files, and the journal.
#include "cli/command_line.h"

#include <CLI/CLI.hpp>

namespace certbridge::host {

void CommandLine::add_host_commands() {
  CLI::App* run = add(*application_, "run", "run the host until SIGTERM", CommandName::kRun);
  run->add_option("--ready-file", arguments_.ready_file,
                  "written with the port of metrics and health once started")
      ->type_name("FILE");
  add(*application_, "check", "check the configuration and the plugins it uses",
      CommandName::kCheck);
  add(*application_, "plugins", "list the plugins and what speaks against them",
      CommandName::kPlugins);
}

void CommandLine::add_file_commands() {
  CLI::App* verify =
      add(*application_, "verify", "verify the seals of an OFD file", CommandName::kVerify);
  verify->add_option("ofd", arguments_.file, "the file")->required()->type_name("FILE.ofd");
  verify->add_flag("--json", arguments_.json, "the whole report as JSON");
  CLI::App* render = add(*application_, "render", "draw an OFD file", CommandName::kRender);
  CLI::Option* ofd = render->add_option("ofd", arguments_.file, "the file");
  ofd->type_name("FILE.ofd");
  CLI::Option* reason =
      add_value(*render, "reason", "why, of what the journal holds; it is recorded");
  render
      ->add_option("--message", arguments_.number,
                   "instead: the file of this message of the journal")
      ->excludes(ofd)
      ->needs(reason)
      ->type_name("ID");
  render->add_option("-o,--output", arguments_.output, "the picture")
      ->required()
      ->type_name("FILE.svg");
}

void CommandLine::add_journal_commands() {
  CLI::App* messages = application_->add_subcommand("messages", "messages in the journal");
  messages->require_subcommand(1);
  nouns_["messages"] = messages;
  CLI::App* list =
      add(*messages, "list", "messages in order of acceptance", CommandName::kMessagesList);
  list->add_option("--state", arguments_.state, "only in this state, as `parked`");
  list->add_option("--type", arguments_.type, "only of this type, as `certificate.issue`");
  list->add_option("--area", arguments_.area, "only of this division code");
  list->add_flag("--overdue", arguments_.overdue,
                 "only with a receipt whose verdict is later than expected");
  list->add_option("--limit", arguments_.limit, "at most so many")->capture_default_str();
  CLI::App* show =
      add(*messages, "show", "one message with steps and deliveries", CommandName::kMessagesShow);
  show->add_option("id", arguments_.number, "the message's id")->required();
  add_unmask_options(*show);
  CLI::App* one = add(*application_, "case", "everything about one case", CommandName::kCase);
  one->add_option("number", arguments_.number, "the case number")->required();
}

void CommandLine::add_booking_commands() {
  CLI::App* bookings =
      application_->add_subcommand("bookings", "what is reported to the province of a case");
  bookings->require_subcommand(1);
  nouns_["bookings"] = bookings;
  CLI::App* check =
      add(*bookings, "check", "whether messages can be made of its rows; sends nothing",
          CommandName::kBookingsCheck);
  check->add_option("number", arguments_.number, "the case number")->required();
}

void CommandLine::add_maintenance_commands() {
  CLI::App* journal =
      application_->add_subcommand("journal", "verify, count, back up and restore the journal");
  journal->require_subcommand(1);
  add(*journal, "verify", "read and check everything that is stored", CommandName::kJournalVerify);
  add(*journal, "stats", "how much of what there is", CommandName::kJournalStats);
  add_index_command(*journal);
  CLI::App* backup = add(*journal, "backup", "copy the journal as it is at this moment",
                         CommandName::kJournalBackup);
  backup->add_option("folder", arguments_.folder, "a folder that is not there yet")
      ->required()
      ->type_name("FOLDER");
  CLI::App* restore =
      add(*journal, "restore", "make the data folder of a backup", CommandName::kJournalRestore);
  restore->add_option("folder", arguments_.folder, "the backup")->required()->type_name("FOLDER");
  restore
      ->add_option("--jump", arguments_.jump,
                   "numbers of messages and counters that are left out, more than were given "
                   "since the backup")
      ->capture_default_str();
}

void CommandLine::add_index_command(CLI::App& journal) {
  CLI::App* index =
      add(journal, "index", "fill the search index behind the journal", CommandName::kJournalIndex);
  index->add_flag("--rebuild", arguments_.rebuild, "make all of it anew");
}

}  // namespace certbridge::host

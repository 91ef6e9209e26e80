// Reports, and packages of the archive.
#include "cli/command_line.h"

#include <CLI/CLI.hpp>

namespace certbridge::host {

void CommandLine::add_report_commands() {
  CLI::App* report = application_->add_subcommand("report", "reports about uses and cases");
  report->require_subcommand(1);
  CLI::App* usage =
      add_report(*report, "usage", "who used whose certificates", CommandName::kReportUsage);
  add_value(*usage, "by", "count by day or by month (month)")
      ->check(CLI::IsMember({"day", "month"}));
  add_value(*usage, "issuer", "only for this issuing unit: what it may be sent")->type_name("CODE");
  add_value(*usage, "format", "json, csv, or library: in a library's dialect (json)")
      ->check(CLI::IsMember({"json", "csv", "library"}));
  add_value(*usage, "library", "whose dialect; the first of <reconcile>")->type_name("NAME");
  add_value(*usage, "libraries", "no: without the uses that libraries logged")
      ->check(CLI::IsMember({"yes", "no"}));
  usage->add_option("--socket", arguments_.socket, "of the host that asks libraries")
      ->type_name("FILE");
  CLI::App* check = add(*report, "check", "whether a usage report says what the records say",
                        CommandName::kReportCheck);
  check->add_option("file", arguments_.file, "the report, in JSON")->required()->type_name("FILE");
  add_inspection(*report);
}

void CommandLine::add_inspection(CLI::App& report) {
  CLI::App* added = add_report(report, "inspection", "what a regular inspection looks at",
                               CommandName::kReportInspection);
  add_value(*added, "collected-hours", "from the event to collected, at most (24)");
  add_value(*added, "status-hours", "from a change of status to told, at most (24)");
  add_value(*added, "failed-queries", "of one person in a day: from so many on (10)");
  add_value(*added, "cases-of-a-holder", "from so many on (3)");
  add_value(*added, "catalogue",
            "of the types that are in force (catalogue/used beside the configuration)")
      ->type_name("FOLDER");
  added->add_option("--limit", arguments_.limit, "name at most so many of each")
      ->capture_default_str();
  added->add_flag("--json", arguments_.json, "as JSON");
}

CLI::App* CommandLine::add_report(CLI::App& report, const char* name, const char* meaning,
                                  CommandName command) {
  CLI::App* added = add(report, name, meaning, command);
  add_value(*added, "month", "of this month")->type_name("2026-11");
  add_value(*added, "from", "from this day on")->type_name("2026-11-01");
  add_value(*added, "to", "up to this day, with it")->type_name("2026-11-30");
  added->add_option("-o,--output", arguments_.output, "write it into this file")->type_name("FILE");
  return added;
}

void CommandLine::add_archive_commands() {
  CLI::App* archive =
      application_->add_subcommand("archive", "sealed packages of a case or certificate");
  archive->require_subcommand(1);
  CLI::App* verify = archive->add_subcommand(
      "verify", "verify that a package was not altered; needs no configuration");
  verify->add_option("file", arguments_.file, "the package")->required()->type_name("FILE");
  verify
      ->add_option("--public-key", arguments_.public_keys,
                   "that sealed, as `archive public-key` writes it; several where it was changed")
      ->required()
      ->type_name("FILE.pem");
  verify->callback([this] { arguments_.command = CommandName::kArchiveVerify; });
  add(*archive, "public-key", "the key that packages of this configuration are verified with",
      CommandName::kArchivePublicKey);
  add_package_command(*archive, "case", "what was used in a case, as it was received",
                      CommandName::kArchiveCase);
  add_package_command(*archive, "certificate", "everything that is known of a certificate",
                      CommandName::kArchiveCertificate);
}

void CommandLine::add_package_command(CLI::App& archive, const char* name, const char* meaning,
                                      CommandName command) {
  CLI::App* added = add(archive, name, meaning, command);
  added->add_option("number", arguments_.number, "its number")->required()->type_name("NUMBER");
  added->add_option("--out", arguments_.output, "a file that is not there yet")
      ->required()
      ->type_name("FILE.tar");
  add_value(*added, "reason", "why; it is recorded")->required();
}

}  // namespace certbridge::host

#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <map>

#include "certbridge/plugin.h"
#include "cli/exit_codes.h"
#include "cli/version.h"
#include "cli/wrong_use.h"
#include "operate/operation_table.h"

namespace certbridge::host {
namespace {

// Programs lie in bin/, plugins beside it in lib/certbridge/.
std::string plugin_folder_beside_program() {
  std::error_code problem;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (problem) return "lib/certbridge";
  return (program.parent_path().parent_path() / "lib" / "certbridge").string();
}

std::string read_override(const std::string& text, std::vector<OptionOverride>& into) {
  const auto equals = text.find('=');
  const auto dot = text.find('.');
  if (equals == std::string::npos || dot == std::string::npos || dot > equals || dot == 0) {
    return "--set takes ENDPOINT.OPTION=VALUE";
  }
  into.push_back(
      {text.substr(0, dot), text.substr(dot + 1, equals - dot - 1), text.substr(equals + 1)});
  return {};
}

// What the operations of one noun are for.
std::string meaning_of(std::string_view noun) {
  static const std::map<std::string_view, const char*> kMeanings{
      {"actions", "who did what, when and why"},
      {"arrivals", "cases that were booked and never came"},
      {"catalogue", "the types of certificates that are issued here"},
      {"certificates", "certificates whose term ends"},
      {"changes", "cases that end certificates and make new ones"},
      {"complaints", "complaints that paper was asked for in vain"},
      {"daily-logs", "the province's daily logs"},
      {"deliveries", "what waits; let it wait, go, or be sent again"},
      {"library", "uses that libraries logged"},
      {"objections", "objections against certificates"},
      {"parked", "what waits for a person: see it, let it run again, give it up"},
      {"replay", "take up again much that is parked"},
      {"review", "prepared certificates that wait for a reviewer"},
      {"verdicts", "verdicts of counterparts that belong to nothing here"}};
  return kMeanings.at(noun);
}

class CommandLine {
 public:
  explicit CommandLine(Arguments& arguments) : arguments_(arguments) {
    application_.require_subcommand(1);
    application_.set_version_flag("--version", "certbridge " + program_version() + "\n" +
                                                   "plugins of " CERTBRIDGE_FINGERPRINT);
    application_.footer(
        "Exit codes: 0 ok, 1 findings, 2 usage, 3 configuration refused, 4 journal,\n"
        "5 not found, 6 drain deadline passed, 7 unforeseen, 8 the host refused or none runs. See "
        "docs/guides/command-line.md.");
    add_host_commands();
    add_file_commands();
    add_journal_commands();
    add_maintenance_commands();
    add_access_commands();
    add_report_commands();
    add_archive_commands();
    add_booking_commands();
    for (const Operation& operation : operations()) add_operation(operation);
  }
  CLI::App& application() { return application_; }

 private:
  CLI::App* add(CLI::App& parent, const char* name, const char* meaning, CommandName command) {
    CLI::App* added = parent.add_subcommand(name, meaning);
    added->add_option("--config", arguments_.configuration.file, "the configuration")
        ->type_name("FILE")
        ->capture_default_str();
    added
        ->add_option_function<std::vector<std::string>>(
            "--set",
            [this](const std::vector<std::string>& given) {
              for (const std::string& text : given) {
                const std::string wrong = read_override(text, arguments_.configuration.overrides);
                if (!wrong.empty()) throw CLI::ValidationError("--set", wrong);
              }
            },
            "an option's value in place of the configured one")
        ->type_name("ENDPOINT.OPTION=VALUE");
    added->callback([this, command] { arguments_.command = command; });
    return added;
  }

  void add_host_commands() {
    CLI::App* run = add(application_, "run", "run the host until SIGTERM", CommandName::kRun);
    run->add_option("--ready-file", arguments_.ready_file,
                    "written with the port of metrics and health once started")
        ->type_name("FILE");
    add(application_, "check", "check the configuration and the plugins it uses",
        CommandName::kCheck);
    add(application_, "plugins", "list the plugins and what speaks against them",
        CommandName::kPlugins);
  }

  void add_file_commands() {
    CLI::App* verify =
        add(application_, "verify", "verify the seals of an OFD file", CommandName::kVerify);
    verify->add_option("ofd", arguments_.file, "the file")->required()->type_name("FILE.ofd");
    verify->add_flag("--json", arguments_.json, "the whole report as JSON");
    CLI::App* render = add(application_, "render", "draw an OFD file", CommandName::kRender);
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

  void add_journal_commands() {
    CLI::App* messages = application_.add_subcommand("messages", "messages in the journal");
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
    CLI::App* one = add(application_, "case", "everything about one case", CommandName::kCase);
    one->add_option("number", arguments_.number, "the case number")->required();
  }

  void add_booking_commands() {
    CLI::App* bookings =
        application_.add_subcommand("bookings", "what is reported to the province of a case");
    bookings->require_subcommand(1);
    nouns_["bookings"] = bookings;
    CLI::App* check =
        add(*bookings, "check", "whether messages can be made of its rows; sends nothing",
            CommandName::kBookingsCheck);
    check->add_option("number", arguments_.number, "the case number")->required();
  }

  void add_maintenance_commands() {
    CLI::App* journal =
        application_.add_subcommand("journal", "verify, count, back up and restore the journal");
    journal->require_subcommand(1);
    add(*journal, "verify", "read and check everything that is stored",
        CommandName::kJournalVerify);
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

  void add_index_command(CLI::App& journal) {
    CLI::App* index = add(journal, "index", "fill the search index behind the journal",
                          CommandName::kJournalIndex);
    index->add_flag("--rebuild", arguments_.rebuild, "make all of it anew");
  }

  void add_access_commands() {
    CLI::App* access = application_.add_subcommand("access", "records of accesses");
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

  void add_archive_commands() {
    CLI::App* archive =
        application_.add_subcommand("archive", "sealed packages of a case or certificate");
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

  void add_package_command(CLI::App& archive, const char* name, const char* meaning,
                           CommandName command) {
    CLI::App* added = add(archive, name, meaning, command);
    added->add_option("number", arguments_.number, "its number")->required()->type_name("NUMBER");
    added->add_option("--out", arguments_.output, "a file that is not there yet")
        ->required()
        ->type_name("FILE.tar");
    add_value(*added, "reason", "why; it is recorded")->required();
  }

  void add_archive_command(CLI::App& access, const char* name, const char* meaning,
                           CommandName command) {
    CLI::App* added = add(access, name, meaning, command);
    added->add_option("folder", arguments_.folder, "the archive")->required()->type_name("FOLDER");
    added
        ->add_option("--public-key", arguments_.public_keys,
                     "an earlier key, for what it signed; several")
        ->type_name("FILE.pem");
  }

  void add_find_command(CLI::App& access) {
    CLI::App* find = add(access, "find", "records by what they are about, newest first",
                         CommandName::kAccessFind);
    add_subject_options(*find);
    add_period_options(*find);
    add_page_options(*find);
    add_value(*find, "reason", "why, where somebody or something is looked for; it is recorded");
  }

  void add_subject_options(CLI::App& command) {
    for (const char* name : {"person", "holder", "certificate", "case"}) {
      add_value(command, name, "whole value (`-`: a line of standard input, `@FILE`)");
    }
  }
  void add_period_options(CLI::App& command) {
    add_value(command, "from", "written then or later")->type_name("TIME");
    add_value(command, "until", "written before")->type_name("TIME");
  }
  void add_page_options(CLI::App& command) {
    command.add_option("--limit", arguments_.limit, "at most so many")->capture_default_str();
    command.add_option("--before", arguments_.before, "the next page, as the one before says");
  }
  void add_unmask_options(CLI::App& command) {
    CLI::Option* reason = add_value(command, "reason", "why; it is recorded");
    command.add_flag("--unmask", arguments_.unmask, "what is personal as it is")->needs(reason);
  }

  void add_reading_commands(CLI::App& access) {
    CLI::App* list =
        add(access, "list", "records of a period, newest first, without what is personal",
            CommandName::kAccessList);
    add_period_options(*list);
    add_page_options(*list);
    CLI::App* show =
        add(access, "show", "one record with all its members", CommandName::kAccessShow);
    show->add_option("record", arguments_.number, "its number")->required();
    add_unmask_options(*show);
    CLI::App* explain =
        add(access, "explain", "decide again from what the record keeps, and compare",
            CommandName::kAccessExplain);
    explain->add_option("record", arguments_.number, "its number")->required();
    explain
        ->add_option("--policy", arguments_.policies,
                     "that was in force then; several, and the configured one besides")
        ->type_name("FILE.xml");
    add_unmask_options(*explain);
    CLI::App* taken = add(access, "export", "records as a file, with totals beside it",
                          CommandName::kAccessExport);
    taken->add_option("-o,--output", arguments_.output, "a new file; its ending says the form")
        ->required()
        ->type_name("FILE.jsonl|FILE.csv");
    add_subject_options(*taken);
    add_period_options(*taken);
    taken->add_flag("--unmask", arguments_.unmask, "with what is personal");
    add_value(*taken, "reason", "why; it is recorded")->required();
  }

  void add_report_commands() {
    CLI::App* report = application_.add_subcommand("report", "reports about uses and cases");
    report->require_subcommand(1);
    CLI::App* usage =
        add_report(*report, "usage", "who used whose certificates", CommandName::kReportUsage);
    add_value(*usage, "by", "count by day or by month (month)")
        ->check(CLI::IsMember({"day", "month"}));
    add_value(*usage, "issuer", "only for this issuing unit: what it may be sent")
        ->type_name("CODE");
    add_value(*usage, "format", "json, csv, or library: in a library's dialect (json)")
        ->check(CLI::IsMember({"json", "csv", "library"}));
    add_value(*usage, "library", "whose dialect; the first of <reconcile>")->type_name("NAME");
    add_value(*usage, "libraries", "no: without the uses that libraries logged")
        ->check(CLI::IsMember({"yes", "no"}));
    usage->add_option("--socket", arguments_.socket, "of the host that asks libraries")
        ->type_name("FILE");
    CLI::App* check = add(*report, "check", "whether a usage report says what the records say",
                          CommandName::kReportCheck);
    check->add_option("file", arguments_.file, "the report, in JSON")
        ->required()
        ->type_name("FILE");
    add_inspection(*report);
  }

  void add_inspection(CLI::App& report) {
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

  CLI::App* add_report(CLI::App& report, const char* name, const char* meaning,
                       CommandName command) {
    CLI::App* added = add(report, name, meaning, command);
    add_value(*added, "month", "of this month")->type_name("2026-11");
    add_value(*added, "from", "from this day on")->type_name("2026-11-01");
    add_value(*added, "to", "up to this day, with it")->type_name("2026-11-30");
    added->add_option("-o,--output", arguments_.output, "write it into this file")
        ->type_name("FILE");
    return added;
  }

  CLI::Option* add_value(CLI::App& command, const std::string& name, const char* meaning) {
    return command.add_option_function<std::string>(
        "--" + name, [this, name](const std::string& value) { arguments_.values[name] = value; },
        meaning);
  }

  void add_operation(const Operation& operation) {
    CLI::App* verb = nullptr;
    if (*operation.verb == '\0') {
      verb = add(application_, operation.noun, operation.meaning, CommandName::kOperation);
    } else {
      verb = add(noun_of(operation), operation.verb, operation.meaning, CommandName::kOperation);
    }
    verb->callback([this, &operation] {
      arguments_.command = CommandName::kOperation;
      arguments_.operation = &operation;
    });
    for (const Parameter& parameter : operation.parameters) add_parameter(*verb, parameter);
    verb->add_flag("--json", arguments_.json, "the answer as the API gives it");
    verb->add_option("--socket", arguments_.socket,
                     "of the host, in place of what the configuration says: none is read then")
        ->type_name("FILE");
  }

  CLI::App& noun_of(const Operation& operation) {
    CLI::App*& noun = nouns_[operation.noun];
    if (noun == nullptr) {
      noun = application_.add_subcommand(operation.noun, meaning_of(operation.noun));
      noun->require_subcommand(1);
    }
    return *noun;
  }

  void add_parameter(CLI::App& verb, const Parameter& parameter) {
    const std::string name = parameter.name;
    const auto set = [this, name](const std::string& value) { arguments_.values[name] = value; };
    CLI::Option* option = verb.add_option_function<std::string>(
        parameter.positional ? name : "--" + name, set, parameter.meaning);
    if (parameter.personal) {
      option->description(std::string(parameter.meaning) +
                          " (`-`: a line of standard input, `@FILE`: the first line of a file; a "
                          "value given here is seen in the list of processes)");
    }
    if (parameter.required) option->required();
    if (parameter.type == ParameterType::kNumber) option->type_name("NUMBER");
    if (parameter.type == ParameterType::kTime) option->type_name("TIME");
    if (parameter.type == ParameterType::kFlag) option->type_name("yes|no");
  }

  Arguments& arguments_;
  std::map<std::string, CLI::App*> nouns_{};
  CLI::App application_{"CertBridge carries electronic real-estate certificates between systems.",
                        "certbridge"};
};

}  // namespace

std::variant<Arguments, int> parse_arguments(int count, char** words) {
  Arguments arguments;
  arguments.configuration.file = "config/certbridge.xml";
  arguments.configuration.plugin_folder = plugin_folder_beside_program();
  CommandLine line(arguments);
  try {
    line.application().parse(count, words);
  } catch (const CLI::Success& answered) {
    line.application().exit(answered);
    return kExitOk;
  } catch (const CLI::ParseError& wrong) {
    std::cerr << explain_wrong_use(line.application(), wrong);
    return kExitUsage;
  }
  return arguments;
}

}  // namespace certbridge::host

#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include "certbridge/plugin.h"
#include "cli/version.h"
#include "operate/operation_table.h"

namespace certbridge::host {
namespace {

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

}  // namespace

CommandLine::CommandLine(Arguments& arguments)
    : arguments_(arguments),
      application_(std::make_unique<CLI::App>(
          "CertBridge carries electronic real-estate certificates between systems.",
          "certbridge")) {
  application_->require_subcommand(1);
  application_->set_version_flag(
      "--version", "certbridge " + program_version() + "\n" + "plugins of " CERTBRIDGE_FINGERPRINT);
  application_->footer(
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

CommandLine::~CommandLine() = default;

CLI::App* CommandLine::add(CLI::App& parent, const char* name, const char* meaning,
                           CommandName command) {
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

CLI::Option* CommandLine::add_value(CLI::App& command, const std::string& name,
                                    const char* meaning) {
  return command.add_option_function<std::string>(
      "--" + name, [this, name](const std::string& value) { arguments_.values[name] = value; },
      meaning);
}

void CommandLine::add_unmask_options(CLI::App& command) {
  CLI::Option* reason = add_value(command, "reason", "why; it is recorded");
  command.add_flag("--unmask", arguments_.unmask, "what is personal as it is")->needs(reason);
}

}  // namespace certbridge::host

// What commands and options there are, in the words of CLI11; see arguments.h for what comes of it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cli/arguments.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace certbridge::host {

class CommandLine {
 public:
  // `arguments` outlives it and is filled as the line is parsed.
  explicit CommandLine(Arguments& arguments);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  CLI::App& application() { return *application_; }

 private:
  CLI::App* add(CLI::App& parent, const char* name, const char* meaning, CommandName command);
  CLI::Option* add_value(CLI::App& command, const std::string& name, const char* meaning);
  void add_unmask_options(CLI::App& command);

  // The host itself, files, and the journal.
  void add_host_commands();
  void add_file_commands();
  void add_journal_commands();
  void add_booking_commands();
  void add_maintenance_commands();
  void add_index_command(CLI::App& journal);

  // Records of accesses.
  void add_access_commands();
  void add_archive_command(CLI::App& access, const char* name, const char* meaning,
                           CommandName command);
  void add_find_command(CLI::App& access);
  void add_subject_options(CLI::App& command);
  void add_period_options(CLI::App& command);
  void add_page_options(CLI::App& command);
  void add_reading_commands(CLI::App& access);

  // Reports, and packages of the archive.
  void add_report_commands();
  void add_inspection(CLI::App& report);
  CLI::App* add_report(CLI::App& report, const char* name, const char* meaning,
                       CommandName command);
  void add_archive_commands();
  void add_package_command(CLI::App& archive, const char* name, const char* meaning,
                           CommandName command);

  // What operations there are: operate/operation_table.h.
  void add_operation(const Operation& operation);
  CLI::App& noun_of(const Operation& operation);
  void add_parameter(CLI::App& verb, const Parameter& parameter);

  Arguments& arguments_;
  std::map<std::string, CLI::App*> nouns_{};
  std::unique_ptr<CLI::App> application_;
};

}  // namespace certbridge::host

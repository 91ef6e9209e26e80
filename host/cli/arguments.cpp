#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "cli/command_line.h"
#include "cli/exit_codes.h"
#include "cli/wrong_use.h"

namespace certbridge::host {
namespace {

// Programs lie in bin/, plugins beside it in lib/certbridge/.
std::string plugin_folder_beside_program() {
  std::error_code problem;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (problem) return "lib/certbridge";
  return (program.parent_path().parent_path() / "lib" / "certbridge").string();
}

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

#include "cli/wrong_use.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "config/configuration_error.h"

namespace certbridge::host {
namespace {

// The command that was understood, as far as it was.
const CLI::App& understood(const CLI::App& application) {
  const CLI::App* command = &application;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent == nullptr ? "" : full_name(*parent) + " ") + command.get_name();
}

std::vector<std::string> commands_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

// The word that stands where a command should; empty when there is none.
std::string unknown_command(const CLI::App& command) {
  const std::vector<std::string> words = command.remaining();
  const auto word = std::find_if(words.begin(), words.end(),
                                 [](const std::string& one) { return !one.starts_with('-'); });
  return word == words.end() ? std::string() : *word;
}

std::string no_command(const CLI::App& command) {
  const std::vector<std::string> names = commands_of(command);
  const std::string word = unknown_command(command);
  if (word.empty()) return "a command is missing: " + listed(names);
  const std::string meant = did_you_mean(word, names);
  return "there is no command `" + word + "`" + (meant.empty() ? "" : "; " + meant);
}

}  // namespace

std::string explain_wrong_use(const CLI::App& application, const CLI::Error& wrong) {
  const CLI::App& command = understood(application);
  const std::string name = full_name(command);
  const bool lacks_command = command.get_require_subcommand_min() > 0;
  return name + ": " + (lacks_command ? no_command(command) : std::string(wrong.what())) + "\n`" +
         name + " --help` shows what there is.\n";
}

}  // namespace certbridge::host

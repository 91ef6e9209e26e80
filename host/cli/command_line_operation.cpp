// What operations there are: operate/operation_table.h.
#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include "operate/operation_table.h"

namespace certbridge::host {
namespace {

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

}  // namespace

void CommandLine::add_operation(const Operation& operation) {
  CLI::App* verb = nullptr;
  if (*operation.verb == '\0') {
    verb = add(*application_, operation.noun, operation.meaning, CommandName::kOperation);
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

CLI::App& CommandLine::noun_of(const Operation& operation) {
  CLI::App*& noun = nouns_[operation.noun];
  if (noun == nullptr) {
    noun = application_->add_subcommand(operation.noun, meaning_of(operation.noun));
    noun->require_subcommand(1);
  }
  return *noun;
}

void CommandLine::add_parameter(CLI::App& verb, const Parameter& parameter) {
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

}  // namespace certbridge::host

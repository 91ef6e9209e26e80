// Operations by command: asked of the running host through its socket. Where none runs, those that
// only look are answered from the journal.
#include <iostream>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/open_journal.h"
#include "cli/personal_values.h"
#include "operate/operate_client.h"
#include "operate/wire.h"

namespace certbridge::host {
namespace {

std::string text_of(const Field& field) {
  if (const auto* text = std::get_if<std::string>(&field)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&field)) return std::to_string(*number);
  return std::get<bool>(field) ? "yes" : "no";
}

void show_table(const AnswerTable& table, bool titled, Screen& out) {
  if (table.rows.empty()) return out.line(table.name + ": none", Tone::kQuiet);
  if (titled) out.line(table.name, Tone::kTitle);
  std::vector<std::vector<std::string>> rows{table.columns};
  for (const auto& row : table.rows) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (const Field& field : row) cells.push_back(text_of(field));
  }
  out.table(rows);
}

void show_answer(const OperationAnswer& answer, Screen& out) {
  for (const auto& [name, value] : answer.values) {
    const std::string text = text_of(value);
    if (!text.empty()) out.line(name + ": " + text);
  }
  const bool titled = !answer.values.empty() || answer.tables.size() > 1;
  for (const AnswerTable& table : answer.tables) show_table(table, titled, out);
}

int refused(const Error& error, Screen& problems) {
  problems.line(error.message, Tone::kBad);
  if (error.code == "operate.parameter") return kExitUsage;
  const bool missing = error.code == "journal.no_such_message" ||
                       error.code == "replay.no_such_job" ||
                       error.code == "review.no_such_review" || error.code == "objection.unknown";
  return missing ? kExitNotFound : kExitRefused;
}

int show_text(const Arguments& arguments, const std::string& answer, Screen& out,
              Screen& problems) {
  if (arguments.json) {
    out.line(answer.substr(0, answer.find_last_not_of('\n') + 1));
    return kExitOk;
  }
  const auto read = read_answer(answer);
  if (!read) return refused(read.error(), problems);
  show_answer(read.value(), out);
  return kExitOk;
}

int perform_here(const Arguments& arguments, const Configuration& configuration, Screen& out,
                 Screen& problems) {
  OpenJournal journal;
  if (const auto code = open_journal(arguments, problems, journal)) return *code;
  const OperationCall call{{configuration, *journal.store, journal.clock}, {}, arguments.values};
  const auto answer = arguments.operation->perform(call);
  if (!answer) return refused(answer.error(), problems);
  if (arguments.json) return show_text(arguments, write_answer(answer.value()), out, problems);
  show_answer(answer.value(), out);
  return kExitOk;
}

}  // namespace

int operation_command(const Arguments& given, Screen& out, Screen& problems) {
  const Operation& operation = *given.operation;
  Arguments arguments = given;
  if (auto read = read_personal_values(operation, std::cin, arguments.values); !read) {
    return refused(read.error(), problems);
  }
  if (auto fine = check_parameters(operation, arguments.values); !fine) {
    return refused(fine.error(), problems);
  }
  LoadedConfiguration loaded;
  std::string socket = arguments.socket;
  if (socket.empty()) {
    loaded = load_configuration(arguments.configuration);
    if (!loaded.ok()) {
      show_errors(loaded, problems);
      return kExitConfiguration;
    }
    socket = loaded.configuration.operate.socket;
  }
  const auto answer = ask_host(socket, operation, arguments.values);
  if (answer) return show_text(arguments, answer.value(), out, problems);
  if (answer.error().code != "operate.no_host") return refused(answer.error(), problems);
  if (operation.effect == Effect::kReads && arguments.socket.empty()) {
    return perform_here(arguments, loaded.configuration, out, problems);
  }
  problems.line(answer.error().message + "; `" + operation.name() +
                    "` is done by the running host: start it with `certbridge run`",
                Tone::kBad);
  return kExitRefused;
}

}  // namespace certbridge::host

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "cli/admission.h"
#include "cli/ask_endpoint.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/unmasking.h"
#include "config/document.h"
#include "journal/cipher.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestFile = 64UL * 1024 * 1024;
constexpr std::uint64_t kLargestAnswer = 64UL * 1024 * 1024;

Message question_about(std::string bytes, const char* type) {
  Message message;
  message.type = type;
  message.media_type = "application/ofd";
  message.body = content_of(std::move(bytes));
  return message;
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

void show_list(const boost::json::object& report, Screen& out) {
  if (const auto* seals = report.if_contains("seals"); seals != nullptr && seals->is_array()) {
    std::vector<std::vector<std::string>> rows{{"seal", "name", "signer", "sealed at"}};
    for (const auto& seal : seals->get_array()) {
      if (!seal.is_object()) continue;
      const auto& one = seal.get_object();
      rows.push_back({text_of(one, "seal"), text_of(one, "name"), text_of(one, "signer"),
                      text_of(one, "sealed-at")});
    }
    if (rows.size() > 1) out.table(rows);
  }
  if (const auto* checks = report.if_contains("checks"); checks != nullptr && checks->is_array()) {
    std::vector<std::vector<std::string>> rows{{"check", "outcome", ""}};
    for (const auto& check : checks->get_array()) {
      if (!check.is_object()) continue;
      const auto& one = check.get_object();
      const std::string detail = text_of(one, "detail");
      rows.push_back({text_of(one, "check"), text_of(one, "outcome"),
                      detail.empty() ? text_of(one, "meaning") : detail});
    }
    out.table(rows);
  }
}

// Names of the checks that were not made, for the line that people read first.
std::string not_made(const boost::json::object& report) {
  std::string names;
  const auto* checks = report.if_contains("checks");
  if (checks == nullptr || !checks->is_array()) return names;
  for (const auto& check : checks->get_array()) {
    if (!check.is_object() || text_of(check.get_object(), "outcome") != "not-made") continue;
    names += (names.empty() ? "" : ", ") + text_of(check.get_object(), "check");
  }
  return names;
}

void show_verdict(const std::string& file, const std::string& verdict,
                  const boost::json::object& report, Screen& out) {
  if (verdict == "valid") {
    const std::string open = not_made(report);
    return out.line(file + ": valid" + (open.empty() ? "" : "; not checked: " + open), Tone::kGood);
  }
  out.line(file + (verdict == "invalid" ? ": not valid: " : ": no verdict: ") +
               text_of(report, "message") + " (" + text_of(report, "code") + ")",
           Tone::kBad);
}

// Loads what both commands need; an exit code when that is not possible.
std::optional<int> prepare(const Arguments& arguments, Screen& problems,
                           LoadedConfiguration& loaded, std::string& bytes) {
  Result<std::string> read = read_file(arguments.file, kLargestFile);
  if (!read) {
    problems.line(arguments.file + ": " + read.error().message, Tone::kBad);
    return kExitNotFound;
  }
  bytes = std::move(read).value();
  loaded = load_configuration(arguments.configuration);
  if (loaded.ok()) return {};
  show_errors(loaded, problems);
  return kExitConfiguration;
}

// The same of what the journal holds.
std::optional<int> prepare_stored(const Arguments& arguments, Screen& problems,
                                  LoadedConfiguration& loaded, StoredFile& stored) {
  if (const auto code = read_stored_file(arguments, problems, stored)) return code;
  loaded = load_configuration(arguments.configuration);
  if (loaded.ok()) return {};
  show_errors(loaded, problems);
  return kExitConfiguration;
}

// Before the picture is written.
std::optional<int> admit_render(const Arguments& arguments, const StoredFile& stored, Screen& out,
                                Screen& problems) {
  OperatorWish wish;
  wish.kind = AccessKind::kRender;
  wish.about = stored.about;
  wish.identifier = stored.identifier;
  Sm3 sm3;
  sm3.add(stored.bytes);
  const Sm3Digest digest = sm3.finish();
  wish.digest = {digest.begin(), digest.end()};
  std::uint64_t record = 0;
  if (const auto code = admit(arguments, wish, problems, record)) return code;
  out.line("drawn for you by access record " + std::to_string(record), Tone::kQuiet);
  return {};
}

int show_report(const std::string& file, const std::string& text, bool as_json, Screen& out,
                Screen& problems) {
  boost::system::error_code problem;
  boost::json::parse_options options;
  options.max_depth = 16;
  const boost::json::value report = boost::json::parse(text, problem, {}, options);
  if (problem || !report.is_object()) {
    problems.line(file + ": the verifier's report is no JSON object", Tone::kBad);
    return kExitConfiguration;
  }
  const boost::json::object& found = report.get_object();
  const std::string verdict = text_of(found, "verdict");
  if (as_json) {
    out.line(text);
  } else {
    show_verdict(file, verdict, found, out);
    show_list(found, out);
  }
  if (verdict == "valid") return kExitOk;
  return verdict == "invalid" ? kExitFindings : kExitConfiguration;
}

}  // namespace

int verify_command(const Arguments& arguments, Screen& out, Screen& problems) {
  LoadedConfiguration loaded;
  std::string bytes;
  if (const auto code = prepare(arguments, problems, loaded, bytes)) return *code;
  const Result<Message> answer =
      ask_kind(loaded, "seal_service", "verifier", question_about(std::move(bytes), "ofd.verify"));
  if (!answer) {
    problems.line(arguments.file + ": " + answer.error().message + " (" + answer.error().code + ")",
                  Tone::kBad);
    return exit_code_of(answer.error());
  }
  const Result<std::string> report = read_all(*answer.value().body, kLargestAnswer);
  return show_report(arguments.file, report.ok() ? report.value() : "", arguments.json, out,
                     problems);
}

int render_command(const Arguments& given, Screen& out, Screen& problems) {
  if (given.file.empty() && given.number.empty()) {
    problems.line("`render` takes a file, or --message with the id of a message", Tone::kBad);
    return kExitUsage;
  }
  Arguments arguments = given;
  LoadedConfiguration loaded;
  StoredFile stored;
  if (given.number.empty()) {
    if (const auto code = prepare(arguments, problems, loaded, stored.bytes)) return *code;
  } else {
    arguments.file = "message " + given.number;
    if (const auto code = prepare_stored(arguments, problems, loaded, stored)) return *code;
  }
  const Result<Message> answer =
      ask_kind(loaded, "ofd_compose", "renderer", question_about(stored.bytes, "ofd.render"));
  const Result<std::string> picture = answer.ok() ? read_all(*answer.value().body, kLargestAnswer)
                                                  : Result<std::string>(answer.error());
  if (!picture) {
    problems.line(
        arguments.file + ": " + picture.error().message + " (" + picture.error().code + ")",
        Tone::kBad);
    return exit_code_of(picture.error());
  }
  if (!given.number.empty()) {
    if (const auto code = admit_render(arguments, stored, out, problems)) return *code;
  }
  std::ofstream file(arguments.output, std::ios::binary);
  file << picture.value();
  file.close();
  if (!file) {
    problems.line(arguments.output + ": cannot be written", Tone::kBad);
    return kExitNotFound;
  }
  out.line(arguments.output + ": " + std::to_string(picture.value().size()) + " bytes",
           Tone::kGood);
  return kExitOk;
}

}  // namespace certbridge::host

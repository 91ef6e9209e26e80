// certbridge bookings check: what would be reported of a case, without reporting it.
#include "certbridge/record.h"
#include "cli/ask_endpoint.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestJudgement = 64UL << 20U;

Message question_of(const std::string& case_number) {
  Record parameters;
  parameters.set("case_no", case_number);
  Message question;
  question.type = "bookings.check";
  question.media_type = kRecordsMediaType;
  question.body = content_of(write_records({{"parameters", {parameters}}}));
  return question;
}

Result<std::vector<Record>> judgements(const LoadedConfiguration& loaded,
                                       const std::string& case_number) {
  const auto answer =
      ask_kind(loaded, "provincial_platform", "booking-check", question_of(case_number));
  if (!answer) return answer.error();
  const auto bytes = read_all(*answer.value().body, kLargestJudgement);
  if (!bytes) return bytes.error();
  auto sets = parse_records(bytes.value());
  if (!sets) return sets.error();
  if (sets.value().size() != 1) return Error::fault("answer.shape", "the answer is not one set");
  return std::move(sets.value()[0].records);
}

// Whether messages can be made of all of them.
bool show_judgements(const std::vector<Record>& bookings, Screen& out) {
  bool whole = true;
  std::vector<std::vector<std::string>> rows{{"booking", "unit", "message", "state", ""}};
  for (const Record& booking : bookings) {
    whole = whole && booking.text_or_empty("state") == "whole";
    rows.push_back({booking.text_or_empty("booking"), booking.text_or_empty("unit"),
                    booking.text_or_empty("kind"), booking.text_or_empty("state"),
                    booking.text_or_empty("sentence")});
  }
  out.table(rows);
  return whole;
}

}  // namespace

int bookings_check_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const LoadedConfiguration loaded = load_configuration(arguments.configuration);
  if (!loaded.ok()) {
    show_errors(loaded, problems);
    return kExitConfiguration;
  }
  const auto bookings = judgements(loaded, arguments.number);
  if (!bookings) {
    problems.line(bookings.error().message + " (" + bookings.error().code + ")", Tone::kBad);
    return exit_code_of(bookings.error());
  }
  if (bookings.value().empty()) {
    problems.line("the case " + arguments.number +
                      " has no rows of a booking: look at its number, and at the tables that the "
                      "lent endpoint of the kind `booking-check` reads",
                  Tone::kBad);
    return kExitNotFound;
  }
  return show_judgements(bookings.value(), out) ? kExitOk : kExitFindings;
}

}  // namespace certbridge::host

#include "cli/access_question.h"

#include <iostream>

#include "cli/access_screen.h"
#include "cli/exit_codes.h"
#include "cli/personal_values.h"

namespace certbridge::host {
namespace {

const Operation& personal_options() {
  static const Operation kOptions = [] {
    Operation options;
    for (const char* name : {"person", "holder", "certificate", "case"}) {
      options.parameters.push_back({name, ParameterType::kText, false, false, name, true});
    }
    return options;
  }();
  return kOptions;
}

void add_term(const ParameterValues& values, const char* name, AccessTerm kind,
              AccessQuestion& question) {
  const auto given = values.find(name);
  if (given != values.end()) question.terms.emplace_back(kind, given->second);
}

}  // namespace

std::optional<int> read_question(Arguments& arguments, AccessQuestion& question, Screen& problems) {
  ParameterValues& values = arguments.values;
  if (const auto read = read_personal_values(personal_options(), std::cin, values); !read) {
    problems.line(read.error().message, Tone::kBad);
    return kExitUsage;
  }
  add_term(values, "person", AccessTerm::kPerson, question);
  add_term(values, "holder", AccessTerm::kHolder, question);
  add_term(values, "certificate", AccessTerm::kCertificate, question);
  add_term(values, "case", AccessTerm::kCase, question);
  question.limit = arguments.limit;
  question.before = arguments.before;
  if (!read_period(arguments, question.from, question.until, problems)) return kExitUsage;
  return {};
}

Result<std::unique_ptr<AccessIndex>> filled_index(const AccessContext& context) {
  auto index = AccessIndex::open(context.settings.folder, context.settings.node,
                                 context.settings.master_key, context.clock);
  if (!index) return index;
  const auto filled = index.value()->fill({});
  if (!filled && filled.error().code != "search.in_use") return filled.error();
  return index;
}

}  // namespace certbridge::host

// certbridge access show, explain: one record, and its decision made once more.
#include "access/policy/access_policy.h"
#include "access/policy/recompute.h"
#include "cli/access_context.h"
#include "cli/access_screen.h"
#include "cli/admission.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "config/document.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLargestPolicyFile = 1024UL * 1024;

// Whoever looks at a record sees whom and what it was about: a record of its own.
std::optional<int> admit_display(const Arguments& arguments, const ReadAccess& access, Screen& out,
                                 Screen& problems) {
  OperatorWish wish;
  wish.kind = AccessKind::kDisplay;
  wish.about = "record " + std::to_string(access.place.number);
  wish.holder = access.record.holder;
  wish.number = access.record.certificate_number;
  wish.identifier = access.record.certificate;
  wish.refers_to = access.place.number;
  std::uint64_t record = 0;
  if (const auto code = admit(arguments, wish, problems, record)) return code;
  out.line("shown to you by access record " + std::to_string(record), Tone::kQuiet);
  return {};
}

// The one of the digest that the record names; null, with what to do among the problems.
std::shared_ptr<const AccessPolicy> policy_of(const AccessRecord& record,
                                              const std::vector<std::string>& files,
                                              Screen& problems) {
  std::vector<std::string> others;
  for (const std::string& file : files) {
    const auto text = read_file(file, kLargestPolicyFile);
    const auto policy = text ? AccessPolicy::parse(text.value(), file)
                             : Result<std::shared_ptr<const AccessPolicy>>(text.error());
    if (!policy) {
      problems.line(text ? policy.error().message : file + ": " + text.error().message, Tone::kBad);
    } else if (policy_digest(policy.value()->version()) == policy_digest(record.policy)) {
      return policy.value();
    } else {
      others.push_back(file + " is " + policy.value()->version());
    }
  }
  for (const std::string& other : others) problems.line(other, Tone::kQuiet);
  problems.line("the decision was made by the policy " + record.policy +
                    ", and no file with that digest was given: lay out the one that was in force "
                    "then and name it with --policy FILE",
                Tone::kBad);
  return nullptr;
}

void show_inputs(const DecisionInputs& inputs, bool unmasked, Screen& out) {
  for (const NamedInput& input : named_inputs(inputs)) {
    const bool shown = !input.personal || unmasked;
    out.line("  " + input.name + ": " +
             (shown ? input.value : masked_value(input.mask, input.value)));
  }
}

int show_recomputed(const Recomputed& made, bool unmasked, Screen& out, Screen& problems) {
  show_inputs(made.inputs, unmasked, out);
  out.line("decided again: " + std::string(made.decision.allowed ? "allowed" : "denied") + ", " +
           made.decision.code + ": " + made.decision.sentence);
  for (const std::string& obligation : made.decision.obligations) {
    out.line("obligation: " + obligation);
  }
  if (made.differences.empty()) {
    out.line("the same as the record says", Tone::kGood);
    return kExitOk;
  }
  for (const std::string& difference : made.differences) problems.line(difference, Tone::kBad);
  out.line("DIFFERENT from what the record says", Tone::kBad);
  return kExitFindings;
}

// What no policy file can explain; an exit code with the reason.
std::optional<int> cannot_be_made_again(const ReadAccess& access, Screen& out, Screen& problems) {
  const AccessRecord& record = access.record;
  if (is_by_a_limit(record)) {
    out.line(
        "denied by a limit: counters lie in memory and are not kept, so that this cannot be "
        "decided again; the limits stand in the policy " +
        record.policy);
    return kExitOk;
  }
  if (!record.inputs.empty()) return {};
  if (access.about_is_gone) {
    problems.line(
        "its personal parts, and with them the inputs, were destroyed: it cannot be "
        "decided again",
        Tone::kBad);
    return kExitNotFound;
  }
  problems.line(record.refers_to == 0
                    ? std::string("nothing was decided here: the record keeps no inputs")
                    : "its inputs stand in the record that it refers to: explain " +
                          std::to_string(record.refers_to),
                Tone::kBad);
  return kExitNotFound;
}

}  // namespace

int access_show_command(const Arguments& arguments, Screen& out, Screen& problems) {
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  ReadAccess access;
  if (const auto code = read_record(context, arguments.number, access, problems)) return *code;
  if (arguments.unmask) {
    if (const auto code = admit_display(arguments, access, out, problems)) return *code;
  }
  show_members(access, arguments.unmask, out);
  return kExitOk;
}

int access_explain_command(const Arguments& arguments, Screen& out, Screen& problems) {
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  ReadAccess access;
  if (const auto code = read_record(context, arguments.number, access, problems)) return *code;
  const AccessRecord& record = access.record;
  out.line("record " + arguments.number + ": " +
           (record.decision == AccessDecision::kAllowed ? "allowed, " : "denied, ") + record.code +
           ", by the policy " + record.policy);
  if (const auto code = cannot_be_made_again(access, out, problems)) return *code;
  std::vector<std::string> files = arguments.policies;
  const std::string& configured = context.loaded.configuration.queries.policy_file;
  if (!configured.empty()) files.push_back(configured);
  const auto policy = policy_of(record, files, problems);
  if (policy == nullptr) return kExitNotFound;
  const auto made = recompute(*policy, record);
  if (!made) return access_failed(made.error(), problems);
  if (arguments.unmask) {
    if (const auto code = admit_display(arguments, access, out, problems)) return *code;
  }
  return show_recomputed(made.value(), arguments.unmask, out, problems);
}

}  // namespace certbridge::host

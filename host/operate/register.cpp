// The register of certificates as operations staff see it: changes that are half done, and terms
// that end.
#include "engine/terms.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kMostDaysAhead = 36'500;

std::string day_text(std::chrono::year_month_day day) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}

Result<std::optional<LinkedState>> set_state_wanted(const OperationCall& call) {
  const std::string name = call.text("state");
  if (name == "all") return std::optional<LinkedState>();
  if (name.empty()) return std::optional<LinkedState>(LinkedState::kUnderWay);
  for (const LinkedState state :
       {LinkedState::kUnderWay, LinkedState::kComplete, LinkedState::kGivenUp}) {
    if (to_text(state) == name) return std::optional<LinkedState>(state);
  }
  return Error::permanent("operate.parameter",
                          "`state` must be under-way, complete, given-up or all");
}

bool is_late(const OperationCall& call, const LinkedSet& set) {
  const auto limit = call.services.configuration.life.half_done_limit;
  return set.state == LinkedState::kUnderWay && set.opened < call.services.clock.now() - limit;
}

std::vector<Field> member_row(const LinkedSet& set, const LinkedMember& one) {
  const bool earlier =
      one.standing == LinkedStanding::kStands || one.standing == LinkedStanding::kEnded;
  return {set.id, earlier ? "earlier" : "new", one.identifier, one.number, to_text(one.standing)};
}

std::vector<Field> term_row(const OperationCall& call, const RegisteredCertificate& one) {
  const LifeRecord& life = one.life;
  return {life.expires_on ? day_text(*life.expires_on) : std::string(),
          life.identifier,
          life.number,
          life.type_code,
          life.area,
          life.case_no,
          life.use,
          life.word,
          to_text(call.services.configuration.life.at_end_of_term(life))};
}

Result<OperationAnswer> list_changes(const OperationCall& call) {
  const auto state = set_state_wanted(call);
  if (!state) return state.error();
  LinkedQuery query;
  query.state = state.value();
  query.limit = limit_of(call);
  if (call.flag("late")) {
    query.state = LinkedState::kUnderWay;
    query.opened_before =
        call.services.clock.now() - call.services.configuration.life.half_done_limit;
  }
  const auto found = call.services.store.desk().linked_sets(query);
  if (!found) return found.error();
  AnswerTable changes{
      "changes", {"change", "case", "area", "policy", "state", "late", "opened", "changed"}, {}};
  AnswerTable members{"certificates", {"change", "side", "identifier", "number", "standing"}, {}};
  for (const LinkedSet& set : found.value()) {
    changes.rows.push_back({set.id, set.case_no, set.area, to_text(set.policy), to_text(set.state),
                            is_late(call, set), time_field(set.opened), time_field(set.changed)});
    for (const LinkedMember& one : set.members) members.rows.push_back(member_row(set, one));
  }
  OperationAnswer answer;
  answer.tables.push_back(std::move(changes));
  answer.tables.push_back(std::move(members));
  return answer;
}

// Those that the policy says nothing about are left out unless all are asked for.
Result<OperationAnswer> list_ending_certificates(const OperationCall& call) {
  const std::int64_t days = std::min(call.number("days", 0), kMostDaysAhead);
  const auto today = local_day(call.services.clock.now());
  TermQuery query;
  query.until = today + std::chrono::days(days);
  query.area = call.text("area");
  query.type = call.text("type");
  query.limit = limit_of(call);
  const auto found = call.services.store.desk().terms(query);
  if (!found) return found.error();
  AnswerTable table{
      "certificates",
      {"ends", "identifier", "number", "type", "area", "case", "use", "stands", "at the end"},
      {}};
  for (const RegisteredCertificate& one : found.value()) {
    const auto at_end = call.services.configuration.life.at_end_of_term(one.life);
    if (at_end == AtEndOfTerm::kNothing && !call.flag("all")) continue;
    table.rows.push_back(term_row(call, one));
  }
  OperationAnswer answer;
  answer.tables.push_back(std::move(table));
  return answer;
}

Result<OperationAnswer> believe_day(const OperationCall& call) {
  const auto today = local_day(call.services.clock.now());
  const auto said = call.time("day");
  if (!said || std::chrono::floor<std::chrono::days>(*said) != today) {
    return Error::permanent("operate.parameter",
                            "`day` must be the day that the host's clock shows, " +
                                day_text(today) + "; set the clock first if it is wrong");
  }
  Store& store = call.services.store;
  auto note = store.desk().terms_note();
  if (!note) return note.error();
  note.value().day = today;
  Transition transition;
  transition.terms_note = note.value();
  transition.actions.push_back(
      action_of(call, "certificates believe-day", "clock", day_text(today)));
  if (auto applied = store.apply(std::move(transition)); !applied) return applied.error();
  OperationAnswer answer;
  answer.values.emplace_back("day", day_text(today));
  return answer;
}

}  // namespace

std::vector<Operation> register_operations() {
  return {
      {"certificates",
       "ending",
       Effect::kReads,
       kLookers,
       "certificates whose term is over or ends soon, and what the policy makes of it",
       {{"days", ParameterType::kNumber, true, false, "within so many days from today"},
        {"area", ParameterType::kText, false, false, "only of this area"},
        {"type", ParameterType::kText, false, false, "only of this type code"},
        {"all", ParameterType::kFlag, false, false, "yes: also those whose term means nothing"},
        kLimit},
       &list_ending_certificates},
      {"certificates",
       "believe-day",
       Effect::kChanges,
       kOperators,
       "the clock has leapt forward and is right: deal with the terms that have ended",
       {{"day", ParameterType::kTime, true, false, "the day that it is, as 2026-11-27"}, kReason},
       &believe_day},
      {"changes",
       "list",
       Effect::kReads,
       kLookers,
       "cases that end earlier certificates and make new ones, and how far each has come",
       {{"state", ParameterType::kText, false, false, "under-way, complete, given-up or all"},
        {"late", ParameterType::kFlag, false, false,
         "yes: only those that are half done for too long"},
        kLimit},
       &list_changes},
  };
}

}  // namespace certbridge::host

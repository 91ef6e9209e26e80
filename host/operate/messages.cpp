// Messages found by what they are about.
#include "config/configuration_error.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"
#include "search/search.h"

namespace certbridge::host {
namespace {

std::vector<SearchTerm> terms_of(const OperationCall& call) {
  std::vector<SearchTerm> terms;
  const auto add = [&](const char* parameter, SearchTerm::Kind kind) {
    const std::string value = call.text(parameter);
    if (!value.empty()) terms.push_back({kind, value});
  };
  add("certificate", SearchTerm::Kind::kCertificateNumber);
  add("case", SearchTerm::Kind::kCase);
  add("holder", SearchTerm::Kind::kHolderId);
  add("holder-name", SearchTerm::Kind::kHolderName);
  return terms;
}

AnswerTable message_table(const std::vector<FoundMessage>& found) {
  AnswerTable table{
      "messages",
      {"message", "type", "state", "area", "case", "identifier", "stored", "changed", "code"},
      {}};
  for (const FoundMessage& one : found) {
    const StoredMessage& stored = one.message;
    table.rows.push_back({stored.message.id, stored.message.type, to_text(stored.state),
                          stored.message.area, header_of(stored.message, "case-no"),
                          header_of(stored.message, "identifier"), time_field(one.stored),
                          time_field(stored.changed), stored.error_code});
  }
  return table;
}

}  // namespace

std::optional<MessageState> state_named(const std::string& name) {
  for (int value = 1; value <= static_cast<int>(MessageState::kDiscarded); ++value) {
    if (to_text(static_cast<MessageState>(value)) == name) return static_cast<MessageState>(value);
  }
  return {};
}

Error no_such_state(const std::string& name) {
  std::vector<std::string> names;
  for (int value = 1; value <= static_cast<int>(MessageState::kDiscarded); ++value) {
    names.push_back(to_text(static_cast<MessageState>(value)));
  }
  return Error::permanent("operate.parameter", "no message is ever in a state `" + name +
                                                   "`; states are " + listed(names));
}

namespace {

Result<OperationAnswer> find_messages(const OperationCall& call) {
  SearchQuestion question;
  question.terms = terms_of(call);
  question.filter = {state_named(call.text("state")), call.time("from"), call.time("until")};
  if (!call.text("state").empty() && !question.filter.state) {
    return no_such_state(call.text("state"));
  }
  question.before = call.number("cursor", 0);
  question.limit = std::min(limit_of(call), kMostFound);
  const auto searched = search_messages(call.services.configuration.data_folder,
                                        call.services.store.search_source(), question);
  if (!searched) return searched.error();
  OperationAnswer answer;
  answer.values = {{"next", searched.value().next},
                   {"not searched", count_field(searched.value().behind)}};
  answer.tables.push_back(message_table(searched.value().found));
  return answer;
}

}  // namespace

std::vector<Operation> message_operations() {
  return {
      {"messages",
       "search",
       Effect::kReads,
       kLookers,
       "messages by what they are about, newest first",
       {{"certificate", ParameterType::kText, false, false,
         "only of this certificate number, in any form"},
        {"case", ParameterType::kText, false, false, "only of this case"},
        {"holder", ParameterType::kText, false, false, "only of a holder with this identity number",
         true},
        {"holder-name", ParameterType::kText, false, false, "only of a holder of this name", true},
        {"state", ParameterType::kText, false, false, "only in this state, as `parked`"},
        {"from", ParameterType::kTime, false, false, "only stored at or after"},
        {"until", ParameterType::kTime, false, false, "only stored before"},
        {"cursor", ParameterType::kNumber, false, false,
         "the next page: what the page before gave as next"},
        kLimit},
       &find_messages},
  };
}

}  // namespace certbridge::host

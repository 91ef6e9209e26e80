#include "uses.h"

#include <algorithm>
#include <charconv>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"
#include "holdings.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kLongestWord = 256;  // bytes

std::string word_in(const Texts& entry, const std::string& name) {
  const std::string text = member(entry, name);
  return text.size() <= kLongestWord && check_text(text) ? text : std::string();
}

std::string translated(const std::map<std::string, std::string, std::less<>>& words,
                       const std::string& word) {
  const auto found = words.find(word);
  return found == words.end() ? std::string() : found->second;
}

// Ours for the library's own word; of several that it has one word for, none can be told.
std::string our_purpose(const Dialect& dialect, const std::string& word) {
  std::string ours;
  for (const auto& [purpose, told] : dialect.ask.purposes) {
    if (told != word) continue;
    if (!ours.empty()) return word;
    ours = purpose;
  }
  return ours.empty() ? word : ours;
}

LoggedUse use_of(const Dialect& dialect, const std::string& client_id, const Texts& entry) {
  const UsesRule& rule = dialect.uses;
  LoggedUse use;
  const std::string caller = member(entry, rule.caller);
  if (!caller.empty()) use.by = caller == client_id ? UsedBy::kOurselves : UsedBy::kOthers;
  use.unit = word_in(entry, rule.unit);
  use.type_code = word_in(entry, rule.type_code);
  use.issuer_code = word_in(entry, rule.issuer_code);
  use.purpose = our_purpose(dialect, word_in(entry, rule.purpose));
  use.kind = translated(rule.operations, member(entry, rule.operation));
  use.result = translated(rule.results, member(entry, rule.result));
  const auto identifier = CertificateIdentifier::parse_lenient(member(entry, rule.identifier));
  if (!identifier) return use;
  if (use.type_code.empty()) use.type_code = identifier.value().type_code();
  if (use.issuer_code.empty()) use.issuer_code = identifier.value().issuer_code();
  return use;
}

int page_number(const std::string& after) {
  int number = 1;
  std::from_chars(after.data(), after.data() + after.size(), number);
  return std::max(number, 1);
}

const std::map<std::string, std::string UsageRow::*, std::less<>> kUsageSources{
    {"used.period", &UsageRow::period},   {"used.issuer", &UsageRow::issuer_code},
    {"used.unit", &UsageRow::unit},       {"used.type", &UsageRow::type_code},
    {"used.purpose", &UsageRow::purpose}, {"used.source", &UsageRow::source},
    {"used.kind", &UsageRow::kind},       {"used.result", &UsageRow::result},
    {"used.number", &UsageRow::number}};

// The library's word for ours; ours where it has none.
std::string their_word(const std::map<std::string, std::string, std::less<>>& words,
                       const std::string& ours) {
  for (const auto& [theirs, is] : words) {
    if (is == ours) return theirs;
  }
  return ours;
}

}  // namespace

bool is_usage_source(std::string_view from) { return kUsageSources.contains(from); }

std::optional<std::string> usage_value(std::string_view from, const UsageRow& row,
                                       const Dialect& dialect) {
  std::string text = row.*(kUsageSources.find(from)->second);
  if (from == "used.kind") text = their_word(dialect.uses.operations, text);
  if (from == "used.result") text = their_word(dialect.uses.results, text);
  if (from == "used.purpose") {
    const auto told = dialect.ask.purposes.find(text);
    if (told != dialect.ask.purposes.end()) text = told->second;
  }
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

Result<std::string> write_usage_form(const Dialect& dialect, const std::vector<UsageRow>& rows) {
  const UsageFormRule& rule = dialect.usage_form;
  if (rule.fields.empty()) {
    return Error::permanent("municipal.not_offered",
                            "the library's dialect has no form in which it is told of uses; write "
                            "<usage-report> into the dialect file, or give the report as CSV");
  }
  Field form;
  form.shape = Field::Shape::kObject;
  form.parts = rule.fields;
  std::string list;
  for (const UsageRow& row : rows) {
    Subject subject;
    subject.usage = &row;
    auto object = write_value(form, subject, dialect);
    if (!object) return object.error();
    list += (list.empty() ? "" : ",") + *object.value();
  }
  return "{" + json_quoted(dialect.content_member) + ":{" + json_quoted(rule.list) + ":[" + list +
         "]}}";
}

std::vector<LoggedUse> read_logged_uses(const Dialect& dialect, const std::string& client_id,
                                        const std::vector<Texts>& entries) {
  std::vector<LoggedUse> uses;
  uses.reserve(entries.size());
  for (const Texts& entry : entries) uses.push_back(use_of(dialect, client_id, entry));
  return uses;
}

Result<UsesPage> ask_uses(LibraryCaller& caller, const std::string& client_id,
                          const UsesQuestion& question, const Call& call) {
  const UsesRule& rule = caller.dialect().uses;
  UsesPage page;
  if (rule.call.path.empty()) return page;
  page.offered = true;
  BooksQuestion asked{question.day, {}, {}, std::min(question.limit, rule.most)};
  Subject subject;
  subject.books = &asked;
  subject.books_page = page_number(question.after);
  auto reply = caller.ask(rule.call, subject, call);
  if (!reply) return reply.error();
  std::vector<Texts> entries;
  if (reply.value().meaning == AnswerClass::kOk) entries = reply.value().answer.list(rule.list);
  if (entries.size() > asked.limit) {
    return Error::retryable("municipal.garbled",
                            "the library's log has more entries on a page than were asked for");
  }
  page.uses = read_logged_uses(caller.dialect(), client_id, entries);
  if (entries.size() == asked.limit) page.next = std::to_string(subject.books_page + 1);
  return page;
}

}  // namespace certbridge::municipal_library

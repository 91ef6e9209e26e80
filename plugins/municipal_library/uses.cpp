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

}  // namespace

std::vector<LoggedUse> read_logged_uses(const Dialect& dialect, const std::string& client_id,
                                        const std::vector<Texts>& entries) {
  std::vector<LoggedUse> uses;
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

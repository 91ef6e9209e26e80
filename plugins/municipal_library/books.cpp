#include "books.h"

#include <algorithm>
#include <charconv>

#include "caller_settings.h"
#include "certbridge/record.h"
#include "holdings.h"
#include "types.h"
#include "uses.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kAreaDigits = 6;
constexpr std::uint64_t kLargestUsesQuestion = 100'000;
constexpr std::uint64_t kLargestUsageRows = 8'000'000;

Error no_uses_question(const std::string& why) {
  return Error::permanent("municipal.question", "the question cannot be read: " + why);
}

template <class Number>
Number number_or_none(const std::string& text) {
  Number number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() ? number : Number{};
}

BookedState state_of(const Dialect& dialect, const Texts& entry) {
  const BooksRule& rule = dialect.books;
  return booked_state(dialect, member(entry, rule.state), member(entry, rule.replaced) == "1");
}

BookedCertificate certificate_of(const Dialect& dialect, const Texts& entry) {
  const BooksRule& rule = dialect.books;
  BookedCertificate it;
  it.area = member(entry, rule.area).substr(0, kAreaDigits);
  it.type_code = member(entry, rule.type_code);
  it.number = member(entry, rule.number);
  it.case_no = member(entry, rule.case_no);
  it.identifier = member(entry, rule.identifier);
  it.version = std::clamp(number_or_none<int>(member(entry, rule.version)), 0, 999);
  it.state = state_of(dialect, entry);
  it.digest = lower(member(entry, rule.digest));
  return it;
}

class Books final : public Responder {
 public:
  Books(Context& context, CallerSettings settings, Responder& transport)
      : client_id_(settings.client_id),
        caller_(
            std::move(settings), transport, [&context] { return context.clock().now(); },
            [&context] { return context.clock().steady(); }, &random_bytes) {}

  Result<Message> answer(const Message& question, const Call& call) override {
    if (question.type == kUsesQuestion) return uses(question, call);
    if (question.type == kUsageForm) return usage_form(question);
    if (question.type == kFaceQuestion) return face(question, call);
    auto asked = read_books_question(question);
    if (!asked) return asked.error();
    auto page = page_of(std::move(asked).value(), call);
    if (!page) return page.error();
    Message answer;
    answer.type = kBooksQuestion;
    answer.media_type = kBooksMediaType;
    answer.body = content_of(write_books(page.value()));
    return answer;
  }

 private:
  Result<Message> uses(const Message& question, const Call& call) {
    if (question.body == nullptr) return no_uses_question("it has no body");
    auto xml = read_all(*question.body, kLargestUsesQuestion);
    if (!xml) return xml.error();
    auto asked = parse_uses_question(xml.value());
    if (!asked) return no_uses_question(asked.error().message);
    auto page = ask_uses(caller_, client_id_, asked.value(), call);
    if (!page) return page.error();
    Message answer;
    answer.type = kUsesQuestion;
    answer.media_type = kQueryMediaType;
    answer.body = content_of(write_uses(page.value()));
    return answer;
  }

  Result<Message> face(const Message& question, const Call& call) {
    const auto type = question.headers.find("type-code");
    if (type == question.headers.end()) {
      return Error::permanent("municipal.question", "the question names no type (type-code)");
    }
    Message answer;
    answer.type = kFaceQuestion;
    answer.media_type = kRecordsMediaType;
    const bool offered = publishes_faces(caller_.dialect());
    answer.headers["offered"] = offered ? "yes" : "no";
    std::vector<TypeField> fields;
    if (offered) {
      auto asked = ask_face(caller_, type->second, call);
      if (!asked) return asked.error();
      fields = std::move(asked).value();
    }
    answer.body = content_of(write_face(fields));
    return answer;
  }

  Result<Message> usage_form(const Message& question) {
    if (question.body == nullptr) return no_uses_question("it has no body");
    auto xml = read_all(*question.body, kLargestUsageRows);
    if (!xml) return xml.error();
    auto rows = parse_usage_rows(xml.value());
    if (!rows) return no_uses_question(rows.error().message);
    auto form = write_usage_form(caller_.dialect(), rows.value());
    if (!form) return form.error();
    Message answer;
    answer.type = kUsageForm;
    answer.media_type = "application/json";
    answer.body = content_of(std::move(form).value());
    return answer;
  }

  Result<BooksPage> page_of(BooksQuestion question, const Call& call) {
    const BooksRule& rule = caller_.dialect().books;
    if (rule.kind == BooksKind::kNothing) return BooksPage{};
    question.limit = std::min(question.limit, rule.most);
    Subject subject;
    subject.books = &question;
    subject.books_page = std::max(1, number_or_none<int>(question.after));
    auto reply = caller_.ask(rule.call, subject, call);
    if (!reply) return reply.error();
    std::vector<Texts> entries;
    if (reply.value().meaning == AnswerClass::kOk) entries = reply.value().answer.list(rule.list);
    std::size_t unread = 0;
    BooksPage page = read_books_page(caller_.dialect(), entries, unread);
    if (unread > 0) {
      return Error::retryable("municipal.garbled", std::to_string(unread) +
                                                       " entries of the library's books have no "
                                                       "number");
    }
    const bool full = rule.kind == BooksKind::kList && entries.size() >= question.limit;
    if (full) page.next = std::to_string(subject.books_page + 1);
    return page;
  }

  std::string client_id_;
  LibraryCaller caller_;
};

}  // namespace

BookedState booked_state(const Dialect& dialect, const std::string& said, bool replaced) {
  BookedState state;
  state.said = said;
  const auto known = dialect.states.find(said);
  if (replaced || (known != dialect.states.end() && known->second.replaced)) {
    state.words.insert("replaced");
    return state;
  }
  if (known == dialect.states.end()) return state;
  state.in_progress = known->second.issue == Holding::kInProgress;
  const auto valid = dialect.words.find("valid");
  const bool as_valid = valid != dialect.words.end() && valid->second.to == said;
  for (const auto& [word, told] : dialect.words) {
    if (told.to == said || (as_valid && told.to.empty())) state.words.insert(word);
  }
  if (known->second.ended) state.words.insert({"cancelled", "revoked", "abolished", "voided"});
  return state;
}

BooksPage read_books_page(const Dialect& dialect, const std::vector<Texts>& entries,
                          std::size_t& unread) {
  const BooksRule& rule = dialect.books;
  BooksPage page;
  page.kind = rule.kind;
  for (const Texts& entry : entries) {
    const std::string name = rule.kind == BooksKind::kList ? rule.number : rule.count;
    if (member(entry, name).empty()) {
      ++unread;
    } else if (rule.kind == BooksKind::kList) {
      page.certificates.push_back(certificate_of(dialect, entry));
    } else {
      page.counts.push_back({member(entry, rule.area).substr(0, kAreaDigits),
                             member(entry, rule.type_code), state_of(dialect, entry),
                             number_or_none<std::uint64_t>(member(entry, rule.count))});
    }
  }
  return page;
}

Result<std::unique_ptr<Responder>> make_books(Context& context) {
  auto settings = read_caller_settings(context.config());
  if (!settings) return settings.error();
  auto transport = context.responder("library");
  if (!transport) return transport.error();
  return std::unique_ptr<Responder>(
      std::make_unique<Books>(context, std::move(settings).value(), *transport.value()));
}

}  // namespace certbridge::municipal_library

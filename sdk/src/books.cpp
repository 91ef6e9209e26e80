#include "certbridge/books.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <sstream>

#include "certbridge/xml.h"
#include "certificate_words.h"

namespace certbridge {
namespace {

constexpr std::string_view kBooksNameSpace = "urn:certbridge:books:1";
constexpr std::array<std::string_view, 3> kBooksKindWords{"nothing", "counts", "list"};
constexpr XmlLimits kLimits{8UL * 1024 * 1024, 3, 100'000};

std::string attribute(const char* name, std::string_view value) {
  if (value.empty()) return {};
  return " " + std::string(name) + "=\"" + xml_escape(value) + "\"";
}

std::string state_attributes(const BookedState& state) {
  std::string words;
  for (const std::string& word : state.words) words += (words.empty() ? "" : " ") + word;
  return attribute("words", words) + attribute("said", state.said) +
         attribute("in-progress", state.in_progress ? "yes" : "");
}

std::string certificate_xml(const BookedCertificate& it) {
  return "<certificate" + attribute("area", it.area) + attribute("type-code", it.type_code) +
         attribute("number", it.number) + attribute("case-no", it.case_no) +
         attribute("identifier", it.identifier) +
         attribute("version", it.version == 0 ? "" : std::to_string(it.version)) +
         state_attributes(it.state) + attribute("digest", it.digest) + "/>";
}

Error wrong(const char* code, const XmlElement& at, const std::string& reason) {
  return Error::permanent(
      code, "books:" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + reason);
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || text.front() == '-') return {};
  return number;
}

Result<void> check_attributes(const XmlElement& at, std::initializer_list<std::string_view> known) {
  for (const XmlAttribute& one : at.attributes) {
    if (std::find(known.begin(), known.end(), one.name) == known.end()) {
      return wrong("books.shape", at, "unknown attribute of <" + at.name + ">");
    }
  }
  return {};
}

BookedState read_state(const XmlElement& at) {
  BookedState state;
  std::istringstream words(at.attribute_or_empty("words"));
  for (std::string word; words >> word;) state.words.insert(word);
  state.said = at.attribute_or_empty("said");
  state.in_progress = at.attribute_or_empty("in-progress") == "yes";
  return state;
}

Result<void> read_case(const XmlElement& at, BooksPage& page) {
  if (auto known = check_attributes(at, {"case-no", "area", "booked"}); !known) return known;
  const auto booked = parse_time(at.attribute_or_empty("booked"));
  BookedCase it{at.attribute_or_empty("case-no"), at.attribute_or_empty("area"), {}};
  if (it.case_no.empty() || !booked) {
    return wrong("books.value", at, "a case needs its number and when it was booked");
  }
  it.booked = *booked;
  page.cases.push_back(std::move(it));
  return {};
}

Result<void> read_certificate(const XmlElement& at, BooksPage& page) {
  if (auto known = check_attributes(at, {"area", "type-code", "number", "case-no", "identifier",
                                         "version", "words", "said", "in-progress", "digest"});
      !known) {
    return known;
  }
  BookedCertificate it{at.attribute_or_empty("area"),
                       at.attribute_or_empty("type-code"),
                       at.attribute_or_empty("number"),
                       at.attribute_or_empty("case-no"),
                       at.attribute_or_empty("identifier"),
                       0,
                       read_state(at),
                       at.attribute_or_empty("digest")};
  const std::string version = at.attribute_or_empty("version");
  const auto number = version.empty() ? std::optional(0) : number_of<int>(version);
  if (it.number.empty() || !number || *number > 999) {
    return wrong("books.value", at, "a certificate needs its number, and a version up to 999");
  }
  it.version = *number;
  page.certificates.push_back(std::move(it));
  return {};
}

Result<void> read_count(const XmlElement& at, BooksPage& page) {
  if (auto known =
          check_attributes(at, {"area", "type-code", "words", "said", "in-progress", "number"});
      !known) {
    return known;
  }
  const std::string text = at.attribute_or_empty("number");
  const auto number = text.empty() ? std::nullopt : number_of<std::uint64_t>(text);
  if (!number) return wrong("books.value", at, "a count needs its number");
  page.counts.push_back(
      {at.attribute_or_empty("area"), at.attribute_or_empty("type-code"), read_state(at), *number});
  return {};
}

Result<void> read_entry(const XmlElement& at, BooksPage& page) {
  if (at.name_space != kBooksNameSpace || !at.children.empty()) {
    return wrong("books.shape", at, "<" + at.name + "> has a wrong namespace or content");
  }
  if (at.name == "case") return read_case(at, page);
  if (at.name == "certificate" && page.kind == BooksKind::kList) return read_certificate(at, page);
  if (at.name == "count" && page.kind == BooksKind::kCounts) return read_count(at, page);
  return wrong("books.shape", at, "no place for <" + at.name + "> here");
}

}  // namespace

std::string to_word(BooksKind kind) { return word_of(kind, kBooksKindWords); }

Message write_books_question(const BooksQuestion& question) {
  Message message;
  message.type = kBooksQuestion;
  message.area = question.area;
  message.headers = {{"books-day", date_text(question.day)},
                     {"books-limit", std::to_string(question.limit)}};
  if (!question.after.empty()) message.headers["books-after"] = question.after;
  return message;
}

Result<BooksQuestion> read_books_question(const Message& message) {
  const auto header = [&](const char* name) { return header_of(message, name); };
  const auto day = parse_date(header("books-day"));
  const std::string limit = header("books-limit");
  const auto number = limit.empty() ? std::nullopt : number_of<std::size_t>(limit);
  if (message.type != kBooksQuestion || !day || !number || *number == 0 ||
      *number > kMostOfABooksPage) {
    return Error::permanent("books.question",
                            "the question must be of type books.day, with the headers books-day "
                            "(2026-11-24) and books-limit (1 to 1000)");
  }
  return BooksQuestion{*day, message.area, header("books-after"), *number};
}

std::string write_books(const BooksPage& page) {
  std::string xml = "<books" + attribute("xmlns", kBooksNameSpace) +
                    attribute("kind", to_word(page.kind)) + attribute("next", page.next) + ">";
  for (const BookedCase& it : page.cases) {
    xml += "<case" + attribute("case-no", it.case_no) + attribute("area", it.area) +
           attribute("booked", time_text(it.booked)) + "/>";
  }
  for (const BookedCertificate& it : page.certificates) xml += certificate_xml(it);
  for (const BookedCount& it : page.counts) {
    xml += "<count" + attribute("area", it.area) + attribute("type-code", it.type_code) +
           state_attributes(it.state) + attribute("number", std::to_string(it.number)) + "/>";
  }
  return xml + "</books>";
}

Result<BooksPage> parse_books(std::string_view xml) {
  auto parsed = parse_xml(xml, "books", kLimits);
  if (!parsed) return parsed.error();
  const XmlElement& root = parsed.value();
  if (root.name != "books" || root.name_space != kBooksNameSpace) {
    return wrong("books.shape", root, "the root must be <books> of urn:certbridge:books:1");
  }
  if (auto known = check_attributes(root, {"kind", "next"}); !known) return known.error();
  const auto kind = value_of<BooksKind>(root.attribute_or_empty("kind"), kBooksKindWords);
  if (!kind) return wrong("books.value", root, "kind is nothing, counts or list");
  BooksPage page;
  page.kind = *kind;
  page.next = root.attribute_or_empty("next");
  for (const XmlElement& child : root.children) {
    if (auto read = read_entry(child, page); !read) return read.error();
  }
  return page;
}

}  // namespace certbridge

#include "dialect.h"

#include <charconv>

#include "dialect_reader.h"
#include "values.h"

namespace certbridge::municipal_library {
namespace {

const Words<AnswerClass> kClasses{{"ok", AnswerClass::kOk},
                                  {"duplicate", AnswerClass::kDuplicate},
                                  {"not-found", AnswerClass::kNotFound},
                                  {"authentication", AnswerClass::kAuthentication},
                                  {"permission", AnswerClass::kPermission},
                                  {"bad-request", AnswerClass::kBadRequest},
                                  {"type-unregistered", AnswerClass::kTypeUnregistered},
                                  {"state-conflict", AnswerClass::kStateConflict},
                                  {"throttle", AnswerClass::kThrottle},
                                  {"transient", AnswerClass::kTransient},
                                  {"received", AnswerClass::kReceived}};
const Words<Charset> kCharsets{{"UTF-8", Charset::kUtf8}, {"GB18030", Charset::kGb18030}};
const Words<SignatureKind> kSignatures{{"sm2", SignatureKind::kSm2},
                                       {"hmac-sm3", SignatureKind::kHmacSm3}};
const Words<bool> kSigned{{"timestamp data", true}, {"data", false}};
const Words<BooksKind> kBooksKinds{{"counts", BooksKind::kCounts}, {"list", BooksKind::kList}};
const Words<bool> kCiphers{{"sm4-cbc", true}};

class Reader : public DialectReader {
 public:
  using DialectReader::DialectReader;

  Result<Dialect> read(const XmlElement& root) {
    if (root.name != "dialect" || root.name_space != "urn:certbridge:dialect:1") {
      fail(root, "the root element is not dialect of urn:certbridge:dialect:1");
    }
    dialect_.name = needed(root, "name");
    dialect_.charset = word(root, "charset", kCharsets);
    for (const XmlElement& element : root.children) read_part(element);
    for (const std::string& part : needed_parts()) {
      if (root.child(part) == nullptr) fail(root, "the element " + part + " is missing");
    }
    if (error()) return *error();
    return std::move(dialect_);
  }

 private:
  // A platform that keeps an index holds no certificates; of tables there is no request either.
  std::vector<std::string> needed_parts() const {
    if (!dialect_.index.statement.empty()) return {"holders"};
    std::vector<std::string> parts{"request", "answer", "holders", "code"};
    if (!dialect_.index.is_given()) {
      parts.insert(parts.end(), {"issue", "status", "query", "receipt"});
    }
    return parts;
  }
  void read_part(const XmlElement& element) {
    if (element.name == "request") return read_request(element);
    if (element.name == "answer") return read_answer(element);
    if (element.name == "token") return read_token(element);
    if (element.name == "encryption") {
      dialect_.encrypted = word(element, "algorithm", kCiphers);
      return;
    }
    if (element.name == "signature") {
      dialect_.signature = {word(element, "algorithm", kSignatures),
                            word(element, "over", kSigned)};
      return;
    }
    if (element.name == "holders") return read_holders(element);
    if (element.name == "type-name") {
      once(element, dialect_.type_names, needed(element, "code"), needed(element, "name"));
      return;
    }
    if (element.name == "issue") return read_calls(element, dialect_.issue);
    if (element.name == "status") return read_status(element);
    if (element.name == "query") return read_query(element);
    if (element.name == "books") return read_books(element);
    if (element.name == "usage-report") return read_usage_form(*this, element, dialect_.usage_form);
    if (element.name == "uses") return read_uses(*this, element, dialect_.uses);
    if (element.name == "catalogue") return read_catalogue(*this, element, dialect_.catalogue);
    if (element.name == "ask") return read_ask(*this, element, dialect_.ask);
    if (element.name == "index") return read_index(*this, element, dialect_);
    if (element.name == "receipt") return read_receipt(element);
    if (element.name == "code") return read_code(element);
    fail_unknown(element);
  }
  void read_request(const XmlElement& element) {
    dialect_.content_member = needed(element, "content");
    dialect_.head_member = element.attribute_or_empty("head");
    for (const XmlElement& head : element.children) {
      if (head.name != "head") fail_unknown(head);
      dialect_.head.push_back(read_field(head));
    }
    if (dialect_.head.empty() != dialect_.head_member.empty()) {
      fail(element, "a head needs both its name and its fields");
    }
  }
  void read_answer(const XmlElement& element) {
    dialect_.code_path = needed(element, "code");
    dialect_.text_path = needed(element, "text");
    dialect_.data_path = needed(element, "data");
  }
  void read_token(const XmlElement& element) {
    dialect_.token =
        TokenRule{needed(element, "path"), needed(element, "value"), needed(element, "lifetime"),
                  duration(element, "margin"), needed(element, "query")};
  }
  void read_holders(const XmlElement& element) {
    dialect_.separator = needed(element, "separator");
    for (const XmlElement& type : element.children) {
      if (type.name != "type") fail_unknown(type);
      once(type, dialect_.holder_types, needed(type, "from"),
           HolderType{needed(type, "to"), type.attribute_or_empty("name")});
    }
  }
  void read_receipt(const XmlElement& element) {
    dialect_.receipt_number = needed(element, "number");
    dialect_.receipt_expected = duration(element, "expected");
  }
  void read_code(const XmlElement& element) {
    const std::string call = element.attribute_or_empty("call");
    const std::string value = needed(element, "value");
    once(element, dialect_.codes, call.empty() ? value : call + "/" + value,
         word(element, "class", kClasses));
  }

  void read_calls(const XmlElement& element, std::vector<RemoteCall>& into) {
    std::set<std::string> carried;
    for (const XmlElement& call : element.children) {
      into.push_back(read_call(call, carried));
      check_sources(
          call, into.back(),
          [](std::string_view from) {
            return !is_books_source(from) && !is_asked_source(from) && !is_usage_source(from) &&
                   !is_type_source(from);
          },
          "has what is known of a certificate that is issued");
    }
    if (into.empty() || into.size() > 16) fail(element, "it needs 1 to 16 calls");
  }
  // A status is told, and asked for, of certificates whose content is not there any more.
  void check_identity(const XmlElement& at, const RemoteCall& call) {
    check_sources(at, call, &is_identity_source, "has only who the certificate is and its status");
  }
  void read_status(const XmlElement& element) {
    std::set<std::string> carried;
    for (const XmlElement& part : element.children) {
      if (part.name == "word") {
        read_word(*this, part, dialect_);
      } else {
        dialect_.status.push_back(read_call(part, carried));
        check_identity(part, dialect_.status.back());
      }
    }
    if (dialect_.status.empty() || dialect_.status.size() > 16)
      fail(element, "it needs 1 to 16 calls");
    check_words(*this, element, dialect_);
  }
  void read_query(const XmlElement& element) {
    for (const XmlElement& part : element.children) {
      if (part.name == "call") {
        std::set<std::string> carried;
        dialect_.query = read_call(part, carried);
        check_identity(part, dialect_.query);
      } else if (part.name == "held") {
        dialect_.held = {needed(part, "list"),      needed(part, "identifier"),
                         needed(part, "digest"),    needed(part, "state"),
                         needed(part, "remote-id"), needed(part, "carries")};
      } else if (part.name == "state") {
        read_state(*this, part, dialect_);
      } else {
        fail_unknown(part);
      }
    }
    if (dialect_.query.path.empty() || dialect_.held.list.empty()) {
      fail(element, "it needs a call and what is held");
    }
  }

  void read_books(const XmlElement& element) {
    BooksRule& books = dialect_.books;
    books.kind = word(element, "kind", kBooksKinds);
    const std::string most = element.attribute_or_empty("most");
    if (!most.empty()) std::from_chars(most.data(), most.data() + most.size(), books.most);
    if (books.most == 0 || books.most > kMostOfABooksPage) fail(element, "most is 1 to 1000");
    for (const XmlElement& part : element.children) {
      if (part.name == "call") {
        read_books_call(part, books.call);
      } else if (part.name == "booked") {
        read_booked(part, books);
      } else {
        fail_unknown(part);
      }
    }
    if (books.call.path.empty() || books.list.empty()) {
      fail(element, "it needs a call and what is booked");
    }
  }
  void read_books_call(const XmlElement& element, RemoteCall& into) {
    std::set<std::string> carried;
    into = read_call(element, carried);
    check_sources(element, into, &is_books_source, "has only the day, the area and the page");
  }
  void read_booked(const XmlElement& element, BooksRule& books) {
    books.list = needed(element, "list");
    books.area = element.attribute_or_empty("area");
    books.type_code = element.attribute_or_empty("type-code");
    books.state = element.attribute_or_empty("state");
    books.identifier = element.attribute_or_empty("identifier");
    books.version = element.attribute_or_empty("version");
    books.case_no = element.attribute_or_empty("case-no");
    books.digest = element.attribute_or_empty("digest");
    books.replaced = element.attribute_or_empty("replaced");
    if (books.kind == BooksKind::kList) books.number = needed(element, "number");
    if (books.kind == BooksKind::kCounts) books.count = needed(element, "count");
  }

  Dialect dialect_{};
};

}  // namespace

AnswerClass Dialect::class_of(std::string_view call, std::string_view code) const {
  const auto special = codes.find(std::string(call) + "/" + std::string(code));
  if (special != codes.end()) return special->second;
  const auto usual = codes.find(code);
  return usual == codes.end() ? AnswerClass::kUnknown : usual->second;
}

Result<Dialect> parse_dialect(std::string_view xml, std::string_view file) {
  auto root = parse_xml(xml, file, XmlLimits{});
  if (!root) return Error::fault(root.error().code, root.error().message);
  return Reader(file).read(root.value());
}

}  // namespace certbridge::municipal_library

// The element <index> of a dialect file: how a platform that keeps an index is told of entries.
#include <algorithm>
#include <sstream>

#include "dialect_reader.h"
#include "values.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kMostColumns = 64;
constexpr std::size_t kMostRefusals = 64;
const Words<AnswerClass> kRefusalClasses{{"type-unregistered", AnswerClass::kTypeUnregistered}};

class IndexReader {
 public:
  IndexReader(DialectReader& reader, Dialect& into) : reader_(reader), into_(into) {}

  void read(const XmlElement& element) {
    for (const XmlElement& part : element.children) read_part(part);
    if (rule().row.empty()) reader_.fail(element, "it needs a row");
    if (rule().operations.empty()) reader_.fail(element, "it needs operations");
    if (rule().report_path.empty() == rule().statement.empty()) {
      reader_.fail(element, "it is told either by a path or by a statement: the row needs one");
    }
    if (!rule().report_path.empty() && rule().query.path.empty()) {
      reader_.fail(element, "it needs a query: what an attempt came to must be asked");
    }
    if (!rule().refusals.empty() && rule().statement.empty()) {
      reader_.fail(element, "a refusal by its remark is of tables: over HTTP its code counts");
    }
    check_words(reader_, element, into_);
    check_digest(element);
  }

 private:
  IndexRule& rule() { return into_.index; }

  void read_part(const XmlElement& part) {
    if (part.name == "operations") return read_operations(part);
    if (part.name == "row") return read_row(part);
    if (part.name == "digest") return read_digest(part);
    if (part.name == "query") return read_query(part);
    if (part.name == "state") return read_state(reader_, part, into_);
    if (part.name == "refusal") return read_refusal(part);
    if (part.name != "word") return reader_.fail_unknown(part);
    read_word(reader_, part, into_);
    if (part.attribute_or_empty("delete") == "yes") {
      rule().deleting.insert(part.attribute_or_empty("from"));
    }
  }
  void read_operations(const XmlElement& part) {
    rule().operations = {{IndexOperation::kInsert, reader_.needed(part, "insert")},
                         {IndexOperation::kUpdate, reader_.needed(part, "update")},
                         {IndexOperation::kDelete, reader_.needed(part, "delete")}};
  }
  void read_row(const XmlElement& part) {
    rule().report_path = part.attribute_or_empty("path");
    rule().statement = part.attribute_or_empty("statement");
    if (!rule().statement.empty()) {
      rule().verdict = reader_.needed(part, "verdict");
      rule().verdict_expected = reader_.duration(part, "expected");
    }
    for (const XmlElement& element : part.children) {
      if (element.name != "field") reader_.fail_unknown(element);
      rule().row.push_back(reader_.read_field(element));
      check_column(element, rule().row.back());
    }
    if (rule().row.size() > kMostColumns) reader_.fail(part, "it has more than 64 fields");
  }
  void check_column(const XmlElement& at, const Field& field) {
    const bool plain = field.parts.empty() && (field.shape == Field::Shape::kText ||
                                               field.shape == Field::Shape::kInteger);
    if (!plain) reader_.fail(at, "a field of a row is a text or an integer");
    if (!field.from.empty() && !is_row_source(field.from)) {
      reader_.fail(at, "a row has what is known of the certificate, not \"" + field.from + "\"");
    }
  }
  void read_digest(const XmlElement& part) {
    std::istringstream names(reader_.needed(part, "over"));
    for (std::string name; names >> name;) rule().digest_over.push_back(name);
    rule().digest_between = reader_.needed(part, "between");
  }
  void check_digest(const XmlElement& at) {
    const auto& row = rule().row;
    for (const std::string& name : rule().digest_over) {
      const auto found = std::find_if(row.begin(), row.end(),
                                      [&](const Field& field) { return field.name == name; });
      if (found == row.end()) reader_.fail(at, "the row has no field \"" + name + "\"");
      if (found != row.end() && found->from == "index.digest") {
        reader_.fail(at, "the digest is not over itself");
      }
    }
    const bool wanted = std::any_of(
        row.begin(), row.end(), [](const Field& field) { return field.from == "index.digest"; });
    if (wanted && rule().digest_over.empty()) {
      reader_.fail(at, "index.digest needs to know over which fields");
    }
  }
  void read_refusal(const XmlElement& part) {
    const std::string holds = reader_.needed(part, "holds");
    rule().refusals.emplace_back(holds, reader_.word(part, "class", kRefusalClasses));
    if (rule().refusals.size() > kMostRefusals) reader_.fail(part, "there are more than 64");
  }
  void read_query(const XmlElement& part) {
    rule().list = reader_.needed(part, "list");
    rule().entry = reader_.needed(part, "entry");
    rule().version = reader_.needed(part, "version");
    rule().digest = part.attribute_or_empty("digest");
    rule().operation = reader_.needed(part, "operation");
    std::set<std::string> carried;
    for (const XmlElement& call : part.children) {
      rule().query = reader_.read_call(call, carried);
      reader_.check_sources(call, rule().query, &is_index_source, "has only who the entry is");
    }
  }

  DialectReader& reader_;
  Dialect& into_;
};

}  // namespace

AnswerClass IndexRule::class_of_remark(std::string_view remark) const {
  for (const auto& [holds, meaning] : refusals) {
    if (remark.find(holds) != std::string_view::npos) return meaning;
  }
  return AnswerClass::kUnknown;
}

void read_index(DialectReader& reader, const XmlElement& element, Dialect& into) {
  IndexReader(reader, into).read(element);
}

}  // namespace certbridge::municipal_library

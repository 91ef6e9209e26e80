// A dialect file in memory: how one kind of library writes certificates and what it answers.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certbridge/books.h"
#include "certbridge/query.h"
#include "certbridge/result.h"

namespace certbridge::municipal_library {

enum class Charset : std::uint8_t { kUtf8 = 1, kGb18030 = 2 };

// What a code of the library means to us.
enum class AnswerClass : std::uint8_t {
  kOk = 1,
  kDuplicate = 2,  // there already: compared before it is believed
  kNotFound = 3,
  kAuthentication = 4,
  kPermission = 5,
  kBadRequest = 6,
  kTypeUnregistered = 7,
  kStateConflict = 8,
  kThrottle = 9,
  kTransient = 10,
  kReceived = 11,  // taken; the verdict follows
  kUnknown = 12,   // not in the dialect file: never guessed
};

// One field of a request.
struct Field {
  enum class Shape : std::uint8_t { kText = 1, kInteger = 2, kObject = 3, kJsonText = 4 };
  std::string name{};
  std::string from{};  // a source of values.h; empty: `text`
  std::string text{};
  std::string form{};      // of a date: yyyy MM dd HH mm ss
  std::string open_end{};  // instead of a date that there is none of
  std::string suffix{};
  std::string empty{};    // instead of a value that there is none of; empty: the field is left out
  std::size_t width = 0;  // leading zeros up to this many digits
  std::size_t longest = 0;  // characters that the other side takes; 0: nobody said
  Shape shape = Shape::kText;
  std::vector<Field> parts{};  // of an object of fields: it has neither `from` nor `text`
};

// A value that one call answers and later ones need.
struct Carry {
  std::string name{};
  std::string answer{};  // path inside the answer's data
};

struct RemoteCall {
  std::string name{};
  std::string path{};
  std::vector<Field> fields{};
  std::vector<Carry> carries{};
};

struct HolderType {
  std::string code{};
  std::string name{};
};

struct TokenRule {
  std::string path{};
  std::string value{};     // path of the token inside the answer's data
  std::string lifetime{};  // path of its seconds
  std::chrono::seconds margin{300};
  std::string query{};  // query parameter that carries it
};

enum class SignatureKind : std::uint8_t { kSm2 = 1, kHmacSm3 = 2 };
struct SignatureRule {
  SignatureKind kind = SignatureKind::kSm2;
  bool over_timestamp = true;  // timestamp and data, else data alone
};

// What the library answers about what it holds.
enum class Holding : std::uint8_t { kPresent = 1, kAbsent = 2, kInProgress = 3, kCannotTell = 4 };
struct HeldState {
  Holding issue = Holding::kCannotTell;
  bool ended = false;     // out of force for good
  bool replaced = false;  // a later version took its place
};

// How the library says what a certificate is (status_word() of certbridge/life.h).
struct StatusWord {
  std::string to{};      // empty: it has no word for it and is not told
  std::string reason{};  // when the message gives none
};
struct HeldRule {
  std::string list{};
  std::string identifier{};
  std::string digest{};
  std::string state{};
  std::string remote_id{};
  std::string carries{};  // the carried value that the remote id stands for
};

// What the library tells of its books of one day. The names are members of each entry of the list;
// an empty one is not told.
struct BooksRule {
  BooksKind kind = BooksKind::kNothing;
  std::size_t most = 500;  // entries of a page
  RemoteCall call{};
  std::string list{};  // path inside the answer's data
  std::string identifier{};
  std::string number{};
  std::string type_code{};
  std::string area{};  // its first six digits count
  std::string version{};
  std::string case_no{};
  std::string state{};
  std::string digest{};
  std::string replaced{};  // "1": a later version took its place
  std::string count{};     // of kCounts
};

// Where a certificate that it was asked for stands in an answer. The names are members of each
// entry of the list, by path; an empty one is not told. What is none of them is a field of the
// face.
struct FoundRule {
  std::string list{};  // path inside the answer's data
  std::string identifier{};
  std::string number{};
  std::string type_code{};
  std::string type_name{};
  std::string version{};
  std::string issuer_code{};
  std::string issuer_name{};
  std::string holder_name{};  // several as `holders` separates them
  std::string holder_code{};
  std::string holder_type{};
  std::string issued_on{};
  std::string effective_from{};
  std::string expires_on{};
  std::string open_end{};  // a date that says that there is none
  std::string state{};
  std::string replaced{};  // "1": a later version took its place
  std::string file{};
  std::string as_of{};  // path inside the answer's data of when they were so; empty: now
  std::string face{};   // an object, or its JSON as a text, whose members are fields of the face
};
// Where a file stands in an answer: as Base64, or at an address from which it is fetched.
struct AskedFileRule {
  RemoteCall call{};
  std::string content{};  // name of the member, somewhere inside the answer's data
  std::string kind{};     // path of the word that tells which of the two it is
  std::string base64{};   // that word
  std::string address{};
  std::string digest{};      // path of the file's SM3 in hexadecimal; empty: it is not told
  std::string identifier{};  // path; empty: it is not told
};
struct AskedVerdictRule {
  RemoteCall call{};
  std::string result{};
  std::string identifier{};
  std::string state{};
  std::map<std::string, VerifyAnswer::Verdict, std::less<>> verdicts{};
};
// How the library is asked for certificates. A call without a path cannot be made.
struct AskRule {
  RemoteCall by_holder{};
  bool listed_only = false;  // by_holder lists identifiers, and by_identifier tells the rest
  RemoteCall by_identifier{};
  RemoteCall by_number{};
  FoundRule found{};
  AskedFileRule file{};
  AskedVerdictRule verdict{};
  std::map<std::string, std::string, std::less<>> purposes{};  // others are told as they are
};

// How the library's log of uses is read. The names are members of each entry of the list; an empty
// one is not told. Without a call there is none.
struct UsesRule {
  std::size_t most = 500;  // entries of a page
  RemoteCall call{};
  std::string list{};    // path inside the answer's data
  std::string caller{};  // under which name the library was asked: ours is the client id
  std::string unit{};
  std::string type_code{};
  std::string issuer_code{};
  std::string identifier{};
  std::string purpose{};
  std::string operation{};
  std::string result{};
  std::map<std::string, std::string, std::less<>> operations{};  // its words in ours
  std::map<std::string, std::string, std::less<>> results{};
};

// How the library is told of uses: one object for each row of a report, in a list. Without fields
// it has no form for it.
struct UsageFormRule {
  std::string list{};
  std::vector<Field> fields{};
};

// What is done to an entry of an index.
enum class IndexOperation : std::uint8_t { kInsert = 1, kUpdate = 2, kDelete = 3 };

// How a platform that keeps an index of certificates is told of an entry: each time its whole row,
// with what is done to it. Either over HTTP, or as a row of a front-end table (前置库) that the
// platform works off later.
struct IndexRule {
  std::map<IndexOperation, std::string> operations{};  // in the platform's words
  std::vector<Field> row{};
  std::vector<std::string> digest_over{};  // names of fields, of whose texts index.digest is made
  std::string digest_between{};            // what stands between two of them
  std::set<std::string, std::less<>> deleting{};  // words of ours that delete the entry
  // HTTP.
  std::string report_path{};  // empty: it is told by tables
  RemoteCall query{};
  std::string list{};  // path inside the answer's data of what it has of one entry
  std::string entry{};
  std::string version{};
  std::string digest{};
  std::string operation{};  // the last one, in its words
  // Tables, in names of the files that the adapter for tables reads.
  std::string statement{};  // that writes the row
  std::string verdict{};    // group of queries that answers what became of it
  std::chrono::seconds verdict_expected{};
  // Remarks of the table of errors that say what its codes say elsewhere: what a remark holds.
  std::vector<std::pair<std::string, AnswerClass>> refusals{};
  AnswerClass class_of_remark(std::string_view remark) const;  // the first that it holds

  bool is_given() const { return !row.empty(); }
};

// The members of each field of a face, in the list that the library publishes and in the one that
// it is told.
struct PublishedRule {
  std::string list{};  // path inside the answer's data
  std::string name{};
  std::string label{};
  std::string required{};  // "1": it must be there
};
// How the library is told of certificate types. A call without a path cannot be made.
struct CatalogueRule {
  RemoteCall tell{};
  RemoteCall face{};
  PublishedRule published{};
  std::map<std::string, std::string, std::less<>> words{};  // ours in its own; others as they are
};

struct Dialect {
  std::string name{};
  Charset charset = Charset::kUtf8;
  std::string content_member{};  // where the fields of a call go
  std::string head_member{};
  std::vector<Field> head{};
  std::string code_path{};
  std::string text_path{};
  std::string data_path{};
  std::optional<TokenRule> token{};
  bool encrypted = false;
  std::optional<SignatureRule> signature{};
  std::string separator{};
  std::map<std::string, HolderType, std::less<>> holder_types{};  // "*" is every other
  std::map<std::string, std::string, std::less<>> type_names{};   // where not as the catalogue's
  std::vector<RemoteCall> issue{};
  std::vector<RemoteCall> status{};
  std::map<std::string, StatusWord, std::less<>> words{};  // one for each word of ours
  RemoteCall query{};
  HeldRule held{};
  std::map<std::string, HeldState, std::less<>> states{};
  BooksRule books{};
  UsesRule uses{};
  UsageFormRule usage_form{};
  CatalogueRule catalogue{};
  AskRule ask{};
  IndexRule index{};
  std::string receipt_number{};
  std::chrono::seconds receipt_expected{};
  std::map<std::string, AnswerClass, std::less<>> codes{};  // "<call>/<code>" goes before "<code>"

  AnswerClass class_of(std::string_view call, std::string_view code) const;
};

// Reads urn:certbridge:dialect:1 of dialects/dialect.xsd. Codes as parse_xml, and "dialect.shape"
// with file and line: an unknown element, attribute or word, a carried value that no earlier call
// answers, a code or state that stands twice.
Result<Dialect> parse_dialect(std::string_view xml, std::string_view file);

}  // namespace certbridge::municipal_library

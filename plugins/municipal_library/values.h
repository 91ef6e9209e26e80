// What the fields of a dialect are filled from.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/books.h"
#include "certbridge/certificate.h"
#include "certbridge/certificate_type.h"
#include "certbridge/content.h"
#include "certbridge/life.h"
#include "certbridge/query.h"
#include "certbridge/uses.h"
#include "dialect.h"

namespace certbridge::municipal_library {

inline constexpr std::string_view kCarriedPrefix = "carried.";

// Whether a dialect may name this as the source of a field.
bool is_value_source(std::string_view from);
bool is_date_source(std::string_view from);
// Of the question about the books of a day.
bool is_books_source(std::string_view from);
// Of what is asked about certificates, and for whom.
bool is_asked_source(std::string_view from);
// Of a row of a usage report.
bool is_usage_source(std::string_view from);
// Of an entry of an index.
bool is_index_source(std::string_view from);
// Of what a row of an index may hold: the certificate but for its content, its status, the entry.
bool is_row_source(std::string_view from);
// Of a version of a certificate type.
bool is_type_source(std::string_view from);
// Of these, what is known of a certificate without its content: who it is, and its status.
bool is_identity_source(std::string_view from);

using Texts = std::map<std::string, std::string, std::less<>>;

// What one call asks about certificates. What is not asked by is empty.
struct Asked {
  AskedFor asked_for{};
  QueriedHolder holder{};
  std::string identifier{};
  std::string number{};
  std::string type{};                // of a call for each type
  std::vector<std::string> types{};  // of a call for all of them
  std::string file{};                // FoundCertificate::file
};

// What is done to an entry of an index, in the platform's words.
struct IndexStep {
  std::string entry{};  // who it is, through all versions of the certificate: type.issuer.serial
  std::string operation{};
  std::uint64_t version = 0;  // of the entry: one more each time that it is told
  std::string digest{};
  std::string key{};  // of this entry and version: 32 hexadecimal digits
};

// A version of a certificate type that is told; of one that is only asked about, its code.
struct ToldType {
  std::string code{};
  std::string name{};
  const TypeVersion* version = nullptr;
};

// What a call is about: a certificate, the whole of it when it is collected, and who it is when its
// status is told; or a question. What is pointed to lives as long as the call.
struct Subject {
  const Certificate* certificate = nullptr;  // null when a status is told
  const LifeRecord* life = nullptr;          // null when it is collected
  const BooksQuestion* books = nullptr;      // of a question about the books: the others are null
  const Asked* asked = nullptr;              // of a question about certificates: likewise
  const UsageRow* usage = nullptr;           // of a row of a usage report: likewise
  const IndexStep* index = nullptr;          // of an entry of an index
  const Texts* row = nullptr;                // the texts of its fields, when it is told
  const ToldType* type = nullptr;            // of a certificate type: likewise
  int books_page = 1;
  std::string type_name{};  // as the catalogue has it; empty where nobody said
  std::string file_name{};
  std::string file_digest{};
  std::string_view file_bytes{};  // of the file; empty when there is none, or `file` instead
  // Of a file that is read while it is sent (file_body.h); shared with the message that holds it.
  std::shared_ptr<const Content> file{};
  std::string status_word{};  // in the library's words
  std::string status_reason{};
  std::string status_related{};  // identifier of the certificate that takes its place; may be empty
  Timestamp status_when{};
  Texts carried{};

  const std::string& identifier() const {
    return life == nullptr ? certificate->identifier.text() : life->identifier;
  }
};

// Credentials and time, for the head of a request.
struct Caller {
  std::string client_id{};
  std::string client_secret{};
  Timestamp now{};
};

// A date and time of +08:00 in a form of yyyy MM dd HH mm ss.
std::string write_time(std::chrono::local_seconds when, std::string_view form);
std::chrono::local_seconds local_time_of(Timestamp when);

// The JSON text of a field, quoted and escaped; nothing when the field is left out because there is
// no such date or value. Errors: "municipal.holder_separator", "municipal.type_unknown",
// "municipal.holder_type", "municipal.too_long" (above the field's `longest`; never the value).
Result<std::optional<std::string>> write_value(const Field& field, const Subject& subject,
                                               const Dialect& dialect);
// The text of a field, as it stands between the quotes; of a plain shape only. Errors as above.
Result<std::optional<std::string>> write_text(const Field& field, const Subject& subject,
                                              const Dialect& dialect);
// The text of a field of `asked.*`; nothing when it is not asked by.
std::optional<std::string> asked_value(std::string_view from, const Asked& asked,
                                       const Dialect& dialect);
// The text of a field of `used.*`, in the library's words where the dialect has them.
std::optional<std::string> usage_value(std::string_view from, const UsageRow& row,
                                       const Dialect& dialect);
// The text of a field of `type.*` but "type.face", in the library's words where it has them.
std::optional<std::string> type_value(const Field& field, const ToldType& told,
                                      const Dialect& dialect);
// The fields of its face as a JSON list of objects with the members that the dialect names.
std::string type_face_json(const TypeVersion& version, const Dialect& dialect);
// The same as write_value() for a field of the head; "timestamp" and the client's words only.
std::string write_head_value(const Field& field, const Caller& caller);

// A text as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

}  // namespace certbridge::municipal_library

// What the fields of a dialect are filled from.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/certificate.h"
#include "certbridge/content.h"
#include "dialect.h"

namespace certbridge::municipal_library {

inline constexpr std::string_view kCarriedPrefix = "carried.";

// Whether a dialect may name this as the source of a field.
bool is_value_source(std::string_view from);
bool is_date_source(std::string_view from);

using Texts = std::map<std::string, std::string, std::less<>>;

// One certificate as it is told to the library.
struct Subject {
  const Certificate* certificate = nullptr;  // never null; lives as long as the call
  std::string file_name{};
  std::string file_digest{};
  std::string_view file_bytes{};  // of the sealed file; empty when there is none
  std::string void_reason{};
  Timestamp void_when{};
  Texts carried{};
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
// no such date or value. Errors: "municipal.holder_separator", "municipal.type_unregistered",
// "municipal.holder_type".
Result<std::optional<std::string>> write_value(const Field& field, const Subject& subject,
                                               const Dialect& dialect);
// The same for a field of the head; "timestamp" and the client's words only.
std::string write_head_value(const Field& field, const Caller& caller);

// A text as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

}  // namespace certbridge::municipal_library

#include "values.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <set>

#include "certbridge_sm/base64.h"
#include "file_body.h"

namespace certbridge::municipal_library {
namespace {

using Value = Result<std::optional<std::string>>;

bool is_client_source(std::string_view from) {
  return from == "client-id" || from == "client-secret" || from == "timestamp" ||
         from == "signature";
}

// Joins one text of each holder; a text that holds the separator would be read as two.
Result<std::string> join_holders(const Subject& subject, const Dialect& dialect,
                                 const std::function<std::string(const Holder&)>& text_of) {
  std::string joined;
  for (const Holder& holder : subject.certificate->holders) {
    const std::string text = text_of(holder);
    if (text.find(dialect.separator) != std::string::npos) {
      return Error::permanent(
          "municipal.holder_separator",
          "a holder's name or code holds the character that separates holders at "
          "the library; correct the record or ask the library");
    }
    if (!joined.empty()) joined += dialect.separator;
    joined += text;
  }
  return joined;
}

Result<HolderType> holder_type_of(const Holder& holder, const Dialect& dialect) {
  auto found = dialect.holder_types.find(holder.code.type());
  if (found == dialect.holder_types.end()) found = dialect.holder_types.find("*");
  if (found != dialect.holder_types.end()) return found->second;
  return Error::permanent("municipal.holder_type",
                          "the dialect has no word for the holder code type " + holder.code.type());
}

Value holder_value(std::string_view from, const Subject& subject, const Dialect& dialect) {
  for (const Holder& holder : subject.certificate->holders) {
    if (auto type = holder_type_of(holder, dialect); !type) return type.error();
  }
  auto joined = join_holders(subject, dialect, [&](const Holder& holder) {
    if (from == "holder.name") return holder.name;
    if (from == "holder.code") return holder.code.text();
    const HolderType type = holder_type_of(holder, dialect).value();
    return from == "holder.type" ? type.code : type.name;
  });
  if (!joined) return joined.error();
  return std::optional(std::move(joined).value());
}

Value type_name(const Subject& subject, const Dialect& dialect) {
  const auto found = dialect.type_names.find(subject.certificate->type_code.text());
  if (found != dialect.type_names.end()) return std::optional(found->second);
  if (!subject.type_name.empty()) return std::optional(subject.type_name);
  return Error::permanent("municipal.type_unknown",
                          "the certificate type has no name: put <type-version/> into the route, "
                          "or a <type-name> for it into the dialect");
}

std::optional<std::string> date_value(const Field& field, const Subject& subject) {
  if (field.from == "books.day")
    return write_time(std::chrono::local_days(subject.books->day), field.form);
  if (field.from == "status.when")
    return write_time(local_time_of(subject.status_when), field.form);
  const Certificate& certificate = *subject.certificate;
  std::optional<std::chrono::year_month_day> day;
  if (field.from == "issued-on") day = certificate.issued_on;
  if (field.from == "effective-from") day = certificate.effective_from;
  if (field.from == "expires-on") day = certificate.expires_on;
  if (day) return write_time(std::chrono::local_days(*day), field.form);
  if (field.open_end.empty()) return std::nullopt;
  return field.open_end;
}

// The face items and the units, which no face item repeats.
std::string extension_object(const Certificate& certificate) {
  std::string object = "{";
  const auto add = [&](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    if (object.size() > 1) object += ",";
    object += json_quoted(key) + ":" + json_quoted(value);
  };
  std::set<std::string> written;
  for (const FaceItem& item : certificate.face) {
    if (written.insert(item.key).second) add(item.key, item.value);
  }
  std::string units;
  for (const UnitCode& unit : certificate.units) units += (units.empty() ? "" : ",") + unit.text();
  if (!written.contains("KZ_BDCDYH")) add("KZ_BDCDYH", units);
  return object + "}";
}

std::string version_text(const Certificate& certificate) {
  return std::to_string(certificate.identifier.version());
}

// The text itself, or nothing when it is not known.
std::optional<std::string> if_known(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> status_value(const std::string& from, const Subject& subject) {
  if (from == "status.word") return subject.status_word;
  if (from == "status.reason") return subject.status_reason;
  return if_known(subject.status_related);
}

std::optional<std::string> life_value(const std::string& from, const LifeRecord& life) {
  if (from == "type-code") return if_known(life.type_code);
  if (from == "number") return life.number;
  if (from == "case-no") return if_known(life.case_no);
  if (from == "area") return if_known(life.area);
  if (from == "issuer.name") return if_known(life.issuer_name);
  if (from == "issuer.code") return life.issuer_code;
  return std::nullopt;
}

std::optional<std::string> plain_value(const std::string& from, const Subject& subject) {
  if (from.starts_with("status.")) return status_value(from, subject);
  if (from == "identifier") return subject.identifier();
  if (subject.life != nullptr) return life_value(from, *subject.life);
  const Certificate& certificate = *subject.certificate;
  if (from == "type-code") return certificate.type_code.text();
  if (from == "number") return certificate.number.raw();
  if (from == "case-no") return certificate.case_no;
  if (from == "area") return certificate.area;
  if (from == "version") return version_text(certificate);
  if (from == "issuer.name") return certificate.issuer_name;
  if (from == "issuer.code") return certificate.issuer_code;
  if (from.starts_with(kCarriedPrefix)) {
    const auto found = subject.carried.find(from.substr(kCarriedPrefix.size()));
    return found == subject.carried.end() ? std::nullopt : std::optional(found->second);
  }
  return std::nullopt;
}

std::optional<std::string> file_value(const std::string& from, const Subject& subject) {
  if (from == "file.name") return subject.file_name;
  if (from == "file.size") {
    return std::to_string(subject.file ? subject.file->size() : subject.file_bytes.size());
  }
  return subject.file_digest;
}

std::optional<std::string> index_value(const std::string& from, const IndexStep& step) {
  if (from == "index.entry") return step.entry;
  if (from == "index.operation") return step.operation;
  if (from == "index.version") return std::to_string(step.version);
  return from == "index.digest" ? step.digest : step.key;
}

std::optional<std::string> books_value(const std::string& from, const Subject& subject) {
  if (from == "books.area") return if_known(subject.books->area);
  return std::to_string(from == "books.page" ? static_cast<std::size_t>(subject.books_page)
                                             : subject.books->limit);
}

Value text_value(const Field& field, const Subject& subject, const Dialect& dialect) {
  if (field.from.empty()) return std::optional(field.text);
  if (field.from.starts_with("holder.")) return holder_value(field.from, subject, dialect);
  if (field.from == "type-name") return type_name(subject, dialect);
  if (is_date_source(field.from)) return date_value(field, subject);
  if (is_books_source(field.from)) return books_value(field.from, subject);
  if (is_asked_source(field.from)) return asked_value(field.from, *subject.asked, dialect);
  if (is_type_source(field.from)) return type_value(field, *subject.type, dialect);
  if (is_usage_source(field.from)) return usage_value(field.from, *subject.usage, dialect);
  if (is_index_source(field.from)) return index_value(field.from, *subject.index);
  if (field.from.starts_with("file.")) return file_value(field.from, subject);
  return plain_value(field.from, subject);
}

// Of UTF-8: each byte that begins one.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

Error too_long(const Field& field, std::size_t has) {
  return Error::permanent(
      "municipal.too_long",
      "the field " + field.name + " takes " + std::to_string(field.longest) +
          " characters and would get " + std::to_string(has) +
          "; correct the record, or ask for a longer field and raise `longest`");
}

// An object of the field's own fields, those that there are.
Value parts_value(const Field& field, const Subject& subject, const Dialect& dialect) {
  std::string object = "{";
  for (const Field& part : field.parts) {
    auto value = write_value(part, subject, dialect);
    if (!value) return value;
    if (!value.value()) continue;
    if (object.size() > 1) object += ",";
    object += json_quoted(part.name) + ":" + *value.value();
  }
  object += "}";
  return std::optional(field.shape == Field::Shape::kObject ? object : json_quoted(object));
}

}  // namespace

bool is_value_source(std::string_view from) {
  static const std::set<std::string, std::less<>> kSources{
      "identifier",  "type-code",   "type-name",   "number",           "case-no",
      "area",        "version",     "extension",   "issuer.name",      "issuer.code",
      "holder.name", "holder.code", "holder.type", "holder.type-name", "file.name",
      "file.size",   "file.digest", "file.base64"};
  return kSources.contains(from) || is_identity_source(from) || is_date_source(from) ||
         is_books_source(from) || is_asked_source(from) || is_usage_source(from) ||
         is_index_source(from) || is_type_source(from) || is_client_source(from) ||
         (from.starts_with(kCarriedPrefix) && from.size() > kCarriedPrefix.size());
}

bool is_date_source(std::string_view from) {
  return from == "issued-on" || from == "effective-from" || from == "expires-on" ||
         from == "status.when" || from == "books.day";
}

bool is_books_source(std::string_view from) {
  return from == "books.day" || from == "books.area" || from == "books.page" ||
         from == "books.limit";
}

bool is_index_source(std::string_view from) {
  return from == "index.entry" || from == "index.operation" || from == "index.version" ||
         from == "index.digest" || from == "index.key";
}

bool is_row_source(std::string_view from) {
  static const std::set<std::string, std::less<>> kSources{
      "type-name",   "version",     "issued-on",   "effective-from",   "expires-on",
      "holder.name", "holder.code", "holder.type", "holder.type-name", "file.digest"};
  return kSources.contains(from) || is_identity_source(from) || is_index_source(from);
}

bool is_identity_source(std::string_view from) {
  static const std::set<std::string, std::less<>> kSources{
      "identifier",  "type-code",   "number",        "case-no",        "area",       "issuer.name",
      "issuer.code", "status.word", "status.reason", "status.related", "status.when"};
  return kSources.contains(from);
}

std::chrono::local_seconds local_time_of(Timestamp when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when.time_since_epoch());
  return std::chrono::local_seconds(seconds + std::chrono::hours(8));
}

std::string write_time(std::chrono::local_seconds when, std::string_view form) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  const std::array<std::pair<std::string_view, long>, 6> parts{
      {{"yyyy", static_cast<int>(date.year())},
       {"MM", static_cast<unsigned>(date.month())},
       {"dd", static_cast<unsigned>(date.day())},
       {"HH", time.hours().count()},
       {"mm", time.minutes().count()},
       {"ss", time.seconds().count()}}};
  std::string text(form);
  for (const auto& [mark, number] : parts) {
    const auto at = text.find(mark);
    if (at == std::string::npos) continue;
    std::string digits = std::to_string(number);
    digits.insert(0, mark.size() - std::min(mark.size(), digits.size()), '0');
    text.replace(at, mark.size(), digits);
  }
  return text;
}

Value write_text(const Field& field, const Subject& subject, const Dialect& dialect) {
  if (subject.row != nullptr) {
    const auto found = subject.row->find(field.name);
    return found == subject.row->end() ? std::nullopt : std::optional(found->second);
  }
  auto value = text_value(field, subject, dialect);
  if (value && !value.value() && !field.empty.empty()) value = std::optional(field.empty);
  if (!value || !value.value()) return value;
  std::string text = *value.value();
  if (text.size() < field.width) text.insert(0, field.width - text.size(), '0');
  text += field.suffix;
  const std::size_t has = count_characters(text);
  if (field.longest > 0 && has > field.longest) return too_long(field, has);
  return std::optional(std::move(text));
}

Value write_value(const Field& field, const Subject& subject, const Dialect& dialect) {
  if (!field.parts.empty()) return parts_value(field, subject, dialect);
  if (field.from == "extension") {
    std::string object = extension_object(*subject.certificate);
    return std::optional(field.shape == Field::Shape::kObject ? object : json_quoted(object));
  }
  if (field.from == "type.face") {
    std::string face = type_face_json(*subject.type->version, dialect);
    return std::optional(field.shape == Field::Shape::kObject ? face : json_quoted(face));
  }
  // Base64 needs no escape: it is the largest part and is not looked at again.
  if (field.from == "file.base64") {
    return std::optional(
        "\"" + (subject.file ? std::string(1, kFileMark) : sm::base64_encode(subject.file_bytes)) +
        "\"");
  }
  auto text = write_text(field, subject, dialect);
  if (!text || !text.value() || field.shape == Field::Shape::kInteger) return text;
  return std::optional(json_quoted(*text.value()));
}

std::string write_head_value(const Field& field, const Caller& caller) {
  if (field.from == "client-id") return json_quoted(caller.client_id);
  if (field.from == "client-secret") return json_quoted(caller.client_secret);
  if (field.from == "timestamp")
    return json_quoted(write_time(local_time_of(caller.now), field.form));
  return json_quoted(field.text);
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
      out += escape.data();
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace certbridge::municipal_library

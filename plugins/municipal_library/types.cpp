#include "types.h"

#include <set>

#include "certbridge/record.h"
#include "certificate_message.h"
#include "collect.h"
#include "holdings.h"

namespace certbridge::municipal_library {
namespace {

Error no_call(const std::string& what) {
  return Error::permanent("municipal.not_offered",
                          "the library's dialect has no call for " + what +
                              "; write <catalogue> into the dialect file, or do it by hand there");
}

// Codes or names of several, as the dialect separates holders.
template <class Entry>
std::string joined_entries(const std::vector<Entry>& entries, std::string Entry::*member,
                           const Dialect& dialect) {
  std::string text;
  for (const Entry& one : entries) text += (text.empty() ? "" : dialect.separator) + one.*member;
  return text;
}

// The library's word for ours; ours where it has none.
std::string said_as(const Dialect& dialect, const std::string& ours) {
  const auto found = dialect.catalogue.words.find(ours);
  return found == dialect.catalogue.words.end() ? ours : found->second;
}

}  // namespace

bool is_type_source(std::string_view from) {
  static const std::set<std::string, std::less<>> kSources{
      "type.code",       "type.name",       "type.version",         "type.state",
      "type.effective",  "type.unit-codes", "type.unit-names",      "type.item-codes",
      "type.item-names", "type.holders",    "type.several-holders", "type.instances",
      "type.validity",   "type.years",      "type.template",        "type.sharing",
      "type.face"};
  return kSources.contains(from);
}

std::optional<std::string> type_value(const Field& field, const ToldType& told,
                                      const Dialect& dialect) {
  const std::string& from = field.from;
  if (from == "type.code") return told.code;
  const TypeVersion& version = *told.version;
  if (from == "type.name") return told.name;
  if (from == "type.version") return std::to_string(version.number);
  if (from == "type.state") return said_as(dialect, to_word(version.state));
  if (from == "type.effective") return write_time(local_time_of(version.effective), field.form);
  if (from == "type.unit-codes") return joined_entries(version.units, &TypeUnit::code, dialect);
  if (from == "type.unit-names") return joined_entries(version.units, &TypeUnit::name, dialect);
  if (from == "type.item-codes") return joined_entries(version.items, &TypeItem::code, dialect);
  if (from == "type.item-names") return joined_entries(version.items, &TypeItem::name, dialect);
  if (from == "type.holders") return said_as(dialect, to_word(version.holders));
  if (from == "type.several-holders") return version.several_holders ? "1" : "0";
  if (from == "type.instances") return version.several_instances ? "1" : "0";
  if (from == "type.validity") return said_as(dialect, to_word(version.validity));
  if (from == "type.years") {
    return version.years > 0 ? std::optional(std::to_string(version.years)) : std::nullopt;
  }
  if (from == "type.template") return version.template_name;
  return said_as(dialect, to_word(version.sharing));
}

std::string type_face_json(const TypeVersion& version, const Dialect& dialect) {
  const PublishedRule& rule = dialect.catalogue.published;
  std::string list;
  for (const TypeField& field : version.face) {
    list += (list.empty() ? "{" : ",{") + json_quoted(rule.name) + ":" + json_quoted(field.name) +
            "," + json_quoted(rule.label) + ":" + json_quoted(field.label) + "," +
            json_quoted(rule.required) + ":" + json_quoted(field.required ? "1" : "0") + "}";
  }
  return "[" + list + "]";
}

Result<Receipt> tell_type(LibraryCaller& caller, const CertificateType& type,
                          const TypeVersion& version, Timestamp now, const Call& context) {
  const RemoteCall& call = caller.dialect().catalogue.tell;
  if (call.path.empty()) return no_call("changes of certificate types");
  const ToldType told{type.code, type.name, &version};
  Subject subject;
  subject.type = &told;
  auto reply = caller.ask(call, subject, context);
  if (!reply) return reply.error();
  const Answer& answer = reply.value().answer;
  switch (reply.value().meaning) {
    case AnswerClass::kOk:
    case AnswerClass::kDuplicate:
      return settled_receipt("", now);
    case AnswerClass::kReceived:
      return open_receipt(caller.dialect(), answer, "", now);
    default:
      return error_of(reply.value().meaning, call.name, answer.code(), answer.words());
  }
}

Result<Receipt> tell_type_of(LibraryCaller& caller, const Message& message, Timestamp now,
                             const Call& context) {
  const auto xml = read_record(message);
  if (!xml) return xml.error();
  const auto type = parse_certificate_type(xml.value(), "the message");
  if (!type) return Error::permanent("municipal.record", type.error().message);
  return tell_type(caller, type.value(), type.value().versions.back(), now, context);
}

Error for_the_host(const Error& error) {
  if (error.code != "municipal.type_unregistered") return error;
  return Error::permanent(kCodeTypeNotRegistered, error.message);
}

bool publishes_faces(const Dialect& dialect) { return !dialect.catalogue.face.path.empty(); }

Result<std::vector<TypeField>> ask_face(LibraryCaller& caller, const std::string& type_code,
                                        const Call& context) {
  const CatalogueRule& rule = caller.dialect().catalogue;
  if (rule.face.path.empty()) return no_call("the fields that it publishes");
  const ToldType told{type_code, {}, nullptr};
  Subject subject;
  subject.type = &told;
  auto reply = caller.ask(rule.face, subject, context);
  if (!reply) return reply.error();
  std::vector<TypeField> fields;
  if (reply.value().meaning != AnswerClass::kOk) return fields;
  for (const Texts& entry : reply.value().answer.list(rule.published.list)) {
    TypeField field{member(entry, rule.published.name), member(entry, rule.published.label),
                    member(entry, rule.published.required) == "1"};
    if (field.name.empty()) {
      return Error::retryable("municipal.garbled",
                              "a field that the library publishes has no name");
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

std::string write_face(const std::vector<TypeField>& fields) {
  RecordSet set{"face", {}};
  for (const TypeField& field : fields) {
    Record row;
    row.set("name", field.name);
    row.set("label", field.label);
    row.set("required", field.required ? "yes" : "no");
    set.records.push_back(std::move(row));
  }
  return write_records({set});
}

}  // namespace certbridge::municipal_library

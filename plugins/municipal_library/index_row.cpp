#include "index_row.h"

#include <algorithm>

#include "certbridge/endpoint.h"
#include "certbridge/identifiers.h"
#include "certbridge_sm/sm3.h"
#include "certificate_message.h"

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kKeyDigits = 32;

std::string entry_of(const CertificateIdentifier& identifier) {
  return identifier.type_code() + "." + identifier.issuer_code() + "." + identifier.serial();
}

Result<IndexChange> read_new_version(const Message& message, Timestamp now) {
  auto certificate = read_issued(message);
  if (!certificate) return certificate.error();
  IndexChange change;
  change.entry = entry_of(certificate.value().identifier);
  change.certificate = std::move(certificate).value();
  change.word = "valid";
  change.says_content = true;
  change.when = parse_message_time(header_of(message, "occurred-at")).value_or(now);
  change.type_name = header_of(message, "type-name");
  change.file_digest = header_of(message, "file-digest");
  if (!change.file_digest.empty()) return change;
  return Error::permanent("municipal.file_digest",
                          "the message has no header file-digest; only what was sealed is told");
}

Result<IndexChange> read_new_status(const Message& message, Timestamp now) {
  auto life = read_life(message);
  if (!life) return life.error();
  if (life.value().identifier.empty()) {
    return Error::permanent(kCodeNotHeld,
                            "the certificate never was electronic: no entry is there");
  }
  const auto identifier = CertificateIdentifier::parse(life.value().identifier);
  if (!identifier) {
    return Error::permanent("municipal.record",
                            "the life record's identifier: " + identifier.error().message);
  }
  const Subject subject = subject_of_status(message, life.value(), now);
  IndexChange change;
  change.entry = entry_of(identifier.value());
  change.reason = subject.status_reason;
  change.related = subject.status_related;
  change.when = subject.status_when;
  change.word = life.value().word;
  change.life = std::move(life).value();
  return change;
}

Subject subject_of(const IndexChange& change, const StatusWord& word, const IndexStep& step) {
  Subject subject;
  subject.certificate = change.certificate ? &*change.certificate : nullptr;
  subject.life = change.life ? &*change.life : nullptr;
  subject.type_name = change.type_name;
  subject.file_digest = change.file_digest;
  subject.status_word = word.to;
  subject.status_reason = change.reason.empty() ? word.reason : change.reason;
  subject.status_related = change.related;
  subject.status_when = change.when;
  subject.index = &step;
  return subject;
}

bool is_said_anew(const Field& field, const IndexChange& change) {
  if (field.from.empty() || is_index_source(field.from)) return true;
  return field.from.starts_with("status.") ? change.says_status : change.says_content;
}

std::string digest_of(const IndexRule& rule, const Texts& row) {
  std::string joined;
  for (const std::string& name : rule.digest_over) {
    if (&name != &rule.digest_over.front()) joined += rule.digest_between;
    const auto found = row.find(name);
    if (found != row.end()) joined += found->second;
  }
  return to_hex(sm::sm3(joined));
}

Result<void> write_column(const Field& field, const Subject& subject, const Dialect& dialect,
                          Texts& row) {
  auto text = write_text(field, subject, dialect);
  if (!text) return text.error();
  std::string value = text.value().value_or("");
  if (value.empty()) value = field.empty;
  if (!value.empty()) row[field.name] = std::move(value);
  return {};
}

}  // namespace

Result<IndexChange> read_index_change(const Message& message, Timestamp now) {
  auto change = message.type == "certificate.status" ? read_new_status(message, now)
                                                     : read_new_version(message, now);
  if (change) change.value().order = message.order_number;
  return change;
}

std::optional<IndexOperation> operation_for(const Dialect& dialect, const IndexChange& change,
                                            const IndexEntry& entry) {
  const bool deletes = dialect.index.deleting.contains(change.word);
  const auto word = dialect.words.find(change.word);
  if (word == dialect.words.end() || word->second.to.empty()) return {};
  if (deletes && !entry.held) return {};
  if (deletes) return IndexOperation::kDelete;
  return entry.held ? IndexOperation::kUpdate : IndexOperation::kInsert;
}

std::string index_key(const std::string& entry, std::uint64_t version) {
  return to_hex(sm::sm3(entry + "|" + std::to_string(version))).substr(0, kKeyDigits);
}

bool says_nothing_new(const IndexRule& rule, const IndexRow& row, const IndexEntry& entry) {
  return std::all_of(rule.row.begin(), rule.row.end(), [&](const Field& field) {
    if (is_index_source(field.from) || field.from == "status.when") return true;
    const auto now = row.texts.find(field.name);
    const auto before = entry.row.find(field.name);
    const bool absent = now == row.texts.end() && before == entry.row.end();
    return absent ||
           (now != row.texts.end() && before != entry.row.end() && now->second == before->second);
  });
}

Result<IndexRow> make_row(const Dialect& dialect, const IndexChange& change,
                          const IndexEntry& entry, IndexOperation operation,
                          std::uint64_t version) {
  const IndexRule& rule = dialect.index;
  IndexRow row;
  row.step = {change.entry, rule.operations.at(operation), version, "", ""};
  row.step.key = index_key(change.entry, version);
  const auto word = dialect.words.find(change.word);
  const Subject subject =
      subject_of(change, word == dialect.words.end() ? StatusWord{} : word->second, row.step);
  for (const Field& field : rule.row) {
    if (field.from == "index.digest") continue;
    if (is_said_anew(field, change)) {
      auto written = write_column(field, subject, dialect, row.texts);
      if (!written) return written.error();
    } else if (const auto kept = entry.row.find(field.name); kept != entry.row.end()) {
      row.texts[field.name] = kept->second;
    }
  }
  if (rule.digest_over.empty()) return row;
  row.step.digest = digest_of(rule, row.texts);
  for (const Field& field : rule.row) {
    if (field.from == "index.digest") row.texts[field.name] = row.step.digest;
  }
  return row;
}

}  // namespace certbridge::municipal_library

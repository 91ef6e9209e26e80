// What a message says of an entry of an index, and the row by which it is told.
#pragma once

#include <optional>
#include <string>

#include "certbridge/message.h"
#include "index_entry.h"
#include "values.h"

namespace certbridge::municipal_library {

// Either a version of the certificate that was issued, or a change of how it stands.
struct IndexChange {
  std::string entry{};  // type.issuer.serial of the identifier: the same through all its versions
  std::optional<Certificate> certificate{};
  std::string type_name{};  // of the certificate's type, as the catalogue has it
  std::optional<LifeRecord> life{};
  std::string word{};  // status_word() of certbridge/life.h
  std::string reason{};
  std::string related{};  // identifier of the certificate that takes its place; may be empty
  std::string file_digest{};
  Timestamp when{};
  std::uint64_t order = 0;  // Message::order_number
  // What the row takes from it; the rest is repeated from the row that was told last.
  bool says_content = false;
  bool says_status = true;
};

// "municipal.type", "municipal.record", "municipal.file_digest" (an issue without the digest of its
// sealed file), kCodeNotHeld (a certificate that never was electronic).
Result<IndexChange> read_index_change(const Message& message, Timestamp now);

// What is done for a change. Nothing: it needs not be told, because the dialect does not tell the
// word, or the entry is gone already.
std::optional<IndexOperation> operation_for(const Dialect& dialect, const IndexChange& change,
                                            const IndexEntry& entry);

// The same for the same entry and version: 32 hexadecimal digits, what a batch number of the
// national tables holds.
std::string index_key(const std::string& entry, std::uint64_t version);

struct IndexRow {
  IndexStep step{};
  Texts texts{};  // by the names of the fields
};
// Whether a change of status says nothing that the row did not say before: the dialect has no field
// for it.
bool says_nothing_new(const IndexRule& rule, const IndexRow& row, const IndexEntry& entry);

// The whole row. What a change of status does not say is repeated from the row that was told last.
// Errors: those of write_text().
Result<IndexRow> make_row(const Dialect& dialect, const IndexChange& change,
                          const IndexEntry& entry, IndexOperation operation, std::uint64_t version);

}  // namespace certbridge::municipal_library

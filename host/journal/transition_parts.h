// Places and bytes that the writing and the reading side of the journal must agree on.
#pragma once

#include <string>
#include <vector>

#include "journal/change.h"

namespace certbridge::host {

// Digests under which messages are found.
std::string certificate_search_digest(const Keyring& keys, const std::string& number);
std::string order_key_digest(const Keyring& keys, const OrderKey& key);
std::string memory_key(const Keyring& keys, const OrderKey& key);
std::string memory_place(const std::string& endpoint, const std::string& key,
                         const std::string& name);
// `digest`: the short digest of kind "step" of the step key, as the row has it.
std::string step_place(const std::string& digest);
std::string verdict_place(const std::string& digest);
std::string correlation_place(const std::string& digest);
std::string encode_step_result(const std::vector<PreparedMessage>& messages);
// The messages without content; `places` has body and attachments of each, in order.
std::vector<PreparedMessage> decode_step_result(std::string_view bytes);
void use_contents(Change& change, std::int64_t number, const PreparedMessage& message);

// A message as it was handed over, with its content files written and its digests made.
PreparedMessage prepare_message(const Message& message, const Keyring& keys, ContentStore& contents,
                                Timestamp now, ContentHold& hold);
// The same of one that has neither body nor attachments.
PreparedMessage prepare_without_content(const Message& message, const Keyring& keys);
// The same of one that must not be kept: only case key and fact (classified), or all but its
// content (too large).
PreparedMessage prepare_refused(const Message& message, const Keyring& keys, Error error,
                                bool keep_headers);
// Adds the keys of the ledger: who handed it over under which key, and what.
void prepare_ledger(PreparedMessage& prepared, const std::string& source, const Keyring& keys);

}  // namespace certbridge::host

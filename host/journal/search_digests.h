// Digests under which messages are found, as the journal keeps them and an index copies them.
#pragma once

#include <string>
#include <vector>

#include "journal/codec.h"
#include "journal/keyring.h"
#include "journal/search_term.h"

namespace certbridge::host {

// 16 bytes: short digest of kind "key" over the kind of the term and its normalised value.
std::string search_digest(const Keyring& keys, const SearchTerm& term);
// Those of a stored message: of its case and certificate number, and those that its record has.
std::vector<std::string> search_digests(const Keyring& keys, const MessageRecord& record);

}  // namespace certbridge::host

// What was read of one record, and how another reading of it differs: names of fields and shapes of
// values, never the values themselves.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "certbridge/message.h"
#include "journal/store.h"

namespace certbridge::host {

// "李晓明" -> "字字字", "411302-A" -> "999999-X": digits 9, letters X, everything beyond ASCII 字;
// at most 40 characters.
std::string masked(std::string_view text);

// Every field of a message by its path, as it is; not for logs or operators.
std::vector<std::pair<std::string, std::string>> fields_in(const Message& message);

// The messages without their files: for each a header "file NAME" with its digest instead.
std::vector<Message> reading_of(const std::vector<Message>& messages);
// Under which the reading of a parked message is kept among the results of steps.
std::string reading_key(const std::string& message_id);

struct FieldDifference {
  std::string message_id{};
  std::string field{};   // "holders/holder[2]/name", or "header version"
  std::string before{};  // masked; empty: it was not there
  std::string after{};
};
// Between two readings of one record, at most 100. Bodies that are no XML count as one field.
std::vector<FieldDifference> differences(const std::vector<Message>& before,
                                         const std::vector<Message>& after);
// One line: "same", or fields and shapes.
std::string in_words(const std::vector<FieldDifference>& found);

// SM3 over what a reviewer sees of a prepared message: type, identifier, version, body and files.
// "content.damaged" and the like when the body cannot be read.
Result<Sm3Digest> reviewed_digest(const Message& message);
// Whether a digest falls into the share (0 to 1): the same for the same digest.
bool in_share(const Sm3Digest& digest, double share);

}  // namespace certbridge::host

// The byte form of every value of the contract, for the journal and for a plugin in another
// process. Little-endian, length-prefixed, with a version in front; docs/formats.md has the bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "certbridge/message.h"

namespace certbridge {

// Content handles are encoded by value up to kLargestContentInMemory and otherwise in chunks.
// decode_* refuse truncated, over-long or unknown input with "encoding.damaged".
std::string encode_message(const Message& message);
Result<Message> decode_message(std::string_view bytes);
std::string encode_error(const Error& error);
// Nothing when the bytes are damaged: a Result cannot hold an error as its value.
std::optional<Error> decode_error(std::string_view bytes);
std::string encode_receipt(const Receipt& receipt);
Result<Receipt> decode_receipt(std::string_view bytes);
std::string encode_confirmation(const Confirmation& confirmation);
Result<Confirmation> decode_confirmation(std::string_view bytes);
std::string encode_acceptance(const Acceptance& acceptance);
Result<Acceptance> decode_acceptance(std::string_view bytes);
std::string encode_outcome(const Outcome& outcome);
Result<Outcome> decode_outcome(std::string_view bytes);
// A stop token does not travel: the decoded call has one that is never asked to stop.
std::string encode_call(const Call& call);
Result<Call> decode_call(std::string_view bytes);

}  // namespace certbridge

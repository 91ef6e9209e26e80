// What the library holds of a certificate, asked by identifier.
#pragma once

#include <optional>
#include <string>

#include "caller.h"

namespace certbridge::municipal_library {

struct Held {
  bool found = false;
  std::string digest{};  // of its file, lower-case hexadecimal
  std::string remote_id{};
  std::string word{};  // its status, in the library's words
  bool known = false;  // the dialect names this word
  HeldState state{};
};

// Errors: those of LibraryCaller::ask(), and "municipal.garbled" for an answer that lists other
// certificates than the one asked for.
Result<Held> ask_holdings(LibraryCaller& caller, const Subject& subject, const Call& context);

// A member of an entry that the library lists; empty when it is not there, or has no name.
std::string member(const Texts& entry, const std::string& name);
// Hexadecimal digits as we write them.
std::string lower(std::string text);

// Whether the library holds the very file, or names no digest to compare.
bool same_file(const Held& held, const std::string& file_digest);

}  // namespace certbridge::municipal_library

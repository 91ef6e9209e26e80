// The body of a request with a file in it that is read and encoded while it is sent.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "certbridge/content.h"
#include "dialect.h"

namespace certbridge::municipal_library {

// Stands in a body for the Base64 of the file; no JSON that we write holds it otherwise.
inline constexpr char kFileMark = '\x01';

// Whether files may be read while they are sent: a request that is signed or encrypted is needed
// whole before its first byte.
bool sends_files_in_pieces(const Dialect& dialect);

// `body` with the Base64 of the file in place of each mark. Reading it fails as reading the file.
std::shared_ptr<const Content> with_file(std::string_view body,
                                         std::shared_ptr<const Content> file);

}  // namespace certbridge::municipal_library

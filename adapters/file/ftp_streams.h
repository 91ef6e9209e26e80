// What goes over an FTP data connection.
#pragma once

#include <iosfwd>
#include <string>

#include "folder.h"

namespace certbridge::file {

// A name of a listing that is longer has no end.
inline constexpr std::size_t kLongestListedName = 4096;  // bytes

// The next name of a listing, without the folder that some servers put before it; may be empty.
// False at the end. One above the limit is cut behind it.
bool next_listed_name(std::istream& data, std::string& name);
// Hands all bytes over, in pieces; "file.connection" when the connection broke.
Result<void> take_from_stream(std::istream& data, const Folder::Take& take, const Call& call);
// Ends quietly when the connection broke: the server's reply says why.
Result<void> send_to_stream(std::ostream& data, const Content& content, const Call& call);

}  // namespace certbridge::file

// A folder behind FTP: binary, passive, the data connection always to the server itself.
#pragma once

#include "folder.h"
#include "server_settings.h"

namespace certbridge::file {

// The server must know SIZE; it is asked for nothing beyond RFC 959 but that, MDTM and EPSV. A
// rename looks first and may replace a file that comes within that round trip.
std::unique_ptr<Folder> open_ftp_folder(ServerSettings settings);

}  // namespace certbridge::file

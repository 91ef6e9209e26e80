// A folder behind SFTP, version 3, as OpenSSH and front-end hosts speak it.
#pragma once

#include "folder.h"
#include "server_settings.h"

namespace certbridge::file {

// The server is believed only with the host key of the settings. A rename does not replace: it
// looks first, and OpenSSH's server refuses as well.
std::unique_ptr<Folder> open_sftp_folder(ServerSettings settings);

}  // namespace certbridge::file

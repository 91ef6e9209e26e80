// Saying who we are to an SSH server.
#pragma once

#include "certbridge/result.h"
#include "server_settings.h"

struct ssh_session_struct;

namespace certbridge::file {

// By the private key, or by the password where there is none; once. The session is connected, and
// its server is believed. "file.login" when it refuses, "file.option" when the key cannot be read;
// no secret stands in the error.
Result<void> sftp_login(ssh_session_struct* session, const ServerSettings& settings);

// "file.connection": there was no answer.
Error sftp_broken();

}  // namespace certbridge::file

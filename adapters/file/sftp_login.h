// Saying who we are to an SSH server.
#pragma once

#include "certbridge/result.h"
#include "server_settings.h"

struct ssh_session_struct;

namespace certbridge::file {

// By the private key, by the password, or by both where the server asks for both, in the order that
// it says; each once. The session is connected, and its server is believed. "file.login" when it
// refuses one of them or asks for what is not configured, "file.option" when the key cannot be
// read; no secret, and no word of the server, stands in the error.
Result<void> sftp_login(ssh_session_struct* session, const ServerSettings& settings);

// "file.connection": there was no answer.
Error sftp_broken();

}  // namespace certbridge::file

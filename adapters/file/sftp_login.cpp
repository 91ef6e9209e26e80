#include "sftp_login.h"

#include <libssh/libssh.h>

#include <memory>

namespace certbridge::file {
namespace {

constexpr int kMostQuestions = 5;  // rounds of them in one login

// Some servers know no method "password", and ask for it in words: the first hidden question gets
// it, once. What asks for more, or for something that may be seen, is refused.
int answer_questions(ssh_session session, const std::string& password) {
  bool said = false;
  int outcome = ssh_userauth_kbdint(session, nullptr, nullptr);
  for (int round = 0; outcome == SSH_AUTH_INFO && round < kMostQuestions; ++round) {
    const int questions = ssh_userauth_kbdint_getnprompts(session);
    for (int number = 0; number < questions; ++number) {
      char may_be_seen = 0;
      ssh_userauth_kbdint_getprompt(session, static_cast<unsigned>(number), &may_be_seen);
      if (said || may_be_seen != 0) return SSH_AUTH_DENIED;
      ssh_userauth_kbdint_setanswer(session, static_cast<unsigned>(number), password.c_str());
      said = true;
    }
    outcome = ssh_userauth_kbdint(session, nullptr, nullptr);
  }
  return outcome;
}

int say_password(ssh_session session, const std::string& password) {
  const int outcome = ssh_userauth_none(session, nullptr);  // tells which methods there are
  if (outcome == SSH_AUTH_SUCCESS || outcome == SSH_AUTH_ERROR) return outcome;
  const auto methods = static_cast<unsigned>(ssh_userauth_list(session, nullptr));
  const bool only_asks =
      (methods & SSH_AUTH_METHOD_PASSWORD) == 0 && (methods & SSH_AUTH_METHOD_INTERACTIVE) != 0;
  return only_asks ? answer_questions(session, password)
                   : ssh_userauth_password(session, nullptr, password.c_str());
}

}  // namespace

Error sftp_broken() {
  return Error::retryable("file.connection",
                          "the connection to the SFTP server broke, or it did not answer in time");
}

Result<void> sftp_login(ssh_session session, const ServerSettings& settings) {
  int outcome = SSH_AUTH_ERROR;
  if (settings.private_key.empty()) {
    outcome = say_password(session, settings.password);
  } else {
    ssh_key read = nullptr;
    const char* passphrase = settings.passphrase.empty() ? nullptr : settings.passphrase.c_str();
    if (ssh_pki_import_privkey_file(settings.private_key.c_str(), passphrase, nullptr, nullptr,
                                    &read) != SSH_OK)
      return Error::fault("file.option",
                          "the private key cannot be read, or its passphrase is wrong");
    const std::unique_ptr<ssh_key_struct, void (*)(ssh_key)> key(read, ssh_key_free);
    outcome = ssh_userauth_publickey(session, nullptr, key.get());
  }
  if (outcome == SSH_AUTH_SUCCESS) return {};
  if (outcome == SSH_AUTH_ERROR) return sftp_broken();
  return Error::fault("file.login", "the SFTP server refuses the user, the password or the key");
}

}  // namespace certbridge::file

#include "sftp_login.h"

#include <libssh/libssh.h>

#include <memory>
#include <utility>

namespace certbridge::file {
namespace {

constexpr int kMostQuestions = 5;  // rounds of them in one login
constexpr unsigned kByPassword = SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE;

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
  return outcome == SSH_AUTH_INFO ? SSH_AUTH_DENIED : outcome;
}

using Key = std::unique_ptr<ssh_key_struct, void (*)(ssh_key)>;

// What is configured and was not shown to the server yet.
struct Proofs {
  Key key{nullptr, ssh_key_free};
  const std::string* password = nullptr;
};
enum class Proof : std::uint8_t { kNone = 1, kKey = 2, kPassword = 3 };

Result<Proofs> read_proofs(const ServerSettings& settings) {
  Proofs proofs;
  if (!settings.password.empty()) proofs.password = &settings.password;
  if (settings.private_key.empty()) return proofs;
  ssh_key read = nullptr;
  const char* passphrase = settings.passphrase.empty() ? nullptr : settings.passphrase.c_str();
  if (ssh_pki_import_privkey_file(settings.private_key.c_str(), passphrase, nullptr, nullptr,
                                  &read) != SSH_OK)
    return Error::fault("file.option",
                        "the private key cannot be read, or its passphrase is wrong");
  proofs.key.reset(read);
  return proofs;
}

// Which of them the server wants next; the key first where it leaves the choice.
Proof next_of(const Proofs& proofs, unsigned methods) {
  if (proofs.key && (methods & SSH_AUTH_METHOD_PUBLICKEY) != 0) return Proof::kKey;
  return proofs.password != nullptr && (methods & kByPassword) != 0 ? Proof::kPassword
                                                                    : Proof::kNone;
}

// Each is shown once: servers count what they refuse.
int show(ssh_session session, Proofs& proofs, Proof proof, unsigned methods) {
  if (proof == Proof::kKey) {
    const Key key = std::move(proofs.key);
    return ssh_userauth_publickey(session, nullptr, key.get());
  }
  const std::string& password = *std::exchange(proofs.password, nullptr);
  if ((methods & SSH_AUTH_METHOD_PASSWORD) == 0) return answer_questions(session, password);
  return ssh_userauth_password(session, nullptr, password.c_str());
}

Error refused(const std::string& what) {
  return Error::fault("file.login", "the SFTP server " + what);
}

Error refused_proof(Proof proof, Proof taken) {
  if (proof == Proof::kKey)
    return refused(taken == Proof::kNone ? "refuses the user or the key"
                                         : "takes the password and refuses the key");
  return refused(taken == Proof::kNone ? "refuses the user or the password"
                                       : "takes the key and refuses the password");
}

Error lacking(const ServerSettings& settings, Proof taken, unsigned methods) {
  const std::string takes = taken == Proof::kNone  ? ""
                            : taken == Proof::kKey ? "takes the key and "
                                                   : "takes the password and ";
  const std::string as_well = taken == Proof::kNone ? "" : " as well";
  if (settings.private_key.empty() && (methods & SSH_AUTH_METHOD_PUBLICKEY) != 0)
    return refused(takes + "asks for a key" + as_well + "; give the option private-key");
  if (settings.password.empty() && (methods & kByPassword) != 0)
    return refused(takes + "asks for a password" + as_well + "; give the option password");
  return refused(takes + "asks for more than a key and a password");
}

}  // namespace

Error sftp_broken() {
  return Error::retryable("file.connection",
                          "the connection to the SFTP server broke, or it did not answer in time");
}

Result<void> sftp_login(ssh_session session, const ServerSettings& settings) {
  auto proofs = read_proofs(settings);
  if (!proofs) return proofs.error();
  Proof taken = Proof::kNone;
  int outcome = ssh_userauth_none(session, nullptr);  // tells which methods there are
  while (outcome == SSH_AUTH_DENIED || outcome == SSH_AUTH_PARTIAL) {
    const auto methods = static_cast<unsigned>(ssh_userauth_list(session, nullptr));
    const Proof next = next_of(proofs.value(), methods);
    if (next == Proof::kNone) return lacking(settings, taken, methods);
    outcome = show(session, proofs.value(), next, methods);
    if (outcome == SSH_AUTH_DENIED) return refused_proof(next, taken);
    taken = next;
  }
  return outcome == SSH_AUTH_SUCCESS ? Result<void>() : sftp_broken();
}

}  // namespace certbridge::file

#include "sftp_folder.h"

#include <fcntl.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>
#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "exchange_limit.h"
#include "remote_folder.h"
#include "sftp_login.h"

namespace certbridge::file {
namespace {

constexpr std::size_t kSftpPiece = 32UL * 1024;  // what every server takes at once
constexpr mode_t kNewFile = 0640;
constexpr mode_t kNewFolder = 0750;

// What libssh hands out, each given back by its own function.
struct Free {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
  void operator()(sftp_session sftp) const { sftp_free(sftp); }
  void operator()(ssh_key key) const { ssh_key_free(key); }
  void operator()(sftp_attributes attributes) const { sftp_attributes_free(attributes); }
  void operator()(sftp_dir folder) const { sftp_closedir(folder); }
  void operator()(sftp_file file) const { sftp_close(file); }
};
template <class Handle>
using Owned = std::unique_ptr<std::remove_pointer_t<Handle>, Free>;

std::chrono::steady_clock::time_point end_of_exchange(const ServerSettings& settings,
                                                      const Call& call) {
  return std::min(call.deadline, std::chrono::steady_clock::now() + settings.wait);
}

FileState state_of(const sftp_attributes_struct& attributes) {
  return {attributes.size, static_cast<std::int64_t>(attributes.mtime),
          attributes.type == SSH_FILEXFER_TYPE_REGULAR};
}

class SftpSession final : public RemoteSession {
 public:
  SftpSession(ServerSettings settings, Owned<ssh_session> session,
              std::unique_ptr<ExchangeLimit> limit, Owned<sftp_session> sftp)
      : settings_(std::move(settings)),
        session_(std::move(session)),
        limit_(std::move(limit)),
        sftp_(std::move(sftp)) {}

  Result<void> probe(const Call& call) override {
    auto found = state({}, call);
    if (!found) return found.error();
    return {};
  }

  void rest() override { limit_->clear(); }

  Result<void> list(const std::string& path, const Visit& visit, const Call& call) override {
    if (auto ready = prepare(call); !ready) return ready;
    const Owned<sftp_dir> folder(sftp_opendir(sftp_.get(), place(path).c_str()));
    if (!folder) {
      if (problem() == SSH_FX_NO_SUCH_FILE)
        return Error::fault("file.no_folder", "the SFTP server has no folder " + place(path));
      return refused("list", path);
    }
    while (true) {
      if (auto ready = prepare(call); !ready) return ready;
      const Owned<sftp_attributes> entry(sftp_readdir(sftp_.get(), folder.get()));
      if (!entry) return sftp_dir_eof(folder.get()) != 0 ? Result<void>() : refused("list", path);
      const std::string_view name(entry->name);
      if (name != "." && name != ".." && !visit(name)) return {};
    }
  }

  Result<std::optional<FileState>> state(const std::string& path, const Call& call) override {
    if (auto ready = prepare(call); !ready) return ready.error();
    const Owned<sftp_attributes> found(sftp_lstat(sftp_.get(), place(path).c_str()));
    if (found) return std::optional(state_of(*found));
    if (problem() == SSH_FX_NO_SUCH_FILE) return std::optional<FileState>();
    return refused("look at", path);
  }

  Result<void> read(const std::string& path, const Take& take, const Call& call) override {
    auto found = state(path, call);
    if (!found) return found.error();
    if (!found.value() || !found.value()->regular)
      return Error::retryable("file.absent", "there is no file " + path);
    if (auto ready = prepare(call); !ready) return ready;
    const Owned<sftp_file> file(sftp_open(sftp_.get(), place(path).c_str(), O_RDONLY, 0));
    if (!file) return refused("open", path);
    std::vector<std::byte> piece(kSftpPiece);
    while (true) {
      if (auto ready = prepare(call); !ready) return ready;
      const ssize_t got = sftp_read(file.get(), piece.data(), piece.size());
      if (got < 0) return refused("read", path);
      if (got == 0) return {};
      if (auto taken = take(std::span(piece).first(static_cast<std::size_t>(got))); !taken)
        return taken;
    }
  }

  Result<void> write(const std::string& path, const Content& content, const Call& call) override {
    if (auto ready = prepare(call); !ready) return ready;
    Owned<sftp_file> file(
        sftp_open(sftp_.get(), place(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC, kNewFile));
    if (!file && problem() == SSH_FX_NO_SUCH_FILE)
      return Error::fault("file.no_folder", "the SFTP server has no folder for " + path);
    if (!file) return refused("create", path);
    if (auto filled = fill(file.get(), path, content, call); !filled) return filled;
    if (auto ready = prepare(call); !ready) return ready;
    const bool can_sync = sftp_extension_supported(sftp_.get(), "fsync@openssh.com", "1") != 0;
    if (can_sync && sftp_fsync(file.get()) < 0) return refused("sync", path);
    if (sftp_close(file.release()) != SSH_OK) return refused("close", path);
    return {};
  }

  Result<void> rename(const std::string& from, const std::string& to, const Call& call) override {
    auto taken = state(to, call);
    if (!taken) return taken.error();
    if (taken.value()) return already(to);
    if (auto ready = prepare(call); !ready) return ready;
    if (sftp_rename(sftp_.get(), place(from).c_str(), place(to).c_str()) == 0) return {};
    const int why = problem();
    if (why == SSH_FX_FILE_ALREADY_EXISTS) return already(to);
    if (why == SSH_FX_NO_SUCH_FILE) return missing_of(from, to, call);
    if (why != SSH_FX_FAILURE) return refused("rename to", to);
    taken = state(to, call);  // "failure" is also what a name that came meanwhile gives
    if (!taken) return taken.error();
    if (taken.value()) return already(to);
    return Error::retryable("file.failed", "the SFTP server cannot rename " + from + " to " + to);
  }

  Result<void> sync(const std::string&, const Call& call) override { return still_wanted(call); }

  Result<void> remove(const std::string& path, const Call& call) override {
    if (auto ready = prepare(call); !ready) return ready;
    if (sftp_unlink(sftp_.get(), place(path).c_str()) == 0) return {};
    if (problem() == SSH_FX_NO_SUCH_FILE) return {};
    return refused("remove", path);
  }

  Result<void> remove_folder(const std::string& path, const Call& call) override {
    if (auto ready = prepare(call); !ready) return ready;
    if (sftp_rmdir(sftp_.get(), place(path).c_str()) == 0) return {};
    if (problem() == SSH_FX_NO_SUCH_FILE) return {};
    return refused("remove the folder", path);
  }

  Result<void> make(const std::string& path, const Call& call) override {
    auto found = state(path, call);
    if (!found) return found.error();
    if (found.value()) return {};
    if (auto ready = prepare(call); !ready) return ready;
    if (sftp_mkdir(sftp_.get(), place(path).c_str(), kNewFolder) == 0) return {};
    if (problem() == SSH_FX_NO_SUCH_FILE)
      return Error::fault("file.no_folder", "the SFTP server has no folder for " + path);
    return refused("make the folder", path);
  }

  void close() override {}

 private:
  std::string place(const std::string& path) const {
    if (path.starts_with('/')) return path;
    return path.empty() ? settings_.folder : joined(settings_.folder, path);
  }
  int problem() const { return sftp_get_error(sftp_.get()); }

  static Error already(const std::string& path) {
    return Error::retryable("file.exists", "there is a file " + path + " already");
  }

  // Before every exchange: whether it is still wanted, and how long it may take. libssh leaves the
  // number of the last error in place when there is no answer, and it would be believed.
  Result<void> prepare(const Call& call) {
    if (auto wanted = still_wanted(call); !wanted) return wanted;
    if (ssh_is_connected(session_.get()) == 0) return sftp_broken();
    sftp_->errnum = SSH_FX_OK;
    limit_->set(end_of_exchange(settings_, call), call.stop);
    return {};
  }

  Error refused(const std::string& doing, const std::string& path) const {
    const int why = problem();
    const std::string what =
        "the SFTP server does not " + doing + " " + path + " (status " + std::to_string(why) + ")";
    if (ssh_is_connected(session_.get()) == 0) return sftp_broken();
    switch (why) {
      case SSH_FX_PERMISSION_DENIED:
        return Error::fault("file.permission", what);
      case SSH_FX_NO_SUCH_FILE:
        return Error::retryable("file.absent", what);
      case SSH_FX_FAILURE:
        return Error::retryable("file.failed", what);
      case SSH_FX_OP_UNSUPPORTED:
        return Error::fault("file.server", what);
      default:
        return sftp_broken();  // also SSH_FX_OK: there was no answer
    }
  }

  Error missing_of(const std::string& from, const std::string& to, const Call& call) {
    auto found = state(from, call);
    if (!found) return found.error();
    if (!found.value()) return Error::retryable("file.absent", "there is no file " + from);
    return Error::fault("file.no_folder", "the SFTP server has no folder for " + to);
  }

  Result<void> fill(sftp_file file, const std::string& path, const Content& content,
                    const Call& call) {
    std::vector<std::byte> piece(kSftpPiece);
    for (std::uint64_t at = 0; at < content.size();) {
      if (auto ready = prepare(call); !ready) return ready;
      auto got = content.read(at, piece);
      if (!got) return got.error();
      if (got.value() == 0)
        return Error::retryable("content.damaged", "the stored content ends too early");
      const ssize_t written = sftp_write(file, piece.data(), got.value());
      if (written != static_cast<ssize_t>(got.value())) return refused("write", path);
      at += got.value();
    }
    return {};
  }

  ServerSettings settings_;
  Owned<ssh_session> session_;
  std::unique_ptr<ExchangeLimit> limit_;
  Owned<sftp_session> sftp_;
};

// "SHA256:..." of the key that the server showed; empty when it cannot be had.
std::string fingerprint_of(ssh_session session) {
  ssh_key shown = nullptr;
  if (ssh_get_server_publickey(session, &shown) != SSH_OK) return {};
  const Owned<ssh_key> key(shown);
  unsigned char* hash = nullptr;
  std::size_t length = 0;
  if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &hash, &length) != 0) return {};
  char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
  std::string fingerprint = text == nullptr ? "" : text;
  ssh_string_free_char(text);
  ssh_clean_pubkey_hash(&hash);
  return fingerprint;
}

// No file of the account that the host runs as has a say: neither its configuration nor its keys.
bool set_options(ssh_session session, const ServerSettings& settings) {
  const int no = 0;
  const unsigned int port = settings.port;
  const long seconds =
      std::max<long>(1, std::chrono::duration_cast<std::chrono::seconds>(settings.wait).count());
  return ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no) == 0 &&
         ssh_options_set(session, SSH_OPTIONS_HOST, settings.host.c_str()) == 0 &&
         ssh_options_set(session, SSH_OPTIONS_PORT, &port) == 0 &&
         ssh_options_set(session, SSH_OPTIONS_USER, settings.user.c_str()) == 0 &&
         ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null") == 0 &&
         ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") == 0 &&
         ssh_options_set(session, SSH_OPTIONS_TIMEOUT, &seconds) == 0;
}

Result<std::unique_ptr<RemoteSession>> connect(const ServerSettings& settings, const Call& call) {
  if (auto wanted = still_wanted(call); !wanted) return wanted.error();
  Owned<ssh_session> session(ssh_new());
  if (!session || !set_options(session.get(), settings))
    return Error::fault("file.option", "libssh does not take the address or the user");
  if (ssh_connect(session.get()) != SSH_OK)
    return Error::retryable("file.connection", "the SFTP server cannot be reached");
  auto limit = std::make_unique<ExchangeLimit>(ssh_get_fd(session.get()));
  limit->set(end_of_exchange(settings, call), call.stop);
  if (const std::string shown = fingerprint_of(session.get()); shown != settings.host_key)
    return Error::fault("file.host_key", "the SFTP server shows the host key " + shown +
                                             ", not the one that is configured");
  if (auto known = sftp_login(session.get(), settings); !known) return known.error();
  Owned<sftp_session> sftp(sftp_new(session.get()));
  const bool offered = sftp && sftp_init(sftp.get()) == SSH_OK;
  if (!offered && limit->was_over()) return sftp_broken();
  if (!offered) return Error::fault("file.server", "the SSH server offers no SFTP");
  return std::unique_ptr<RemoteSession>(std::make_unique<SftpSession>(
      settings, std::move(session), std::move(limit), std::move(sftp)));
}

}  // namespace

std::unique_ptr<Folder> open_sftp_folder(ServerSettings settings) {
  return keep_one_session(
      [settings = std::move(settings)](const Call& call) { return connect(settings, call); });
}

}  // namespace certbridge::file

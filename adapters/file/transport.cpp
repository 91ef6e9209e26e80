#include "transport.h"

#include "certbridge/options.h"
#include "ftp_folder.h"
#include "local_folder.h"
#include "sftp_folder.h"

namespace certbridge::file {
namespace {

constexpr std::uint16_t kFtpPort = 21;
constexpr std::uint16_t kSftpPort = 22;

Error bad_transport(const std::string& why) { return Error::fault("file.option", why); }

Result<void> check_server(const ServerSettings& settings, bool secure) {
  if (settings.host.empty() || settings.user.empty())
    return bad_transport("a server needs the options host and user");
  if (settings.password.empty() && settings.private_key.empty())
    return bad_transport("a server needs the option password, or for SFTP private-key");
  if (secure && settings.host_key.empty())
    return bad_transport("SFTP needs the option host-key: nobody is believed at first sight");
  if (!secure && !settings.private_key.empty()) return bad_transport("FTP knows no private-key");
  return {};
}

}  // namespace

bool is_remote(const Config& config) {
  auto transport = config.text("transport");
  return transport && transport.value() != "local";
}

Result<std::unique_ptr<Folder>> open_folder(const Config& config) {
  OptionReader options(config);
  const bool secure = options.text("transport") == "sftp";
  ServerSettings settings;
  settings.folder = options.text("folder");
  settings.host = options.text("host");
  settings.port = static_cast<std::uint16_t>(options.integer("port"));
  settings.user = options.text("user");
  settings.password = options.secret("password");
  settings.private_key = options.file("private-key");
  settings.passphrase = options.secret("private-key-passphrase");
  settings.host_key = options.text("host-key");
  settings.wait = options.duration("server-timeout");
  if (auto read = options.result(); !read) return read.error();
  if (settings.folder.empty()) return bad_transport("folder must not be empty");
  if (!is_remote(config)) return open_local_folder(settings.folder);
  if (auto checked = check_server(settings, secure); !checked) return checked.error();
  if (settings.port == 0) settings.port = secure ? kSftpPort : kFtpPort;
  return secure ? open_sftp_folder(std::move(settings)) : open_ftp_folder(std::move(settings));
}

}  // namespace certbridge::file

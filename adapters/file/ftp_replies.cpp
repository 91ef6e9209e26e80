#include "ftp_replies.h"

#include <algorithm>
#include <charconv>

namespace certbridge::file {

bool ftp_does_not_know(int status) { return status >= 500 && status <= 504; }

Error ftp_reply_error(int status, const std::string& doing) {
  const std::string what = "the FTP server answered " + std::to_string(status) + " to " + doing;
  if (status == ftp_reply::kServiceClosing) return Error::retryable("file.connection", what);
  if (status == ftp_reply::kNotLoggedIn) return Error::fault("file.login", what);
  if (status == ftp_reply::kNoRoom || status == ftp_reply::kOverQuota)
    return Error::retryable("file.disk_full", what);
  if (ftp_does_not_know(status)) return Error::fault("file.server", what);
  return Error::retryable("file.failed", what);
}

Error ftp_broken(const std::string& why) {
  return Error::retryable("file.connection", "the connection to the FTP server broke: " + why);
}

std::uint64_t number_of_reply(std::string_view reply) {
  constexpr std::size_t kDigitsAndBlank = 4;
  reply.remove_prefix(std::min(kDigitsAndBlank, reply.size()));
  std::uint64_t number = 0;
  std::from_chars(reply.data(), reply.data() + reply.size(), number);
  return number;
}

}  // namespace certbridge::file

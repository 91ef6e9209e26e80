// What the numbers say that an FTP server answers with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "certbridge/result.h"

namespace certbridge::file {

// RFC 959, section 4.2.
namespace ftp_reply {
inline constexpr int kFileStatus = 213;
inline constexpr int kNeedsAccount = 332;
inline constexpr int kServiceClosing = 421;
inline constexpr int kWrongUser = 430;
inline constexpr int kNothingFound = 450;
inline constexpr int kNoRoom = 452;
inline constexpr int kNotLoggedIn = 530;
inline constexpr int kNoSuchFile = 550;
inline constexpr int kOverQuota = 552;
inline constexpr int kNameNotAllowed = 553;
}  // namespace ftp_reply

// Whether the server lacks the command.
bool ftp_does_not_know(int status);
// A reply that is no success, where nothing more is known about it; `doing` is the command.
Error ftp_reply_error(int status, const std::string& doing);
// "file.connection"
Error ftp_broken(const std::string& why);
// The number behind the three digits of a reply, "213 4711"; 0 when there is none.
std::uint64_t number_of_reply(std::string_view reply);

}  // namespace certbridge::file

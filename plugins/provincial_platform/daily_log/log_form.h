// What a province's daily log (登簿日志) looks like and when it is due: all of it is read from a
// file (profiles/daily-log.xsd describes it), because no official text is public.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/result.h"
#include "exchange/file_drop.h"
#include "exchange/http_replies.h"

namespace certbridge::provincial_platform {

// All since the beginning of the log's day at +08:00, but `reply`.
struct LogTimes {
  std::chrono::seconds closes{0};  // from then on the log may be made
  std::chrono::seconds wait{0};    // until then it waits for bookings that are under way
  std::chrono::seconds due{0};     // the province's deadline
  std::chrono::seconds reply{0};   // how long after sending the reply is looked for
};

// An element of the log's own.
struct LogField {
  enum class Source : std::uint8_t {
    kFact = 1,      // what the registration system answers under this name in lower case
    kConstant = 2,  // `text`
    kNumber = 3,    // BizMsgID, which is the number and has the signature behind it
    kArea = 4,
    kDay = 5,  // yyyyMMdd
    kVersion = 6,
  };
  std::string name{};
  Source source = Source::kFact;
  std::string text{};  // the constant, or what is written when there is no fact
};

// A number of bookings: of all, or of those of some registration and right types.
struct LogCount {
  std::string name{};
  std::set<std::string, std::less<>> types{};   // DJLX; empty: any
  std::set<std::string, std::less<>> rights{};  // QLLX; empty: any
  bool kinds = false;                           // how many registration types occur
};

struct LogAttribute {
  enum class Source : std::uint8_t {
    kFact = 1,      // the row's value under this name in lower case
    kReported = 2,  // `yes` when the platform was sent the booking, else `no`
    kNumber = 3,    // BizMsgID of the message that was sent
  };
  std::string name{};
  Source source = Source::kFact;
  std::size_t length = 0;  // characters at most; 0: any number
  bool required = false;
  std::string otherwise{};  // written when there is no value
  std::string yes{};
  std::string no{};
};

enum class LogSide : std::uint8_t { kRegistered = 1, kAccessed = 2 };

struct LogTotal {
  std::string name{};
  LogSide side = LogSide::kRegistered;
};
struct LogList {
  std::string name{};
  LogSide side = LogSide::kRegistered;
  std::string total{};  // the attribute that is the number of rows
  std::string row{};
  std::vector<LogAttribute> attributes{};  // in the order of the wire
};

struct LogReplyForm {
  std::string code{};   // the element that is the code
  std::string words{};  // the element that says more
  // Code to whether it accepts the log. Any other code rejects it.
  std::map<std::string, bool, std::less<>> accepts{};
};

struct LogForm {
  std::string name{};
  std::string root{};
  std::string entry{};  // the element of one area and day
  unsigned least_key_bits = 1024;
  LogTimes times{};
  FileNames files{};
  std::vector<LogField> fields{};
  std::vector<LogCount> counts{};  // attributes of each total
  std::vector<LogTotal> totals{};
  std::vector<LogList> lists{};
  LogReplyForm reply{};
  HttpReplies http{};  // to a log that is posted

  bool is_signed() const;  // it has a field that is the number
};

// Strictly: what it does not know, it refuses. Fails with "profile.shape", with file, line and
// element.
Result<LogForm> parse_log_form(std::string_view xml, std::string_view file);

}  // namespace certbridge::provincial_platform

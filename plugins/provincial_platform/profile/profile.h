// What a generation of the standard and its patches say about messages to a provincial platform.
// Names of tables, attributes and code lists are those of the database standard for real-estate
// registration (2015 trial edition; 2021); all of it is read from profile files.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/delivery_order.h"
#include "certbridge/result.h"
#include "exchange/http_replies.h"

namespace certbridge::provincial_platform {

enum class ValueType : std::uint8_t {
  kText = 1,
  kInteger = 2,
  kDecimal = 3,
  kTime = 4,    // yyyy-MM-ddTHH:mm:ss, local time of +08:00
  kBinary = 5,  // Base64
};

struct AttributeRule {
  std::string name{};
  ValueType type = ValueType::kText;
  std::size_t length = 0;  // characters at most; 0: any number
  std::string codes{};     // name of the list that a value must be of; empty: no list
  int decimals = -1;       // places behind the point; below 0: those of the profile
  bool required = false;
  std::optional<std::string> otherwise{};  // written when the facts have no value
};

struct TableRule {
  std::string name{};
  std::vector<AttributeRule> attributes{};  // in the order of the wire

  const AttributeRule* find(std::string_view attribute) const;  // null when there is none
};

struct HeadField {
  enum class Source : std::uint8_t {
    kFact = 1,      // the fact of the same name, in lower case
    kConstant = 2,  // `text`
    kMessageId = 3,
    kRecType = 4,
    kField = 5,  // the first `characters` of the head field `text`
  };
  std::string name{};
  Source source = Source::kFact;
  std::string text{};
  std::size_t characters = 0;
  ValueType type = ValueType::kText;
  std::string pattern{};  // of XML Schema; empty: any text
  bool list = false;      // values by comma, written with the profile's separator
  bool required = true;
  std::optional<std::string> otherwise{};
};

enum class Occurs : std::uint8_t { kOne = 1, kSome = 2, kAny = 3 };

// Which tables the messages of one RecType have.
struct MessageRule {
  std::string rec_type{};     // seven digits
  std::string right{};        // the table of the right; there once
  bool any_reg_type = false;  // also for registration types other than its first digit
  std::map<std::string, Occurs, std::less<>> tables{};  // with that of the right
};

struct ValueRules {
  std::string placeholder{};  // for a required text without a value; empty: there is none
  std::string separator{};    // of lists in the head
  int decimals = 2;
  std::string time_suffix{};  // behind times of attributes, "+08:00" or nothing
};

// The number of a message whose booking the platform was told of before, or is told of too late.
struct NumberRule {
  enum class Kind : std::uint8_t {
    kNew = 1,     // the next number
    kSame = 2,    // that of the message before
    kSuffix = 3,  // its first 18 digits, and `suffix`
  };
  Kind kind = Kind::kNew;
  std::string suffix{};
};
// The day's log is that of the day of booking.
struct Repetitions {
  NumberRule late{};  // 补报: first told after the day's log was sent; on a number of its own
  NumberRule again_early{};  // 重报: after a failure, before the day's log was sent
  NumberRule again{};        // 重报: after a failure, after the day's log was sent
  NumberRule update{};       // what was accepted is mended
};

struct Profile {
  std::string name{};
  ValueRules values{};
  Repetitions repetitions{};
  unsigned least_key_bits = 1024;
  std::chrono::seconds verdict_expected{600};
  HttpReplies http{};                    // to a message that is posted
  std::optional<DeliveryOrder> order{};  // none: it does not say
  std::vector<HeadField> head{};
  std::map<std::string, std::set<std::string>, std::less<>> codes{};
  std::vector<TableRule> tables{};                             // in the order of Data
  std::map<std::string, MessageRule, std::less<>> messages{};  // by RecType

  const TableRule* table(std::string_view table_name) const;  // null when there is none
};

// Reads a profile file (profiles/profile.xsd describes it); strictly: what it does not know, it
// refuses. Fails with "profile.shape", with file, line and element.
Result<Profile> parse_profile(std::string_view xml, std::string_view file);

}  // namespace certbridge::provincial_platform

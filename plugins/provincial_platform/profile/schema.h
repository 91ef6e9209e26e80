// The XML Schema of one kind of message, made of the field tables, and what it finds.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "profile/finding.h"
#include "profile/patch.h"
#include "profile/profile.h"

namespace certbridge::provincial_platform {

// The text of the XSD for a RecType of the profile, which is the one that the patch changed: head
// in any order, Data in the order of the tables, names as on the wire.
std::string schema_text(const Profile& profile, const Patch& patch, const std::string& rec_type);

// A compiled schema. Any thread may check.
class MessageSchema {
 public:
  MessageSchema();
  ~MessageSchema();
  MessageSchema(MessageSchema&&) noexcept;
  MessageSchema& operator=(MessageSchema&&) noexcept;

  // "provincial.schema_text" when it does not compile: a pattern of the profile is wrong.
  static Result<MessageSchema> compile(const std::string& text);
  // Everything that is wrong with a message, with its place; empty: it is valid. No value of the
  // message is repeated.
  std::vector<Finding> check(std::string_view message) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace certbridge::provincial_platform

// What reading a claimed file tells, and what every message of the source begins with.
#pragma once

#include <optional>

#include "certbridge/context.h"
#include "taken_file.h"

namespace certbridge::file {

// What reading a file once tells.
struct Reading {
  StoredContent stored{};
  std::string charset{};  // empty where it was not looked at
  bool byte_order_mark = false;
  std::string manifest_digest{};   // in the manifest's kind
  std::optional<Error> refused{};  // "file.charset", "file.empty"
};

// Nothing when it is not as it was when its state was looked at: its writer is not done.
Result<std::optional<Reading>> read_still(Folder& folder, const TakenSettings& settings,
                                          const std::string& path, const FileState& before,
                                          Context& context, const Call& call);

// A small file as text, cut one byte behind `most`: enough to see that it is too large. Nothing
// when it is not there.
Result<std::optional<std::string>> read_small(Folder& folder, const std::string& path,
                                              std::size_t most, const Call& call);

// What is known before anything is read; `name` says what it is kept in order by, where that is
// wished for, else it is refused.
Message begin_message(const TakenSettings& settings, const std::string& name, Timestamp now);

// The host keeps it as parked.
void refuse_message(Message& message, const Error& error);
// `limit` is limit_of() or kHostsLimit.
Error too_large_error(std::uint64_t size, const std::string& limit);
std::string limit_of(std::uint64_t largest);
// The host takes no content of this size: reading it again would not help.
inline constexpr const char* kHostsLimit = "what the host keeps of one message";
bool is_above_host(const Result<std::optional<Reading>>& reading);

// The name as a source key begins: one that is not of ASCII is told apart by its digest, because
// its readable form may be cut.
std::string key_name(const std::string& name);
// Hexadecimal SM3.
std::string sm3_of_text(std::string_view text);

// Body, charset and mark of what was read, and why it is refused, if it is.
void fill_body(Message& message, const Reading& reading);

}  // namespace certbridge::file

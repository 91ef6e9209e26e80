#include "file_name.h"
#include "reading.h"
#include "taken_file.h"

namespace certbridge::file {
namespace {

constexpr const char* kAttachmentMediaType = "application/octet-stream";

Message begin_parcel(const TakenSettings& settings, const std::string& name, Timestamp now) {
  Message message = begin_message(settings, name, now);
  message.headers["parcel"] = escaped_name(name);
  return message;
}

// Of all files; nothing when one is not there.
Result<std::vector<FileState>> states_of(Folder& folder, const std::vector<ParcelFile>& files,
                                         const Call& call) {
  std::vector<FileState> states;
  for (const ParcelFile& file : files) {
    auto state = folder.state(file.path, call);
    if (!state) return state.error();
    if (!state.value() || !state.value()->regular) return std::vector<FileState>();
    states.push_back(*state.value());
  }
  return states;
}

// Why the parcel is refused for this file, if it is.
std::optional<Error> objection_to(const ParcelFile& file, const Reading& reading) {
  if (reading.refused)
    return Error::permanent(reading.refused->code,
                            file.listed.name + ": " + reading.refused->message);
  if (!file.listed.digest.empty() && file.listed.digest != reading.manifest_digest)
    return Error::permanent("file.manifest",
                            file.listed.name + " has not the digest that the manifest says");
  return {};
}

void attach(Message& message, const std::string& name, const Reading& reading) {
  message.attachments.push_back({name, kAttachmentMediaType, reading.stored.size,
                                 reading.stored.digest, reading.stored.content});
}

}  // namespace

Result<std::optional<Message>> read_parcel(Folder& folder, const TakenSettings& settings,
                                           const std::string& name,
                                           const std::vector<ParcelFile>& files, Context& context,
                                           const Call& call) {
  auto states = states_of(folder, files, call);
  if (!states) return states.error();
  if (states.value().empty()) return std::optional<Message>();
  Message message = begin_parcel(settings, name, context.clock().now());
  std::uint64_t size = 0;
  for (const FileState& state : states.value()) size += state.size;
  const auto refused_for_size = [&](const std::string& limit) {
    Message refused = begin_parcel(settings, name, context.clock().now());
    refused.source_key = key_name(name) + ":size-" + std::to_string(size);
    refuse_message(refused, too_large_error(size, limit));
    return std::optional(std::move(refused));
  };
  if (size > settings.largest) return refused_for_size(limit_of(settings.largest));
  TakenSettings other = settings;  // of attachments nothing is known
  other.charset = Charset::kAny;
  std::string contents;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const ParcelFile& file = files[i];
    const bool is_body = i == 0;
    auto reading =
        read_still(folder, is_body ? settings : other, file.path, states.value()[i], context, call);
    if (is_above_host(reading)) return refused_for_size(kHostsLimit);
    if (!reading) return reading.error();
    if (!reading.value()) return std::optional<Message>();
    contents += file.listed.name + ":" + to_hex(reading.value()->stored.digest) + "\n";
    if (is_body) {
      fill_body(message, *reading.value());
      message.headers["file-name"] = escaped_name(file.listed.name);
    } else {
      attach(message, file.listed.name, *reading.value());
    }
    if (auto objection = objection_to(file, *reading.value())) refuse_message(message, *objection);
  }
  message.source_key = key_name(name) + ":" + sm3_of_text(contents);
  if (auto proper = check_name(name); !proper) refuse_message(message, proper.error());
  return std::optional(std::move(message));
}

Message parcel_without_files(const TakenSettings& settings, const std::string& name,
                             std::string_view manifest_text, const Error& why, Timestamp now) {
  Message message = begin_parcel(settings, name, now);
  message.source_key = key_name(name) + ":manifest-" + sm3_of_text(manifest_text);
  refuse_message(message, why);
  return message;
}

}  // namespace certbridge::file

#include "taken_file.h"

#include <algorithm>

#include "file_name.h"

namespace certbridge::file {
namespace {

// What reading a file once tells.
struct Reading {
  StoredContent stored{};
  std::string charset{};
  bool byte_order_mark = false;
  std::string manifest_digest{};  // in the manifest's kind
  std::optional<Error> refused{};
};

Result<Reading> read_file(Folder& folder, const TakenSettings& settings, const std::string& path,
                          Context& context, const Call& call) {
  auto writer = context.spool();
  if (!writer) return writer.error();
  CharsetCheck charset(settings.charset);
  Digest digest(settings.manifest_digest);
  auto read = folder.read(
      path,
      [&](std::span<const std::byte> bytes) {
        charset.add(bytes);
        digest.add(bytes);
        return writer.value()->write(bytes);
      },
      call);
  if (!read) return read.error();
  auto stored = writer.value()->finish();
  if (!stored) return stored.error();
  Reading reading{std::move(stored).value(), {}, charset.byte_order_mark(), digest.hex(), {}};
  if (auto decoded = charset.finish(); decoded) {
    reading.charset = decoded.value();
  } else {
    reading.refused = decoded.error();
  }
  return reading;
}

Result<std::optional<std::string>> read_manifest_text(Folder& folder, const std::string& path,
                                                      const Call& call) {
  std::string text;
  auto read = folder.read(
      path,
      [&](std::span<const std::byte> bytes) {
        // One byte too many is enough to see that it is too large.
        text.append(reinterpret_cast<const char*>(bytes.data()),
                    std::min(bytes.size(), kLargestManifest + 1 - text.size()));
        return Result<void>();
      },
      call);
  if (!read && read.error().code == "file.absent") return std::optional<std::string>();
  if (!read) return read.error();
  return std::optional(std::move(text));
}

Result<void> check_manifest(const std::string& text, const std::string& name,
                            const TakenSettings& settings, const Reading& reading) {
  auto manifest = parse_manifest(text, name, settings.manifest_digest);
  if (!manifest) return manifest.error();
  if (!manifest.value().digest.empty() && manifest.value().digest != reading.manifest_digest)
    return Error::permanent("file.manifest", "the file has not the digest that its manifest says");
  return {};
}

Message message_of(const TakenSettings& settings, const std::string& name, Timestamp now) {
  Message message;
  message.type = settings.type;
  message.media_type = settings.media_type;
  message.area = settings.area;
  message.created = now;
  message.headers["file-name"] = escaped_name(name);
  return message;
}

void refuse(Message& message, const Error& error) {
  message.headers["intake-error-code"] = error.code;
  message.headers["intake-error"] = error.message;
}

// A name that is not of ASCII is told apart by its digest: its readable form may be cut.
std::string key_of(const std::string& name, bool proper) {
  if (proper) return name;
  Digest digest(DigestKind::kSm3);
  digest.add(std::as_bytes(std::span(name)));
  return "name-" + digest.hex();
}

Message too_large(const TakenSettings& settings, const std::string& name, const FileState& state,
                  const std::string& limit, Timestamp now) {
  Message message = message_of(settings, name, now);
  message.source_key = key_of(name, check_name(name).ok()) + ":size-" + std::to_string(state.size);
  refuse(message, Error::permanent("file.too_large", "a file of " + std::to_string(state.size) +
                                                         " bytes is above " + limit +
                                                         "; it lies in the error folder"));
  return message;
}

}  // namespace

Result<std::optional<Message>> read_taken(Folder& folder, const TakenSettings& settings,
                                          const std::string& name, const std::string& path,
                                          const std::string& manifest_path, Context& context,
                                          const Call& call) {
  auto before = folder.state(path, call);
  if (!before) return before.error();
  if (!before.value() || !before.value()->regular) return std::optional<Message>();
  const Timestamp now = context.clock().now();
  if (before.value()->size > settings.largest)
    return std::optional(too_large(settings, name, *before.value(),
                                   "the limit of " + std::to_string(settings.largest), now));
  auto reading = read_file(folder, settings, path, context, call);
  if (!reading && reading.error().code == "content.too_large")
    return std::optional(
        too_large(settings, name, *before.value(), "what the host keeps of one message", now));
  if (!reading) return reading.error();
  auto after = folder.state(path, call);
  if (!after) return after.error();
  if (after.value() != before.value() || reading.value().stored.size != after.value()->size)
    return std::optional<Message>();  // its writer is not done with it

  const auto proper = check_name(name);
  Message message = message_of(settings, name, now);
  message.source_key = key_of(name, proper.ok()) + ":" + to_hex(reading.value().stored.digest);
  message.body = reading.value().stored.content;
  if (!reading.value().charset.empty()) message.headers["charset"] = reading.value().charset;
  if (reading.value().byte_order_mark) message.headers["byte-order-mark"] = "yes";
  if (reading.value().refused) refuse(message, *reading.value().refused);
  if (reading.value().stored.size == 0)
    refuse(message,
           Error::permanent("file.empty", "the file is empty; whoever wrote it did not finish"));
  if (!manifest_path.empty()) {
    auto text = read_manifest_text(folder, manifest_path, call);
    if (!text) return text.error();
    if (text.value()) {
      if (auto checked = check_manifest(*text.value(), name, settings, reading.value()); !checked)
        refuse(message, checked.error());
    }
  }
  if (!proper) refuse(message, proper.error());
  return std::optional(std::move(message));
}

}  // namespace certbridge::file

#include "taken_file.h"

#include "file_name.h"
#include "reading.h"

namespace certbridge::file {
namespace {

Result<void> check_manifest(const std::string& text, const std::string& name,
                            const TakenSettings& settings, const Reading& reading) {
  auto manifest = parse_manifest(text, name, settings.manifest_digest);
  if (!manifest) return manifest.error();
  if (!manifest.value().digest.empty() && manifest.value().digest != reading.manifest_digest)
    return Error::permanent("file.manifest", "the file has not the digest that its manifest says");
  return {};
}

Message too_large(const TakenSettings& settings, const std::string& name, const FileState& state,
                  const std::string& limit, Timestamp now) {
  Message message = begin_message(settings, name, now);
  message.source_key = key_name(name) + ":size-" + std::to_string(state.size);
  refuse_message(message, too_large_error(state.size, limit));
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
    return std::optional(
        too_large(settings, name, *before.value(), limit_of(settings.largest), now));
  auto reading = read_still(folder, settings, path, *before.value(), context, call);
  if (is_above_host(reading))
    return std::optional(too_large(settings, name, *before.value(), kHostsLimit, now));
  if (!reading) return reading.error();
  if (!reading.value()) return std::optional<Message>();

  Message message = begin_message(settings, name, now);
  message.source_key = key_name(name) + ":" + to_hex(reading.value()->stored.digest);
  fill_body(message, *reading.value());
  if (!manifest_path.empty()) {
    auto text = read_small(folder, manifest_path, kLargestManifest, call);
    if (!text) return text.error();
    if (text.value()) {
      if (auto checked = check_manifest(*text.value(), name, settings, *reading.value()); !checked)
        refuse_message(message, checked.error());
    }
  }
  if (auto proper = check_name(name); !proper) refuse_message(message, proper.error());
  return std::optional(std::move(message));
}

}  // namespace certbridge::file

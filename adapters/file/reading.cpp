#include "reading.h"

#include <algorithm>

#include "file_name.h"

namespace certbridge::file {
namespace {

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
  if (reading.stored.size == 0)
    reading.refused =
        Error::permanent("file.empty", "the file is empty; whoever wrote it did not finish");
  return reading;
}

}  // namespace

Result<std::optional<Reading>> read_still(Folder& folder, const TakenSettings& settings,
                                          const std::string& path, const FileState& before,
                                          Context& context, const Call& call) {
  auto reading = read_file(folder, settings, path, context, call);
  if (!reading) return reading.error();
  auto after = folder.state(path, call);
  if (!after) return after.error();
  if (after.value() != before || reading.value().stored.size != after.value()->size)
    return std::optional<Reading>();
  return std::optional(std::move(reading).value());
}

Result<std::optional<std::string>> read_small(Folder& folder, const std::string& path,
                                              std::size_t most, const Call& call) {
  std::string text;
  auto read = folder.read(
      path,
      [&](std::span<const std::byte> bytes) {
        text.append(reinterpret_cast<const char*>(bytes.data()),
                    std::min(bytes.size(), most + 1 - text.size()));
        return Result<void>();
      },
      call);
  if (!read && read.error().code == "file.absent") return std::optional<std::string>();
  if (!read) return read.error();
  return std::optional(std::move(text));
}

Message begin_message(const TakenSettings& settings, const std::string& name, Timestamp now) {
  Message message;
  message.type = settings.type;
  message.media_type = settings.media_type;
  message.area = settings.area;
  message.created = now;
  message.headers["file-name"] = escaped_name(name);
  if (!settings.order_name) return message;
  if (auto key = settings.order_name->key_of(name)) {
    message.order_keys.push_back({settings.order_kind, std::move(*key)});
  } else {
    refuse_message(message, Error::permanent("file.name", "the name is not of the form " +
                                                              settings.order_name->text() +
                                                              ", which says what it is kept in "
                                                              "order by"));
  }
  return message;
}

void refuse_message(Message& message, const Error& error) {
  message.headers["intake-error-code"] = error.code;
  message.headers["intake-error"] = error.message;
}

Error too_large_error(std::uint64_t size, const std::string& limit) {
  return Error::permanent("file.too_large", "a file of " + std::to_string(size) +
                                                " bytes is above " + limit +
                                                "; it lies in the error folder");
}

std::string limit_of(std::uint64_t largest) { return "the limit of " + std::to_string(largest); }

bool is_above_host(const Result<std::optional<Reading>>& reading) {
  return !reading && reading.error().code == "content.too_large";
}

std::string key_name(const std::string& name) {
  return check_name(name) ? name : "name-" + sm3_of_text(name);
}

std::string sm3_of_text(std::string_view text) {
  Digest digest(DigestKind::kSm3);
  digest.add(std::as_bytes(std::span(text)));
  return digest.hex();
}

void fill_body(Message& message, const Reading& reading) {
  message.body = reading.stored.content;
  if (!reading.charset.empty()) message.headers["charset"] = reading.charset;
  if (reading.byte_order_mark) message.headers["byte-order-mark"] = "yes";
  if (reading.refused) refuse_message(message, *reading.refused);
}

}  // namespace certbridge::file

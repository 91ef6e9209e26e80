#include "images.h"

#include <openssl/evp.h>

#include <algorithm>

namespace certbridge::registration {
namespace {

constexpr std::size_t kLargestImage = 20U << 20;

Error refused(const CaseRow& row, const std::string& reason) {
  return Error::permanent("registration.image", row.place("content") + ": " + reason);
}

Result<std::string> decoded(const CaseRow& row) {
  std::string text = row.text("content");
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  if (text.empty() || text.size() % 4 != 0) return refused(row, "not Base64");
  if (text.size() / 4 * 3 > kLargestImage) return refused(row, "larger than 20 MB");
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return refused(row, "not Base64");
  const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

const char* ending_of(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "png";
  if (bytes.starts_with("\xFF\xD8\xFF")) return "jpg";
  return nullptr;
}

}  // namespace

Result<std::vector<Attachment>> images_of(const CaseRows& rows, const std::string& certificate_id,
                                          const Spool& spool) {
  std::vector<Attachment> images;
  for (const CaseRow& row : rows.set("images")) {
    if (row.text("certificate") != certificate_id) continue;
    auto bytes = decoded(row);
    if (!bytes) return bytes.error();
    const char* ending = ending_of(bytes.value());
    if (ending == nullptr) return refused(row, "neither PNG nor JPEG");
    auto writer = spool();
    if (!writer) return writer.error();
    auto stored = store(*writer.value(), bytes.value());
    if (!stored) return stored.error();
    Attachment image;
    image.name = "plan-" + std::to_string(images.size() + 1) + "." + ending;
    image.media_type = std::string(ending) == "png" ? "image/png" : "image/jpeg";
    image.size = stored.value().size;
    image.digest = stored.value().digest;
    image.content = stored.value().content;
    images.push_back(std::move(image));
  }
  return images;
}

}  // namespace certbridge::registration

#include "renderer.h"

#include "certbridge_ofd/package.h"
#include "certbridge_ofd/render.h"
#include "certbridge_ofd/structure.h"
#include "certbridge_sm/ses.h"

namespace certbridge::ofd_compose {
namespace {

constexpr std::uint64_t kLargestFile = 64UL * 1024 * 1024;
constexpr const char* kOfd = "application/ofd";

const Content* file_of(const Message& question) {
  if (question.media_type == kOfd && question.body) return question.body.get();
  for (const Attachment& attachment : question.attachments) {
    if (attachment.media_type == kOfd) return attachment.content.get();
  }
  return nullptr;
}

// The picture of a seal; empty when it cannot be read. Whether the seal is valid is another
// question.
std::string picture_of(const ofd::Package& package, const ofd::SealPlace& place) {
  const ofd::Entry* entry = package.find(place.signed_value);
  if (entry == nullptr) return {};
  const auto signature = sm::parse_seal_signature(entry->bytes);
  if (!signature) return {};
  const auto seal = sm::parse_seal(signature.value().seal_der);
  return seal ? seal.value().picture.data : std::string();
}

}  // namespace

Result<Message> Renderer::answer(const Message& question, const Call&) {
  const Content* file = file_of(question);
  if (question.type != "ofd.render" || file == nullptr) {
    return Error::permanent("ofd_compose.question",
                            "the question must be ofd.render with an OFD file");
  }
  auto bytes = read_all(*file, kLargestFile);
  if (!bytes) return bytes.error();
  const auto package = ofd::read_package(bytes.value(), {});
  if (!package) return package.error();
  const auto places = ofd::read_seal_places(package.value());
  if (!places) return places.error();
  std::vector<ofd::Stamp> stamps;
  for (const ofd::SealPlace& place : places.value()) {
    stamps.push_back({place.page_id, place.box, picture_of(package.value(), place)});
  }
  auto picture = ofd::render_document(package.value(), stamps);
  if (!picture) return picture.error();
  Message answer;
  answer.type = "ofd.picture";
  answer.media_type = "image/svg+xml";
  answer.body = content_of(std::move(picture).value());
  return answer;
}

}  // namespace certbridge::ofd_compose

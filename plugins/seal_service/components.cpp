#include "components.h"

#include "certbridge/options.h"

namespace certbridge::seal_service {
namespace {

constexpr std::uint64_t kLargestRevocations = 64UL * 1024 * 1024;

}  // namespace

Result<std::unique_ptr<TrustedSeals>> read_trusted_seals(Context& context) {
  const auto trust = read_option_file(context.config(), "trust");
  if (!trust) return trust.error();
  std::string revocations;
  if (context.config().has("revocations")) {
    auto lists = read_option_file(context.config(), "revocations", kLargestRevocations);
    if (!lists) return lists.error();
    revocations = std::move(lists).value().text;
  }
  auto settings = read_trust(trust.value().text, revocations);
  if (!settings) return settings.error();
  return std::make_unique<TrustedSeals>(std::move(settings).value(), operation_counter(context));
}

CountOperations operation_counter(Context& context) {
  return [&context](std::string_view kind, int count) {
    context.metrics().count("sm2_operations", {{"kind", std::string(kind)}}, count);
  };
}

bool is_ofd_file(const Attachment& attachment) {
  return attachment.media_type == kOfdMediaType || attachment.name.ends_with(".ofd");
}

}  // namespace certbridge::seal_service

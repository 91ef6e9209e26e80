#include "components.h"

#include <fstream>
#include <sstream>

namespace certbridge::seal_service {
namespace {

Result<std::string> read_option_file(Context& context, const char* option) {
  auto path = context.config().file(option);
  if (!path) return path;
  std::ifstream in(path.value(), std::ios::binary);
  std::ostringstream bytes;
  if (in) bytes << in.rdbuf();
  if (!in) return Error::fault("sm.trust", "the file " + path.value() + " cannot be read");
  return bytes.str();
}

}  // namespace

Result<std::unique_ptr<TrustedSeals>> read_trusted_seals(Context& context) {
  auto trust = read_option_file(context, "trust");
  if (!trust) return trust.error();
  std::string revocations;
  if (context.config().has("revocations")) {
    auto lists = read_option_file(context, "revocations");
    if (!lists) return lists.error();
    revocations = std::move(lists).value();
  }
  auto settings = read_trust(trust.value(), revocations);
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

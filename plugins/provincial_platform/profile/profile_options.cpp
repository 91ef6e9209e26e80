#include "profile/profile_options.h"

#include "certbridge/options.h"

namespace certbridge::provincial_platform {

Result<Profile> profile_of(const Config& config) {
  const auto file = read_option_file(config, "profile");
  if (!file) return file.error();
  return parse_profile(file.value().text, file.value().path);
}

Result<Patch> patch_of(const Config& config, Profile& profile) {
  if (!config.has("patch")) return Patch{};
  const auto file = read_option_file(config, "patch");
  if (!file) return file.error();
  return parse_patch(file.value().text, file.value().path, profile);
}

}  // namespace certbridge::provincial_platform

// Patch files of provincial platforms (plugins/provincial_platform): what is read makes schemas.
#include "fuzz.h"
#include "profile/schema.h"

namespace certbridge::fuzz {
namespace {

const provincial_platform::Profile& generation() {
  static const auto read = provincial_platform::parse_profile(
      source_file("plugins/provincial_platform/profiles/v1.xml"), "v1.xml");
  return read.value();
}

}  // namespace

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  provincial_platform::Profile profile = generation();
  const auto patch = provincial_platform::parse_patch(text_of(data, size), "patch.xml", profile);
  if (!patch) {
    require_refused_file(patch.error());
    return 0;
  }
  require(profile.messages.size() >= generation().messages.size(), "no RecType goes away");
  const auto schema = provincial_platform::MessageSchema::compile(
      provincial_platform::schema_text(profile, patch.value(), "2000402"));
  require(schema || schema.error().code == "provincial.schema_text", "a schema or a reason");
  return 0;
}

// Profile files of provincial platforms (plugins/provincial_platform): what is read makes schemas.
#include "fuzz.h"
#include "profile/schema.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto profile = provincial_platform::parse_profile(input, "profile.xml");
  if (!profile) {
    require_refused_file(profile.error());
    return 0;
  }
  require(!profile.value().tables.empty() || profile.value().messages.empty(),
          "messages have tables of the profile");
  if (profile.value().messages.empty()) return 0;
  const auto schema = provincial_platform::MessageSchema::compile(provincial_platform::schema_text(
      profile.value(), {}, profile.value().messages.begin()->first));
  require(schema || schema.error().code == "provincial.schema_text", "a schema or a reason");
  return 0;
}

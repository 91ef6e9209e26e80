// What operations staff write for the catalogue of their own types, and the body by which it is
// told.
#include "catalogue/own_types.h"
#include "fuzz.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  host::ConfigurationErrors errors;
  const auto type = host::read_own_type(text_of(data, size), "type.xml", errors);
  require(type.has_value() == errors.empty(), "what is refused has a reason");
  for (const host::ConfigurationError& error : errors) require_proper(to_text(error));
  if (!type) return 0;
  require(!type->versions.empty(), "a type has a version");
  const TypeVersion& newest = type->versions.back();
  const TypeVersion& in_force = type->in_force(newest.effective);
  require(type->version(in_force.number) != nullptr, "what is in force is one of its versions");
  const std::string text = write_certificate_type(*type, newest);
  const auto again = parse_certificate_type(text, "again");
  require(again.ok(), "what is written is read again");
  require(write_certificate_type(again.value(), again.value().versions.back()) == text,
          "and written the same");
  return 0;
}

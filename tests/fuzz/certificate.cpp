// The canonical certificate as XML: what was read is written, and the writing is read the same.
#include "certbridge/certificate.h"

#include "certbridge/validation.h"
#include "fuzz.h"
#include "sample_certificate.h"

namespace certbridge::fuzz {
namespace {

const ValidationRules& rules() {
  static const ValidationRules read =
      ValidationRules::parse(source_file("config/validation.xml"), "validation.xml").value();
  return read;
}
const IssuerDirectory& issuers() {
  static const IssuerDirectory read =
      parse_issuers(source_file("config/issuers.xml"), "issuers.xml").value();
  return read;
}

// A person with the name and number that nothing may repeat.
Certificate sample() {
  Certificate made = sample_certificate();
  made.holders.front().name = personal().front();
  made.face.front().value = personal().back();
  return made;
}

}  // namespace

std::vector<std::string> samples() {
  Certificate proof = sample();
  proof.obligors = proof.holders;
  proof.expires_on = std::chrono::year(2046) / 11 / 23;
  return {write_certificate(sample()), write_certificate(proof)};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto read = parse_certificate(input);
  if (!read) {
    require_refusal(read.error(), input);
    return 0;
  }
  const std::string written = write_certificate(read.value());
  const auto again = parse_certificate(written);
  require(again.ok(), "what was written can be read");
  require(write_certificate(again.value()) == written, "what was written is the same");
  const auto today = std::chrono::year(2026) / 11 / 24;
  for (const Finding& finding : validate(read.value(), rules(), issuers(), today)) {
    require(!finding.rule.empty() && !finding.field.empty(), "a finding names rule and field");
    require_harmless(finding.message, input);
  }
  return 0;
}

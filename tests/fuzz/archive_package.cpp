// Packages and kept answers: only what was sealed is whole, manifest and seal have one form, and
// what is no kept answer is refused.
#include <algorithm>
#include <sstream>

#include "archive/case_package.h"
#include "archive/kept_form.h"
#include "archive/ustar.h"
#include "archive/verify_package.h"
#include "certbridge/testing/memory_content.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

const SignatureKey& sealing() {
  static const SignatureKey kKey = SignatureKey::from_bytes(std::string(31, '\x21') + "k").value();
  return kKey;
}

KeptUse sample_use() {
  KeptUse use;
  use.case_no = "C1";
  use.place.number = 7;
  use.record.decision = AccessDecision::kAllowed;
  FoundCertificate found;
  found.number = "N1";
  use.certificates = {{"library", {}, found}};
  use.answer = R"("certificates":[{"number":"N1"}])";
  return use;
}

std::string sealed_sample() {
  PackageManifest head;
  head.subject = "C1";
  head.node = "n";
  testing::MemoryContentWriter into(1'000'000);
  require(seal_case(head, sealing(), {sample_use()}, into).ok(), "the sample is sealed");
  return read_all(*into.finish().value().content, 1'000'000).value();
}

// The signature is random: the sample is made once.
const std::vector<std::string>& made_samples() {
  static const std::vector<std::string> kSamples = [] {
    std::string kept;
    write_kept(sample_use(), [&kept](std::string_view bytes) { kept += bytes; });
    PackageManifest head;
    head.subject = "C1";
    head.node = "n";
    head.files = {{{}, 3, "a/b"}};
    return std::vector<std::string>{sealed_sample(), kept, write_manifest(head),
                                    write_seal({{}, std::string(kSignatureBytes, 's')}),
                                    ustar_header({"a/b", 3, 1'795'852'800})};
  }();
  return kSamples;
}

}  // namespace

std::vector<std::string> samples() { return made_samples(); }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::host;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  if (const auto manifest = read_manifest(input)) {
    require(write_manifest(*manifest) == input, "a manifest has one form");
  }
  if (const auto seal = read_seal(input))
    require(write_seal(*seal) == input, "a seal has one form");
  if (const auto entry = read_ustar_header(input)) {
    require(is_package_path(entry->path), "no path leaves its folder");
  }
  std::istringstream stream{std::string(input)};
  const auto verification = verify_package(stream, {sealing().public_key()});
  require(!verification.ok() || input == made_samples()[0], "only what was sealed is whole");
  for (const PackageFinding& finding : verification.findings) require_proper(finding.what);
  const auto kept = read_kept(certbridge::content_of(std::string(input)));
  if (!kept) require_refusal(kept.error(), input);
  return 0;
}

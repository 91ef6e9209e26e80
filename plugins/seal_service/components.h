// The components of the plugin: outer classes that know Context; the work is done elsewhere.
#pragma once

#include <memory>

#include "certbridge/context.h"
#include "certbridge/endpoint.h"
#include "trust_checks.h"

namespace certbridge::seal_service {

inline constexpr const char* kOfdMediaType = "application/ofd";
inline constexpr const char* kOfdName = "certificate.ofd";
inline constexpr std::uint64_t kLargestFile = 64UL * 1024 * 1024;

// Seals certificate.ofd with keys in this process ("sealer") or at a remote service
// ("remote-sealer").
std::unique_ptr<Processor> make_sealer(Context& context, bool remote);
// Lets a message pass whose OFD files carry the seal registered for its issuer and type; the header
// checks-not-made names what the verdict leaves open.
std::unique_ptr<Processor> make_gate(Context& context);
// Answers "ofd.verify" with a report.
std::unique_ptr<Responder> make_verifier(Context& context);

// What gate and verifier read from their options `trust` and `revocations`.
Result<std::unique_ptr<TrustedSeals>> read_trusted_seals(Context& context);
// Counts SM2 operations in the metric sm2_operations{kind}.
CountOperations operation_counter(Context& context);
// By its media type or its name: either is enough to be checked.
bool is_ofd_file(const Attachment& attachment);

}  // namespace certbridge::seal_service

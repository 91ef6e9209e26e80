// Which bytes an attempt sends: those that are kept, or those of the facts, made once.
#pragma once

#include "certbridge/context.h"
#include "maker.h"
#include "prepared.h"
#include "signature.h"
#include "transport.h"

namespace certbridge::provincial_platform {

// Any thread may prepare.
class Preparer {
 public:
  // `context` and `transport` outlive it.
  Preparer(Context& context, Profile profile, Patch patch, SigningKey key, Transport& transport)
      : context_(context),
        maker_(std::move(profile), std::move(patch)),
        key_(std::move(key)),
        transport_(transport) {}
  const Profile& profile() const { return maker_.profile(); }

  // What is kept of this delivery as long as it is about the same facts; durable when it returns.
  // Codes: "provincial.type", "provincial.resend", "provincial.verdict_open", and those of Maker,
  // of the signature, of the numbers and of the folder.
  Result<Prepared> prepared_for(const Message& message, const Call& call);

 private:
  Result<Prepared> prepare_corrected(const Message& message, const std::string& facts,
                                     const Prepared& earlier, const Call& call);
  Result<Prepared> prepare(const Message& message, const std::string& facts, std::string number,
                           const std::string& number_key, const Call& call);
  Result<std::string> number_of(const Message& message, const Made& made,
                                const std::string& number_key);

  Context& context_;
  Maker maker_;
  SigningKey key_;
  Transport& transport_;
};

}  // namespace certbridge::provincial_platform

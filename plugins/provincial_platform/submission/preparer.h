// Which bytes an attempt sends: those that are kept, or those of the facts, made once.
#pragma once

#include "certbridge/context.h"
#include "exchange/prepared.h"
#include "exchange/signature.h"
#include "exchange/transport.h"
#include "message/maker.h"
#include "submission/numbering.h"

namespace certbridge::provincial_platform {

// Any thread may prepare.
class Preparer {
 public:
  // `context` and `transport` outlive it. `logs`: the endpoint that daily logs are delivered to;
  // empty when none are sent.
  Preparer(Context& context, Profile profile, Patch patch, SigningKey key, Transport& transport,
           std::string logs)
      : context_(context),
        numbering_(context, transport, profile.repetitions, std::move(logs)),
        maker_(std::move(profile), std::move(patch)),
        key_(std::move(key)) {}
  const Profile& profile() const { return maker_.profile(); }

  // What is kept of this delivery as long as it is about the same facts, and the platform has not
  // refused what would be made otherwise by now; durable when it returns.
  // Without bytes when the platform has accepted these facts from another delivery. Codes:
  // "provincial.type", "provincial.dropped", and those of Maker, of Numbering and of the signature.
  Result<Prepared> prepared_for(const Message& message, const Call& call);
  // Whether profile and patch make another message of its facts than what is kept.
  bool would_differ(const Message& message, const Prepared& kept);

 private:
  Result<Prepared> prepare(const Message& message, const std::string& facts,
                           const std::optional<Prepared>& own, const Call& call);
  Result<Prepared> seal(const Made& made, const Numbered& numbered, std::string facts) const;
  Result<void> keep(const Prepared& prepared, const Made& made, const Numbered& numbered,
                    const Call& call);

  Context& context_;
  Numbering numbering_;
  Maker maker_;
  SigningKey key_;
};

}  // namespace certbridge::provincial_platform

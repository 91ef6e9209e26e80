#include "submission/submitter.h"

#include "certbridge/delivery_order.h"
#include "exchange/exchange_options.h"
#include "profile/profile_options.h"
#include "submission/preparer.h"

namespace certbridge::provincial_platform {
namespace {

Error rejected(const Response& response) {
  return Error::permanent(kCodeRejected, "the platform rejects the message: code " + response.code +
                                             ", " + response.words);
}

struct SubmitterParts {
  Profile profile{};
  Patch patch{};
  SigningKey key{};
  std::unique_ptr<Transport> transport{};
  std::string logs{};  // the endpoint that daily logs are delivered to; empty: none are sent
};

class Submitter : public Sink {
 public:
  Submitter(Context& context, SubmitterParts parts)
      : context_(context),
        transport_(std::move(parts.transport)),
        preparer_(context, std::move(parts.profile), std::move(parts.patch), std::move(parts.key),
                  *transport_, std::move(parts.logs)) {}

  Result<Receipt> send(const Message& message, const Call& call) override {
    const auto prepared = preparer_.prepared_for(message, call);
    if (!prepared) return prepared.error();
    if (prepared.value().accepted_before) return settled_receipt(prepared.value());
    const auto taken = is_taken_over(context_.memory(), call.step_key, prepared.value().number);
    if (!taken) return taken.error();
    if (taken.value()) return taken_over(prepared.value());
    const auto put = transport_->put(prepared.value(), call);
    if (!put) return put.error();
    auto noted = note_sent(context_.memory(), call.step_key, prepared.value(), put.value());
    if (!noted) return noted.error();
    return open_receipt(prepared.value());
  }

  Result<Confirmation> confirm(const Message& message, const Call& call) override {
    const auto prepared = load_prepared(context_.memory(), call.step_key);
    if (!prepared) return prepared.error();
    if (!prepared.value()) return Confirmation{Confirmation::State::kAbsent, {}, {}};
    if (prepared.value()->accepted_before) {
      return Confirmation{Confirmation::State::kPresent, settled_receipt(*prepared.value()), {}};
    }
    const auto taken = is_taken_over(context_.memory(), call.step_key, prepared.value()->number);
    if (!taken) return taken.error();
    if (taken.value()) return Confirmation{Confirmation::State::kInProgress, {}, {}};
    const auto said = transport_->verdict(*prepared.value(), call);
    if (!said) return said.error();
    if (said.value()) return judged(*said.value(), *prepared.value(), message, call);
    return not_answered(*prepared.value(), call);
  }

 private:
  Receipt open_receipt(const Prepared& prepared) const {
    const Timestamp now = context_.clock().now();
    return {Receipt::State::kOpen, prepared.number, prepared.number, now,
            now + preparer_.profile().verdict_expected};
  }

  // A verdict under the number of another delivery is that one's.
  Receipt settled_receipt(const Prepared& prepared) const {
    const std::string correlation = prepared.accepted_before ? std::string() : prepared.number;
    return {Receipt::State::kSettled, prepared.number, correlation, context_.clock().now(), {}};
  }

  // Its bytes would stand in place of the later ones.
  static Error taken_over(const Prepared& prepared) {
    return Error::permanent("provincial.resend",
                            "the message is to be sent again, but a later message of its booking "
                            "has its number " +
                                prepared.number + " by now");
  }

  // A rejection is told once of each message. Who takes it up again after profile or patch were
  // mended has another message to send.
  Result<Confirmation> judged(const Response& response, const Prepared& prepared,
                              const Message& message, const Call& call) {
    if (response.accepted) {
      return Confirmation{Confirmation::State::kPresent, settled_receipt(prepared), {}};
    }
    const auto told = was_refused(context_.memory(), call.step_key, prepared);
    if (!told) return told.error();
    if (told.value() && preparer_.would_differ(message, prepared)) {
      return Confirmation{Confirmation::State::kAbsent, {}, {}};
    }
    if (!told.value()) {
      auto noted = note_refused(context_.memory(), call.step_key, prepared);
      if (!noted) return noted.error();
    }
    return rejected(response);
  }

  // A file that was put and lies there no more was taken; one that was never put is absent.
  Result<Confirmation> not_answered(const Prepared& prepared, const Call& call) {
    if (prepared.bytes.empty()) return Confirmation{Confirmation::State::kInProgress, {}, {}};
    const auto state = transport_->lies_itself(prepared, call);
    if (!state) return state.error();
    if (state.value() == Confirmation::State::kPresent) {
      return Confirmation{Confirmation::State::kPresent, open_receipt(prepared), {}};
    }
    if (prepared.sent && state.value() == Confirmation::State::kAbsent) {
      return Confirmation{Confirmation::State::kInProgress, {}, {}};
    }
    return Confirmation{state.value(), {}, {}};
  }

  Context& context_;
  std::unique_ptr<Transport> transport_;
  Preparer preparer_;
};

// One whose profile says whether the next message of a unit waits for an open verdict.
class OrderedSubmitter final : public Submitter, public OrdersDeliveries {
 public:
  OrderedSubmitter(Context& context, SubmitterParts parts, DeliveryOrder order)
      : Submitter(context, std::move(parts)), order_(order) {}
  DeliveryOrder delivery_order() const override { return order_; }

 private:
  DeliveryOrder order_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_submitter(Context& context) {
  const Config& config = context.config();
  auto profile = profile_of(config);
  if (!profile) return profile.error();
  auto patch = patch_of(config, profile.value());
  if (!patch) return patch.error();
  auto key = signing_key_of(config, profile.value().least_key_bits);
  if (!key) return key.error();
  auto transport = transport_of(context, {}, profile.value().http);
  if (!transport) return transport.error();
  const auto order = profile.value().order;
  SubmitterParts parts{std::move(profile).value(),
                       std::move(patch).value(),
                       std::move(key).value(),
                       std::move(transport).value(),
                       {}};
  if (config.has("daily-log")) {
    auto logs = config.text("daily-log");
    if (!logs) return logs.error();
    parts.logs = std::move(logs).value();
  }
  if (!order) return std::unique_ptr<Sink>(std::make_unique<Submitter>(context, std::move(parts)));
  return std::unique_ptr<Sink>(
      std::make_unique<OrderedSubmitter>(context, std::move(parts), *order));
}

}  // namespace certbridge::provincial_platform

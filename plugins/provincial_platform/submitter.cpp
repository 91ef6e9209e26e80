#include "submitter.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "file_drop.h"
#include "maker.h"
#include "numbers.h"
#include "response.h"
#include "signature.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::uint64_t kLargestFacts = 16UL * 1024 * 1024;
constexpr std::size_t kPlainNumber = 18;
constexpr const char* kBooked = "registration.booked";

std::string header_text(const Message& message, std::string_view name) {
  const auto found = message.headers.find(name);
  return found == message.headers.end() ? std::string() : found->second;
}

Error wrong_resend(const std::string& why) {
  return Error::permanent("provincial.resend", "the message is to be sent again, but " + why);
}

// The number of a message that repeats or mends an earlier one: that one's first 18 digits and the
// suffix of what it is.
Result<std::string> repeated_number(const Message& message, const Suffixes& suffixes) {
  const std::string earlier = header_text(message, "resend-of").substr(0, kPlainNumber);
  const std::string as = header_text(message, "resend-as");
  if (earlier.size() != kPlainNumber ||
      !std::all_of(earlier.begin(), earlier.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return wrong_resend("the header resend-of is no number of 18 digits");
  }
  if (as == "late") return earlier + suffixes.late;
  if (as == "again") return earlier + suffixes.again;
  if (as == "update") return earlier + suffixes.update;
  return wrong_resend("the header resend-as is neither late nor again nor update");
}

Error rejected(const Response& response) {
  return Error::permanent("provincial.rejected", "the platform rejects the message: code " +
                                                     response.code + ", " + response.words);
}

class Submitter final : public Sink {
 public:
  Submitter(Context& context, Profile profile, Patch patch, SigningKey key, FileDrop drop)
      : context_(context),
        maker_(std::move(profile), std::move(patch)),
        key_(std::move(key)),
        drop_(drop) {}

  Result<Receipt> send(const Message& message, const Call& call) override {
    auto prepared = load_prepared(context_.memory(), call.step_key);
    if (!prepared) return prepared.error();
    if (!prepared.value()) {
      auto made = prepare(message, call);
      if (!made) return made.error();
      prepared.value() = std::move(made).value();
    }
    if (auto put = drop_.put(*prepared.value(), call); !put) return put.error();
    if (auto noted = note_sent(context_.memory(), call.step_key); !noted) return noted.error();
    return open_receipt(*prepared.value());
  }

  Result<Confirmation> confirm(const Message&, const Call& call) override {
    const auto prepared = load_prepared(context_.memory(), call.step_key);
    if (!prepared) return prepared.error();
    if (!prepared.value()) return Confirmation{Confirmation::State::kAbsent, {}, {}};
    const auto bytes = drop_.response(*prepared.value(), call);
    if (!bytes) return bytes.error();
    if (bytes.value()) return judged(*bytes.value(), *prepared.value());
    return not_answered(*prepared.value(), call);
  }

 private:
  // Everything up to the first byte that leaves; the number last, so that none is lost.
  Result<Prepared> prepare(const Message& message, const Call& call) {
    if (message.type != kBooked || message.body == nullptr) {
      return Error::permanent("provincial.type",
                              "the submitter takes registration.booked with the "
                              "rows of a booking");
    }
    const auto facts = read_all(*message.body, kLargestFacts);
    if (!facts) return facts.error();
    auto made = maker_.make(facts.value());
    if (!made) return made.error();
    auto number = number_of(message, made.value(), call);
    if (!number) return number.error();
    auto bytes = sealed(made.value().text, number.value(), key_);
    if (!bytes) return bytes.error();
    Prepared prepared{std::move(number).value(), made.value().area, std::move(bytes).value(),
                      false};
    if (auto kept = keep_prepared(context_.memory(), call.step_key, prepared); !kept) {
      return kept.error();
    }
    return prepared;
  }

  Result<std::string> number_of(const Message& message, const Made& made, const Call& call) {
    if (!header_text(message, "resend-of").empty()) {
      return repeated_number(message, maker_.profile().suffixes);
    }
    return next_number(context_.memory(), call.step_key, made.area, context_.clock().now());
  }

  Receipt open_receipt(const Prepared& prepared) const {
    const Timestamp now = context_.clock().now();
    return {Receipt::State::kOpen, prepared.number, prepared.number, now,
            now + maker_.profile().verdict_expected};
  }

  Result<Confirmation> judged(const std::string& bytes, const Prepared& prepared) const {
    const auto response = parse_response(bytes);
    if (!response) return response.error();
    if (response.value().number != prepared.number) {
      return Error::retryable("provincial.response",
                              "the platform's response names another message than its file");
    }
    if (!response.value().accepted) return rejected(response.value());
    const Receipt receipt{
        Receipt::State::kSettled, prepared.number, prepared.number, context_.clock().now(), {}};
    return Confirmation{Confirmation::State::kPresent, receipt, {}};
  }

  // A file that was put and lies there no more was taken; one that was never put is absent.
  Result<Confirmation> not_answered(const Prepared& prepared, const Call& call) {
    const auto state = drop_.lies(prepared, call);
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
  Maker maker_;
  SigningKey key_;
  FileDrop drop_;
};

Result<std::string> file_text(const Config& config, const char* option) {
  const auto path = config.file(option);
  if (!path) return path.error();
  const std::ifstream in(path.value(), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (in && text) return text.str();
  return Error::fault("provincial.option",
                      std::string("the file of the option ") + option + " cannot be read");
}

Result<Patch> patch_of(const Config& config, const Profile& profile) {
  if (!config.has("patch")) return Patch{};
  const auto text = file_text(config, "patch");
  if (!text) return text.error();
  return parse_patch(text.value(), "patch", profile);
}

}  // namespace

Result<std::unique_ptr<Sink>> make_submitter(Context& context) {
  const Config& config = context.config();
  const auto text = file_text(config, "profile");
  if (!text) return text.error();
  auto profile = parse_profile(text.value(), "profile");
  if (!profile) return profile.error();
  auto patch = patch_of(config, profile.value());
  if (!patch) return patch.error();
  const auto secret = config.secret("signing-key");
  if (!secret) return secret.error();
  auto key = SigningKey::parse(secret.value(), profile.value().least_key_bits);
  if (!key) return key.error();
  const auto messages = context.sink("messages");
  if (!messages) return messages.error();
  const auto responses = context.responder("responses");
  if (!responses) return responses.error();
  return std::unique_ptr<Sink>(std::make_unique<Submitter>(
      context, std::move(profile).value(), std::move(patch).value(), std::move(key).value(),
      FileDrop(*messages.value(), *responses.value())));
}

}  // namespace certbridge::provincial_platform

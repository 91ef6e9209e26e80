#include "submitter.h"

#include <fstream>
#include <sstream>

#include "file_drop.h"
#include "http_exchange.h"
#include "preparer.h"

namespace certbridge::provincial_platform {
namespace {

Error rejected(const Response& response) {
  return Error::permanent(kCodeRejected, "the platform rejects the message: code " + response.code +
                                             ", " + response.words);
}

class Submitter final : public Sink {
 public:
  Submitter(Context& context, Profile profile, Patch patch, SigningKey key,
            std::unique_ptr<Transport> transport)
      : context_(context),
        transport_(std::move(transport)),
        preparer_(context, std::move(profile), std::move(patch), std::move(key), *transport_) {}

  Result<Receipt> send(const Message& message, const Call& call) override {
    const auto prepared = preparer_.prepared_for(message, call);
    if (!prepared) return prepared.error();
    if (auto put = transport_->put(prepared.value(), call); !put) return put.error();
    auto noted = note_sent(context_.memory(), call.step_key, prepared.value());
    if (!noted) return noted.error();
    return open_receipt(prepared.value());
  }

  Result<Confirmation> confirm(const Message&, const Call& call) override {
    const auto prepared = load_prepared(context_.memory(), call.step_key);
    if (!prepared) return prepared.error();
    if (!prepared.value()) return Confirmation{Confirmation::State::kAbsent, {}, {}};
    const auto said = transport_->verdict(*prepared.value(), call);
    if (!said) return said.error();
    if (said.value()) return judged(*said.value(), *prepared.value());
    return not_answered(*prepared.value(), call);
  }

 private:
  Receipt open_receipt(const Prepared& prepared) const {
    const Timestamp now = context_.clock().now();
    return {Receipt::State::kOpen, prepared.number, prepared.number, now,
            now + preparer_.profile().verdict_expected};
  }

  Result<Confirmation> judged(const Response& response, const Prepared& prepared) const {
    if (!response.accepted) return rejected(response);
    const Receipt receipt{
        Receipt::State::kSettled, prepared.number, prepared.number, context_.clock().now(), {}};
    return Confirmation{Confirmation::State::kPresent, receipt, {}};
  }

  // A file that was put and lies there no more was taken; one that was never put is absent.
  Result<Confirmation> not_answered(const Prepared& prepared, const Call& call) {
    const auto state = transport_->lies(prepared, call);
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

struct OptionFile {
  std::string path{};
  std::string text{};
};

Result<OptionFile> read_option_file(const Config& config, const char* option) {
  const auto path = config.file(option);
  if (!path) return path.error();
  const std::ifstream in(path.value(), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (in && text) return OptionFile{path.value(), text.str()};
  return Error::fault("provincial.option",
                      std::string("the file of the option ") + option + " cannot be read");
}

Result<Profile> profile_of(const Config& config) {
  const auto file = read_option_file(config, "profile");
  if (!file) return file.error();
  return parse_profile(file.value().text, file.value().path);
}

Result<Patch> patch_of(const Config& config, const Profile& profile) {
  if (!config.has("patch")) return Patch{};
  const auto file = read_option_file(config, "patch");
  if (!file) return file.error();
  return parse_patch(file.value().text, file.value().path, profile);
}

Result<std::unique_ptr<Transport>> file_transport(Context& context) {
  const auto messages = context.sink("messages");
  if (!messages) return messages.error();
  const auto responses = context.responder("responses");
  if (!responses) return responses.error();
  return std::unique_ptr<Transport>(
      std::make_unique<FileDrop>(*messages.value(), *responses.value()));
}

Result<std::unique_ptr<Transport>> http_transport(Context& context) {
  const auto message_path = context.config().text("message-path");
  if (!message_path) return message_path.error();
  const auto response_path = context.config().text("response-path");
  if (!response_path) return response_path.error();
  for (const std::string& path : {message_path.value(), response_path.value()}) {
    if (path.find("{number}") == std::string::npos) {
      return Error::fault("provincial.option", "message-path and response-path need {number}");
    }
  }
  const auto platform = context.responder("platform");
  if (!platform) return platform.error();
  return std::unique_ptr<Transport>(std::make_unique<HttpExchange>(
      *platform.value(), HttpPaths{message_path.value(), response_path.value()}));
}

Result<std::unique_ptr<Transport>> transport_of(Context& context) {
  const auto word = context.config().text("transport");
  if (!word) return word.error();
  return word.value() == "http" ? http_transport(context) : file_transport(context);
}

}  // namespace

Result<std::unique_ptr<Sink>> make_submitter(Context& context) {
  const Config& config = context.config();
  auto profile = profile_of(config);
  if (!profile) return profile.error();
  auto patch = patch_of(config, profile.value());
  if (!patch) return patch.error();
  const auto secret = config.secret("signing-key");
  if (!secret) return secret.error();
  auto key = SigningKey::parse(secret.value(), profile.value().least_key_bits);
  if (!key) return key.error();
  auto transport = transport_of(context);
  if (!transport) return transport.error();
  return std::unique_ptr<Sink>(
      std::make_unique<Submitter>(context, std::move(profile).value(), std::move(patch).value(),
                                  std::move(key).value(), std::move(transport).value()));
}

}  // namespace certbridge::provincial_platform

#include "access/callers/callers.h"

#include <algorithm>
#include <charconv>

#include "access/callers/assertion.h"
#include "access/callers/callers_file.h"
#include "access/callers/nonce_memory.h"
#include "access/callers/request_signature.h"
#include "access/callers/verified_signatures.h"
#include "access/records/hex.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostVerified = 10'000;  // assertions of a few minutes each

Error unknown() {
  return Error::permanent("caller.unknown",
                          "the calling system is not known, or did not prove that it is the one");
}

bool is_nonce(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

// Of a signed text, so it is what its sender meant.
std::optional<Timestamp> time_in(std::string_view text) {
  std::int64_t milliseconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  if (!whole || milliseconds < 0 || milliseconds > 99'999'999'999'999) return {};
  return Timestamp(std::chrono::milliseconds(milliseconds));
}

// Of one system.
struct Proof {
  explicit Proof(std::size_t most_nonces) : nonces(most_nonces) {}
  ~Proof() { wipe(key); }
  Key key{};
  NonceMemory nonces;
};

class ConfiguredCallers final : public Callers {
 public:
  ConfiguredCallers(const CallersConfig& config,
                    std::map<std::string, std::unique_ptr<Proof>, std::less<>> proofs,
                    const Clock& clock)
      : config_(config), proofs_(std::move(proofs)), clock_(clock) {}

  Result<Caller> identify(const SignedRequest& request) override {
    const auto found = system_of(request);
    if (found == config_.systems.end()) {
      (void)is_signed(request, nobody_);  // it takes as long as for a system that is known
      return unknown();
    }
    const auto& [name, system] = *found;
    if (auto proved = check_proof(request, name, system); !proved) return proved.error();
    Caller caller{name, system.unit, {}};
    if (request.assertion.empty() && !system.assertion_needed) return caller;
    caller.person = asserted_person(request.assertion, config_, name, clock_.now(), verified_);
    if (caller.person) return caller;
    return Error::permanent("caller.assertion",
                            "no valid assertion of a configured issuer says who the person is");
  }

 private:
  using Systems = std::map<std::string, CallingSystem, std::less<>>;

  // By the name that it gives itself, else by its certificate.
  Systems::const_iterator system_of(const SignedRequest& request) const {
    if (!request.system.empty()) return config_.systems.find(request.system);
    if (request.certificate_sha256.empty()) return config_.systems.end();
    return std::find_if(config_.systems.begin(), config_.systems.end(), [&](const auto& one) {
      return one.second.certificate == request.certificate_sha256;
    });
  }

  static bool is_signed(const SignedRequest& request, const Proof& proof) {
    return are_equal_in_constant_time(request_signature(proof.key, request), request.signature);
  }

  Result<void> check_proof(const SignedRequest& request, const std::string& name,
                           const CallingSystem& system) {
    const bool certified =
        system.certificate.empty() ||
        are_equal_in_constant_time(system.certificate, request.certificate_sha256);
    if (system.key_secret.empty()) return certified ? Result<void>() : unknown();
    Proof& proof = *proofs_.at(name);
    const bool proved = is_signed(request, proof) && certified && is_nonce(request.nonce);
    if (!proved) return unknown();
    return check_freshness(request, proof.nonces);
  }

  Result<void> check_freshness(const SignedRequest& request, NonceMemory& nonces) const {
    const Timestamp now = clock_.now();
    const auto time = time_in(request.time);
    if (!time || *time < now - config_.time_window || *time > now + config_.time_window) {
      return Error::permanent("caller.time",
                              "the time of the request is too far from the time here");
    }
    switch (nonces.take(request.nonce, *time + config_.time_window, now)) {
      case NonceMemory::Answer::kNew:
        return {};
      case NonceMemory::Answer::kRepeated:
        return Error::permanent("caller.repeated", "the nonce of the request was used before");
      case NonceMemory::Answer::kFull:
        break;
    }
    return Error::retryable("caller.busy",
                            "the system sends more requests than can be told apart; try later");
  }

  const CallersConfig config_;
  const std::map<std::string, std::unique_ptr<Proof>, std::less<>> proofs_;
  const Proof nobody_{0};
  VerifiedSignatures verified_{kMostVerified};
  const Clock& clock_;
};

}  // namespace

Result<std::unique_ptr<Callers>> make_callers(const CallersConfig& config,
                                              const SecretLookup& secret, const Clock& clock) {
  std::map<std::string, std::unique_ptr<Proof>, std::less<>> proofs;
  for (const auto& [name, system] : config.systems) {
    if (system.key_secret.empty()) continue;
    const auto value = secret(system.key_secret);
    if (!value) {
      return Error::fault("callers.secret",
                          "the key of the system `" + name + "`: " + value.error().message);
    }
    auto proof = std::make_unique<Proof>(config.nonces);
    std::string bytes;
    if (!from_hex_text(value.value(), bytes) || bytes.size() != proof->key.size()) {
      return Error::fault("callers.secret", "the secret `" + system.key_secret +
                                                "` is no key: 64 lower-case hexadecimal digits, as "
                                                "`openssl rand -hex 32` writes them");
    }
    std::copy(bytes.begin(), bytes.end(), proof->key.begin());
    proofs.emplace(name, std::move(proof));
  }
  return std::unique_ptr<Callers>(
      std::make_unique<ConfiguredCallers>(config, std::move(proofs), clock));
}

void add_limits(const CallersConfig& config, PatternSettings& settings) {
  const auto with = [](AccessLimits own, const AccessLimits& otherwise) {
    if (own.requests_per_minute == 0) own.requests_per_minute = otherwise.requests_per_minute;
    if (own.holders_per_day == 0) own.holders_per_day = otherwise.holders_per_day;
    return own;
  };
  for (const auto& [name, system] : config.systems) {
    settings.systems[name] = with(system.limits, settings.system);
    settings.persons_of[name] = with(system.person_limits, settings.person);
  }
}

}  // namespace certbridge::host

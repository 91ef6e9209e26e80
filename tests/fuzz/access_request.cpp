// The headers with which a system signs a request: as they come, and signed with the right key.
#include <algorithm>

#include "access/callers/callers_file.h"
#include "access/callers/request_signature.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

constexpr std::int64_t kNow = 1'795'852'800'000;  // milliseconds since 1970
constexpr std::int64_t kWindow = 300'000;

class StandingClock final : public Clock {
 public:
  Timestamp now() const override { return Timestamp(std::chrono::milliseconds(kNow)); }
  std::chrono::steady_clock::time_point steady() const override { return {}; }
};

std::unique_ptr<Callers> callers() {
  static const StandingClock clock;
  CallersConfig config;
  config.systems["window"].unit = "12411300MB1234567G";
  config.systems["window"].key_secret = "window-key";
  config.systems["window"].assertion_needed = false;
  const auto secret = [](std::string_view) -> Result<std::string> { return std::string(64, 'a'); };
  auto made = make_callers(config, secret, clock);
  require(made.ok(), "callers are made");
  return std::move(made).value();
}

// Lines: system, time, nonce, signature; the rest is target and body.
SignedRequest request_in(std::string_view input) {
  SignedRequest request;
  request.method = "POST";
  for (std::string* one :
       {&request.system, &request.time, &request.nonce, &request.signature, &request.target}) {
    const auto end = std::min(input.find('\n'), input.size());
    *one = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  request.body = input;
  return request;
}

void check_known(const SignedRequest& request) {
  require(request.system == "window", "only who is configured is known");
  const std::int64_t time = std::stoll(request.time);
  require(std::abs(time - kNow) <= kWindow, "a time is within the window");
  require(request.nonce.size() >= 16 && request.nonce.size() <= 64, "a nonce has its length");
}

void check(SignedRequest request) {
  const auto all = callers();
  require(!all->identify(request).ok(), "nobody guesses a signature");
  request.system = "window";
  Key key{};
  key.fill(0xaa);
  request.signature = request_signature(key, request);
  if (!all->identify(request)) return;
  check_known(request);
  const auto again = all->identify(request);
  require(!again && again.error().code == "caller.repeated", "a nonce is used once");
  request.body += "x";
  require(!all->identify(request).ok(), "a body that was changed is not signed");
}

}  // namespace

std::vector<std::string> samples() {
  return {"window\n1795852800000\n0123456789abcdef\n" + std::string(64, '0') +
              "\n/api/v1/queries/certificates\n{}",
          "hall\n1795852500001\n" + std::string(64, 'n') + "\n\n/\n"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  check(request_in(text_of(data, size)));
  return 0;
}

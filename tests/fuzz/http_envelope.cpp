// Posted events and verdicts (adapters/http): JSON of registration systems and libraries, and the
// file that says how to read it.
#include "certbridge/encoding.h"
#include "envelope.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

const http::Envelope& envelope() {
  static const http::Envelope read =
      http::parse_envelope(source_file("adapters/http/tests/samples/envelope.xml"), "x").value();
  return read;
}

void check_event(std::string_view input) {
  const Message first = http::read_event(envelope(), std::string(input), Timestamp());
  const Message again = http::read_event(envelope(), std::string(input), Timestamp());
  require(encode_message(first) == encode_message(again), "the same bytes make the same event");
  require(!first.source_key.empty(), "every event has a key");
  const auto code = first.headers.find("intake-error-code");
  if (code == first.headers.end()) return;
  require_refusal(Error::permanent(code->second, first.headers.at("intake-error")), input);
}

}  // namespace

std::vector<std::string> samples() { return {}; }

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_event(input);
  const auto verdict = http::read_verdict(*envelope().verdict, input, Timestamp());
  if (verdict) {
    require(!verdict.value().correlation.value.empty(), "a verdict names its receipt");
  } else {
    require_refusal(verdict.error(), input);
  }
  if (auto file = http::parse_envelope(input, "envelope.xml"); !file)
    require_refused_file(file.error());
  return 0;
}

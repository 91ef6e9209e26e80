// The byte forms of the contract (certbridge/encoding.h): damaged bytes are refused as such, and
// what can be read is written as the same value.
#include "certbridge/encoding.h"

#include "certbridge/testing/memory_content.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

template <class T>
void check(std::string_view input, Result<T> (*decode)(std::string_view),
           std::string (*encode)(const T&)) {
  const auto value = decode(input);
  if (!value) return require_refusal(value.error(), input);
  const std::string written = encode(value.value());
  const auto again = decode(written);
  require(again.ok(), "what was written can be read");
  require(encode(again.value()) == written, "what was written is the same");
}

Message sample_message() {
  Message message = testing::message_of("certificate.issue", "text/plain", "body");
  message.id = "m1/2";
  message.order_keys = {{"case", "1"}, {"unit", "2"}};
  message.headers = {{"name", personal().front()}};
  message.attachments = {testing::attachment_of("certificate.ofd", "application/ofd", "PK")};
  return message;
}

}  // namespace

std::vector<std::string> samples() {
  Receipt receipt;
  receipt.remote_id = "r";
  receipt.expected_by = Timestamp(std::chrono::hours(1));
  Confirmation confirmation;
  confirmation.state = Confirmation::State::kPresent;
  confirmation.receipt = receipt;
  Call call;
  call.earlier.push_back({"library", "library", "delivered", "7", "", "", Timestamp()});
  return {encode_message(sample_message()),
          encode_error(Error::retryable("a.b", "words")),
          encode_receipt(receipt),
          encode_confirmation(confirmation),
          encode_acceptance(Acceptance{Acceptance::Verdict::kConflict, "m1", "a.b", "words", {}}),
          encode_outcome(Outcome{Outcome::Verdict::kRejected, "r", "7", "words", Timestamp()}),
          encode_call(call)};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check<Message>(input, decode_message, encode_message);
  check<Receipt>(input, decode_receipt, encode_receipt);
  check<Confirmation>(input, decode_confirmation, encode_confirmation);
  check<Acceptance>(input, decode_acceptance, encode_acceptance);
  check<Outcome>(input, decode_outcome, encode_outcome);
  if (auto call = decode_call(input); !call) require_refusal(call.error(), input);
  if (const auto error = decode_error(input)) {
    require(decode_error(encode_error(*error)).has_value(), "an error can be written and read");
  }
  return 0;
}

// Encoded columns of the journal: damaged bytes are refused as such, what can be read is written
// the same.
#include "fuzz.h"
#include "journal/codec.h"
#include "journal/failure.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

template <class T, class Decode, class Encode>
void check(std::string_view input, Decode decode, Encode encode) {
  std::string written;
  try {
    written = encode(decode(input));
  } catch (const Failure& failure) {
    return require_refusal(failure.error(), input);
  }
  require(encode(decode(written)) == written, "what was written is the same");
}

MessageRecord sample_record() {
  MessageRecord record;
  record.source_key = "e-1";
  record.order_keys = {{"case", "1"}};
  record.headers = {{"name", personal().front()}};
  record.attachments = {{"certificate.ofd", "application/ofd", {"n", "inside", 6, {}}}};
  return record;
}

}  // namespace

std::vector<std::string> samples() {
  Receipt receipt;
  receipt.remote_id = "r";
  receipt.expected_by = Timestamp(std::chrono::hours(1));
  return {encode_record(sample_record()), encode_receipt_record(receipt),
          encode_outcome_record({Outcome::Verdict::kRejected, "r", "7", "words", Timestamp()}),
          encode_names({"a", "b"}), encode_digests({Sm3Digest{}, Sm3Digest{}})};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::host;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check<MessageRecord>(input, decode_record, encode_record);
  check<certbridge::Receipt>(input, decode_receipt_record, encode_receipt_record);
  check<certbridge::Outcome>(input, decode_outcome_record, encode_outcome_record);
  check<std::vector<std::string>>(input, decode_names, encode_names);
  check<std::vector<certbridge::Sm3Digest>>(input, decode_digests, encode_digests);
  return 0;
}

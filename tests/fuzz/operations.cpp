// Requests for operations: parameters as JSON and their rules, answers, times and masks.
#include "certbridge/text.h"
#include "engine/reading.h"
#include "fuzz.h"
#include "operate/operation_table.h"
#include "operate/wire.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

void check_request(std::string_view input) {
  const auto values = read_parameters(input);
  if (!values) return require_refusal(values.error(), input);
  const auto again = read_parameters(write_parameters(values.value()));
  require(again && again.value() == values.value(), "parameters come through as they were");
  for (const Operation& operation : operations()) {
    const auto checked = check_parameters(operation, values.value());
    if (!checked) require_refusal(checked.error(), input);
  }
}

void check_answer(std::string_view input) {
  const auto answer = read_answer(input);
  if (!answer) return require_refusal(answer.error(), input);
  const std::string written = write_answer(answer.value());
  const auto again = read_answer(written);
  require(again && write_answer(again.value()) == written, "an answer comes through as it was");
}

}  // namespace

std::vector<std::string> samples() {
  return {R"({"message":"m-0000000042","reason":"corrected","wait":5,"unconfirmed":true})",
          R"({"job":3,"items":[{"item":1,"original":"m-0000000042"}],"state":"running"})",
          "2026-11-27T08:00:00Z", "{}"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_request(input);
  check_answer(input);
  (void)certbridge::host::parse_time(input);
  const std::string mask = certbridge::host::masked(input);
  require(mask.size() <= 3 * 40 + 3, "a mask is short");
  return 0;
}

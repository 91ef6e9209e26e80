// Questions about certificates and cases, and their answers, as a plugin in another process sends
// them.
#include "certbridge/query.h"
#include "certbridge/uses.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

template <class Parse, class Write>
void check(std::string_view input, Parse parse, Write write) {
  const auto read = parse(input);
  if (!read) return require_refusal(read.error(), input);
  const std::string written = write(read.value());
  const auto again = parse(written);
  require(again.ok() && write(again.value()) == written, "what was written is the same");
}

FindAnswer answer() {
  FoundCertificate one;
  one.number = personal().front();
  one.holders = {{personal().front(), "111", personal().back()}};
  one.status = "valid";
  one.issued_on = "2026-11-24";
  one.fields = {{"KZ_ZL", personal().front()}};
  return {{one, one}, Timestamp{}};
}

CaseFacts facts() {
  CaseFacts it;
  it.known = it.open = true;
  it.case_no = "20264113240000001";
  it.handlers = {"clerk-07"};
  it.materials = {"11100000000014349X001"};
  it.parties = {{PartyRole::kAgent, {personal().front(), "111", personal().back()}}};
  return it;
}

}  // namespace

std::vector<std::string> samples() {
  const AskedFor asked_for{"transfer", "item", "20264113240000001", "91411300MA9", "clerk-07"};
  const QueriedHolder holder{personal().front(), "111", personal().back()};
  return {write_find_question({holder, "", "", {"11100000000014349X001"}, asked_for}),
          write_file_question({"1", "1.2.156.3005.2.1", asked_for}),
          write_verify_question({asked_for}),
          write_case_question({"20264113240000001", true}),
          write_copy_question({"91411300MA9", "transfer 20264113240000001", Timestamp{},
                               Timestamp{} + std::chrono::hours(24)}),
          write_find_answer(answer()),
          write_verify_answer({VerifyAnswer::Verdict::kGenuine, "seal", "1.2", "valid"}),
          write_case_facts(facts()),
          write_uses_question({std::chrono::year(2026) / 11 / 27, "2", 500}),
          write_uses({true, {{UsedBy::kOthers, "u", "t", "i", "p", "query", "found"}}, "2"})};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using certbridge::fuzz::check;
  const std::string_view input = fuzz::text_of(data, size);
  check(input, parse_find_question, write_find_question);
  check(input, parse_file_question, write_file_question);
  check(input, parse_verify_question, write_verify_question);
  check(input, parse_case_question, write_case_question);
  check(input, parse_copy_question, write_copy_question);
  check(input, parse_find_answer, write_find_answer);
  check(input, parse_verify_answer, write_verify_answer);
  check(input, parse_case_facts, write_case_facts);
  check(input, parse_uses_question, write_uses_question);
  check(input, parse_uses, write_uses);
  check(input, parse_usage_rows, write_usage_rows);
  return 0;
}

// Answers of municipal libraries (plugins/municipal_library), in both dialects, also as what a
// library says that it holds.
#include "answer.h"

#include "certbridge/text.h"
#include "fuzz.h"
#include "holdings.h"
#include "library_fixture.h"

namespace certbridge::fuzz {
namespace {

using namespace municipal_library;

Dialect shipped(const std::string& name) {
  const std::string file = "plugins/municipal_library/dialects/" + name + ".xml";
  return parse_dialect(source_file(file), name).value();
}
const Dialect& epoint() {
  static const Dialect read = shipped("epoint");
  return read;
}
const Dialect& linewell() {
  static const Dialect read = shipped("linewell");
  return read;
}

void check_answer(std::string_view input, const Dialect& dialect) {
  const auto answer = Answer::parse(input, dialect);
  if (!answer) return require_refusal(answer.error(), input);
  require(!answer.value().code().empty(), "an answer has a code");
  require_harmless(answer.value().words(), input);
  require(decode_utf8(answer.value().words())->size() <= 120, "its words are short");
  answer.value().field(dialect.receipt_number);
  answer.value().list(dialect.held.list);
}

void check_holdings(std::string_view input) {
  static const Certificate certificate = certificate_of("0000001", 1);
  RepeatingLibrary library(input);
  const auto now = std::chrono::steady_clock::now();
  LibraryCaller caller(
      {epoint(), "id", "secret", {}}, library, [] { return Timestamp(); }, [now] { return now; },
      [](std::size_t size) { return std::string(size, 'r'); });
  Subject subject;
  subject.certificate = &certificate;
  const auto held =
      ask_holdings(caller, subject, testing::call_of("m1/x", std::chrono::minutes(1)));
  if (!held) require_refusal(held.error(), input);
}

}  // namespace

std::vector<std::string> samples() {
  return {
      R"({"custom":{"code":"0000","text":"ok","certinfo":[{"certificateidentifier":"1","status":)"
      R"("正常","filesm3":"AB","certrowguid":"g"}],"receiptno":"r","certrowguid":"g"}})",
      R"({"custom":{"code":"2006","text":"证件11010519491231002已存在"}})",
      R"({"head":{"status":"0","message":"ok"},"data":"{\"a\":[{\"b\":1}]}"})"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check_answer(input, epoint());
  check_answer(input, linewell());
  check_holdings(input);
  return 0;
}

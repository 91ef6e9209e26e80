// Bodies of queries as callers write them, and files in them.
#include "fuzz.h"
#include "query/base64.h"
#include "query/query.h"

namespace certbridge::fuzz {
namespace {

using namespace host;

// What is a query has a purpose; here it has two.
std::string with_a_member_twice(std::string_view query) {
  return R"({"purpose":"other",)" + std::string(query.substr(query.find('{') + 1));
}

void check_query(QueryKind kind, std::string_view input) {
  const auto query = read_query(kind, input);
  if (!query) return require_refusal(query.error(), input);
  require(!read_query(kind, with_a_member_twice(input)), "each member stands once");
  const Query& it = query.value();
  require(!it.purpose.empty() && !it.ground_kind.empty(), "what it is asked for is there");
  const bool by_holder = kind == QueryKind::kFind || kind == QueryKind::kAvailability;
  const int subjects = (by_holder && it.holder ? 1 : 0) + (it.number.empty() ? 0 : 1) +
                       (it.identifier.empty() ? 0 : 1) + (it.file.empty() ? 0 : 1);
  require(subjects == 1, "it is about exactly one thing");
  require(!it.holder || !it.holder->code.empty(), "a holder has a code");
  require(it.types.size() <= 100 && it.printed.size() <= 100, "lists have an end");
}

void check_objections(std::string_view input) {
  const auto objection = read_objection(input);
  require(!objection || (objection.value().record > 0 && !objection.value().text.empty() &&
                         objection.value().fields.size() <= 32),
          "an objection says what it is about, and why");
  const auto complaint = read_complaint(input);
  require(
      !complaint || complaint.value().record > 0 || !complaint.value().ground.ground_kind.empty(),
      "a complaint has an access or a ground");
  const auto uses = read_own_uses(input);
  require(!uses || !uses.value().ground.purpose.empty(), "uses are asked for with a purpose");
  const auto withdrawal = read_withdrawal(input);
  require(!withdrawal || !withdrawal.value().empty(), "a withdrawal has a reason");
}

void check_base64(std::string_view input) {
  const auto bytes = decode_base64(input);
  if (!bytes) return;
  require(input.size() % 4 == 0, "whole groups");
  require(bytes->size() <= input.size() / 4 * 3, "three bytes a group");
}

}  // namespace

std::vector<std::string> samples() {
  return {
      R"({"purpose":"p","role":"clerk","ground":{"kind":"case","number":"C","provisional":true,)"
      R"("authorisation":"A"},"holder":{"name":"x","codeType":"111","code":"1"},"types":["T"]})",
      R"({"purpose":"p","ground":{"kind":"case"},"number":"N","original":true})",
      R"({"purpose":"p","ground":{"kind":"court"},"number":"N","holder":{"code":"1"}})",
      R"({"purpose":"p","ground":{"kind":"case"},"identifier":"I","printed":{"KZ_ZL":"x"}})",
      R"({"purpose":"p","ground":{"kind":"case"},"file":"UEsDBA=="})",
      R"({"record":7,"type":"T"})",
      R"({"record":7,"number":"N","fields":["KZ_ZL"],"text":"x"})",
      R"({"purpose":"p","ground":{"kind":"holder"},"record":7,"unit":"U","text":"x"})",
      R"({"purpose":"p","ground":{"kind":"holder"},"from":"2026-11-24T08:00:00Z","before":9})",
      R"({"reason":"x"})",
      R"({"purpose":"p","ground":{"kind":"case"},"number":"N","number":"a\\\":b"})",
      "QUJDRA=="};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  using certbridge::host::QueryKind;
  const std::string_view input = text_of(data, size);
  for (const QueryKind kind : {QueryKind::kFind, QueryKind::kFile, QueryKind::kVerify,
                               QueryKind::kAvailability, QueryKind::kCompare}) {
    check_query(kind, input);
  }
  const auto paper = certbridge::host::read_paper_accepted(input);
  require(!paper || paper.value().record > 0, "a record has a number");
  check_objections(input);
  check_base64(input);
  return 0;
}

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
  const int subjects = (it.holder ? 1 : 0) + (it.number.empty() ? 0 : 1) +
                       (it.identifier.empty() ? 0 : 1) + (it.file.empty() ? 0 : 1);
  require(subjects == 1, "it is about exactly one thing");
  require(!it.holder || !it.holder->code.empty(), "a holder has a code");
  require(it.types.size() <= 100 && it.printed.size() <= 100, "lists have an end");
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
      R"({"purpose":"p","ground":{"kind":"case"},"identifier":"I","printed":{"KZ_ZL":"x"}})",
      R"({"purpose":"p","ground":{"kind":"case"},"file":"UEsDBA=="})",
      R"({"record":7,"type":"T"})",
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
  check_base64(input);
  return 0;
}

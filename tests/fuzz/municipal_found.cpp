// What municipal libraries answer to questions (plugins/municipal_library): certificates in both
// dialects, files in Base64, and addresses of files.
#include "addresses.h"
#include "asked_file.h"
#include "certbridge/testing/memory_content.h"
#include "find.h"
#include "found.h"
#include "fuzz.h"
#include "library_fixture.h"
#include "lifted_text.h"

namespace certbridge::fuzz {
namespace {

using namespace municipal_library;

const Dialect& shipped(const std::string& name) {
  static const auto read = [](const std::string& dialect) {
    const std::string file = "plugins/municipal_library/dialects/" + dialect + ".xml";
    return parse_dialect(source_file(file), dialect).value();
  };
  static const Dialect epoint = read("epoint");
  static const Dialect linewell = read("linewell");
  return name == "epoint" ? epoint : linewell;
}

// What is found can be told to the host, whatever it is.
void check_found(std::string_view input, const Dialect& dialect) {
  const auto answer = Answer::parse(input, dialect);
  if (!answer) return;
  auto found = read_found(dialect, answer.value());
  if (!found) return require_refusal(found.error(), input);
  require(found.value().size() <= kMostFound, "no more certificates than an answer holds");
  const auto told = parse_find_answer(write_find_answer({found.value(), {}}));
  require(told.ok(), "what is found can be written and read: " +
                         (told.ok() ? std::string() : told.error().message));
  require(told.value().found.size() == found.value().size(), "nothing is lost on the way");
}

void check_file(std::string_view input) {
  RepeatingLibrary library(input);
  const auto now = std::chrono::steady_clock::now();
  LibraryCaller caller(
      {shipped("epoint"), "id", "secret", {}}, library, [] { return Timestamp(); },
      [now] { return now; }, [](std::size_t size) { return std::string(size, 'r'); });
  const FileSettings settings{read_addresses("http://10.1.2.3:8080/temp/ => /temp/").value(),
                              1'000'000, []() -> Result<std::unique_ptr<ContentWriter>> {
                                return std::unique_ptr<ContentWriter>(
                                    std::make_unique<testing::MemoryContentWriter>(2'000'000));
                              }};
  const auto file = fetch_file(caller, settings, {"f", "1", {"p", "i", "b", "u", "o"}},
                               testing::call_of("q", std::chrono::minutes(1)));
  if (!file) return require_refusal(file.error(), input);
  require(file.value().size == file.value().content->size(), "a file has the size that it says");
  require(file.value().size <= 1'000'000, "no file is above its limit");
}

// However the bytes are cut, the same is lifted.
void check_lifting(std::string_view input, Charset charset) {
  const auto lift = [&](std::size_t piece) {
    std::string text;
    TextLifter lifter("content", "data", charset, [&](std::string_view part) -> Result<void> {
      text += part;
      return {};
    });
    for (std::size_t i = 0; i < input.size(); i += piece) {
      if (!lifter.feed(input.substr(i, piece))) return std::string("refused");
    }
    return text + "|" + lifter.rest();
  };
  require(lift(1) == lift(4096), "the pieces make no difference");
}

void check_address(std::string_view input) {
  static const auto rules = read_addresses("http://10.1.2.3:8080/temp/ => /temp/").value();
  const auto path = path_of_address(rules, input);
  if (!path) return require_proper(path.error().message);
  require(path.value().starts_with("/temp/"), "what is asked lies below the path");
  require(path.value().find("/../") == std::string::npos, "and does not leave it");
}

}  // namespace

std::vector<std::string> samples() {
  return {
      R"({"custom":{"code":"0000","text":"ok","certinfo":[{"certificateidentifier":"1","certno":"n",)"
      R"("certownername":"a^b","certownerno":"1^2","certownertype":"1^2","awarddate":"2026-06-01 00:00:00",)"
      R"("status":"正常","certinfoextension":"{\"k\":\"v\",\"n\":[1,{\"a\":2.5}]}"}]}})",
      R"({"head":{"status":"0"},"data":"{\"certData\":[{\"certificateIdentifier\":\"1\",\"x\":true}]}"})",
      R"({"head":{"status":"0"},"data":[{"certificateIdentifier":"1","extendInfo":{"a":{"b":"c"}}}]})",
      R"({"custom":{"code":"0000","contenttype":"base64","content":"UEsDBGFiYw=="}})",
      R"({"custom":{"code":"0000","contenttype":"url","content":"http:\/\/10.1.2.3:8080\/temp\/a"}})",
      R"({"data":"{\"content\":\"UE\\/s\\u003d\"}"})",
      "http://10.1.2.3:8080/temp/a/b?c=d"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge::fuzz;
  using certbridge::municipal_library::Charset;
  const std::string_view input = text_of(data, size);
  check_found(input, shipped("epoint"));
  check_found(input, shipped("linewell"));
  check_file(input);
  check_lifting(input, Charset::kUtf8);
  check_lifting(input, Charset::kGb18030);
  check_address(input);
  return 0;
}

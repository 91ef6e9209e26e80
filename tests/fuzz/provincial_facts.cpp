// Facts of a booking (plugins/provincial_platform): a message, or a refusal that repeats nothing.
#include "exchange/response.h"
#include "fuzz.h"
#include "message/maker.h"

namespace certbridge::fuzz {
namespace {

provincial_platform::Profile first_generation() {
  return provincial_platform::parse_profile(
             source_file("plugins/provincial_platform/profiles/v1.xml"), "v1.xml")
      .value();
}

}  // namespace

std::vector<std::string> samples() {
  return {
      "<records xmlns=\"urn:certbridge:records:1\"><set name=\"head\"><row><field "
      "name=\"rectype\">4000101</field><field name=\"regtype\">400</field><field "
      "name=\"estatenum\">990101001001GB00001F00010002</field></row></set><set "
      "name=\"QLF_QL_ZXDJ\"><row><field name=\"ywh\">1</field><field name=\"djsj\">2018-06-30 "
      "08:00:00</field></row></set></records>",
      "<respond><BizMsgID>990101240318000001</BizMsgID><SuccessFlag>2</SuccessFlag>"
      "<ResponseCode>1000</ResponseCode><ResponseInfo>12345678</ResponseInfo></respond>"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  static provincial_platform::Maker maker(first_generation(), {});
  const std::string_view input = text_of(data, size);
  const auto made = maker.make(input);
  if (!made) require_refusal(made.error(), input);
  const auto response = provincial_platform::parse_response(input);
  require(!response || response.value().code.size() <= 16, "a code is short");
  return 0;
}

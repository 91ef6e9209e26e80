// The numbers of the domain (certbridge/identifiers.h): what is accepted is accepted again as it is
// kept, and what is refused is not repeated.
#include "certbridge/identifiers.h"

#include "certbridge/certificate.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

template <class T>
void check(std::string_view input, Result<T> (*parse)(std::string_view)) {
  const auto value = parse(input);
  if (!value) return require_refusal(value.error(), input);
  const auto again = parse(value.value().text());
  require(again.ok() && again.value().text() == value.value().text(), "what is kept is accepted");
}

void check_number(std::string_view input, Result<CertificateNumber> (*parse)(std::string_view)) {
  const auto number = parse(input);
  if (!number) return require_refusal(number.error(), input);
  require(normalise_certificate_number(number.value().raw()) == number.value().normalised(),
          "there is one normalised form");
  const auto again = CertificateNumber::parse_lenient(number.value().normalised());
  require(again.ok() && again.value().same_as(number.value()), "the normalised form is a number");
}

void check_holder_codes(std::string_view input) {
  for (const char* type : {"001", "099", "111", "114", "414", "999", "x"}) {
    const auto code = HolderCode::parse(type, input);
    if (!code) {
      require_refusal(code.error(), input);
      continue;
    }
    require(HolderCode::parse(type, code.value().text()).ok(), "what is kept is accepted");
  }
}

void check_share(std::string_view input) {
  const auto share = Share::parse(input);
  if (!share) return require_refusal(share.error(), input);
  require(share.value().denominator() > 0 && share.value().numerator() > 0 &&
              share.value().numerator() <= share.value().denominator(),
          "a share is above nothing and at most all");
}

}  // namespace

std::vector<std::string> samples() {
  return {"11411300MB1T000091",
          "11010519491231002X",
          "110105491231002",
          "411300001002GB00003F00010002",
          "豫（2026）南阳市不动产权第0000001号",
          "豫(2026)南阳市不动产证明第0000001号（作废）",
          "11100000MB03271699001",
          "1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.41130020260000001.001.A",
          "1/3",
          "33.3%"};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  check<CreditCode>(input, CreditCode::parse);
  check<CitizenId>(input, CitizenId::parse);
  check<UnitCode>(input, UnitCode::parse_strict);
  check<UnitCode>(input, UnitCode::parse_lenient);
  check<TypeCode>(input, TypeCode::parse);
  check<CertificateIdentifier>(input, CertificateIdentifier::parse);
  check<CertificateIdentifier>(input, CertificateIdentifier::parse_lenient);
  check_number(input, CertificateNumber::parse_strict);
  check_number(input, CertificateNumber::parse_lenient);
  check_holder_codes(input);
  check_share(input);
  for (const std::string& part : split_certificate_numbers(input)) {
    require(part.size() <= input.size(), "a part is no longer than the whole");
  }
  return 0;
}

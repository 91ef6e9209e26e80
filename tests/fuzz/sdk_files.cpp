// Small XML files that the SDK reads: records of tables, books of a day, issuers, items, validation
// rules.
#include "certbridge/books.h"
#include "certbridge/issuer.h"
#include "certbridge/items.h"
#include "certbridge/record.h"
#include "certbridge/validation.h"
#include "fuzz.h"

namespace certbridge::fuzz {

std::vector<std::string> samples() {
  Record row;
  row.set("xm", personal().front());
  row.set("zjh", std::nullopt);
  BooksPage page;
  page.kind = BooksKind::kList;
  page.cases.push_back({"20264113240000001", "411324", {}});
  BookedCertificate one;
  one.number = personal().front();
  one.state = {{"valid", "mortgaged"}, personal().front(), true};
  page.certificates = {one, one};
  return {write_records({RecordSet{"mw_case_party", {row, row}}, RecordSet{"empty", {}}}),
          write_books(page)};
}

}  // namespace certbridge::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace certbridge;
  using namespace certbridge::fuzz;
  const std::string_view input = text_of(data, size);
  const auto records = parse_records(input);
  if (records) {
    const std::string written = write_records(records.value());
    const auto again = parse_records(written);
    require(again.ok() && write_records(again.value()) == written, "what was written is the same");
  } else {
    require_refusal(records.error(), input);
  }
  const auto books = parse_books(input);
  if (books) {
    const std::string written = write_books(books.value());
    const auto again = parse_books(written);
    require(again.ok() && write_books(again.value()) == written, "what was written is the same");
  } else {
    require_refusal(books.error(), input);
  }
  if (auto issuers = parse_issuers(input, "issuers.xml"); !issuers)
    require_refused_file(issuers.error());
  if (auto items = parse_items(input, "items.xml"); !items) require_refused_file(items.error());
  if (auto rules = ValidationRules::parse(input, "rules.xml"); !rules)
    require_refused_file(rules.error());
  return 0;
}

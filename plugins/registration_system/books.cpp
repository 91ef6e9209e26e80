#include "books.h"

#include <map>

#include "certbridge/identifiers.h"
#include "dates.h"
#include "records_client.h"

namespace certbridge::registration {
namespace {

Record parameters_of(const BooksQuestion& question) {
  const auto next = std::chrono::sys_days(question.day) + std::chrono::days(1);
  Record parameters;
  parameters.set("day", day_text(question.day) + " 00:00:00");
  parameters.set("next_day", day_text(std::chrono::year_month_day(next)) + " 00:00:00");
  parameters.set("area", question.area);
  parameters.set("after", question.after);
  parameters.set("most", std::to_string(question.limit));
  return parameters;
}

// The registration system keeps rights: of a certificate it knows whether it was withdrawn, and
// says nothing else.
BookedState state_of(const CaseRow& row) {
  BookedState state;
  if (row.text("state") != "withdrawn") return state;
  state.said = "withdrawn";
  state.words = {"cancelled", "revoked", "abolished", "voided"};
  return state;
}

BooksPage page_of(const CaseRows& rows, const BooksQuestion& question) {
  BooksPage page;
  page.kind = BooksKind::kList;
  std::map<std::string, std::string> areas;
  for (const CaseRow& row : rows.set("booked-cases")) {
    const auto booked = parse_message_time(row.text("booked-at"));
    if (row.text("case").empty() || !booked) continue;
    page.cases.push_back({row.text("case"), row.text("area"), *booked});
    areas[row.text("case")] = row.text("area");
  }
  for (const CaseRow& row : rows.set("booked-certificates")) {
    if (row.text("number").empty()) continue;
    BookedCertificate it;
    it.case_no = row.text("case");
    it.area = areas[it.case_no];
    it.number = row.text("number");
    it.type_code = row.text("kind") == "title" ? kTitleTypeCode : kProofTypeCode;
    it.state = state_of(row);
    page.certificates.push_back(std::move(it));
  }
  const auto& cases = rows.set("booked-cases");
  if (cases.size() >= question.limit) page.next = cases.back().text("case");
  return page;
}

}  // namespace

Books::Books(Mapping mapping, Responder& records)
    : mapping_(std::move(mapping)), records_(records) {
  mapping_.sets = mapping_.books_sets;
}

Result<Message> Books::answer(const Message& question, const Call& call) {
  auto asked = read_books_question(question);
  if (!asked) return asked.error();
  BooksPage page;
  if (!mapping_.books_group.empty()) {
    auto rows =
        ask_for_rows(records_, mapping_, mapping_.books_group, parameters_of(asked.value()), call);
    if (!rows) return rows.error();
    page = page_of(rows.value(), asked.value());
  }
  Message answer;
  answer.type = kBooksQuestion;
  answer.media_type = kBooksMediaType;
  answer.body = content_of(write_books(page));
  return answer;
}

}  // namespace certbridge::registration

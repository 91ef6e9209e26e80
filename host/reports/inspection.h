// What a regular inspection looks at (article 19 of the city's measures), as sections of one form.
// Persons and holders are in it as blind identifiers: the same person has the same one, and nobody
// can tell from it who he is.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "reports/report_period.h"
#include "reports/usage.h"

namespace certbridge::host {

using InspectionCell = std::variant<std::string, std::uint64_t>;

struct InspectionSection {
  std::string name{};       // "paper-although-available"
  std::string meaning{};    // a sentence for people
  std::uint64_t found = 0;  // what is to be looked at; `rows` may name fewer
  std::vector<std::string> columns{};
  std::vector<std::vector<InspectionCell>> rows{};
  std::string remark{};  // what is not known, and where it would be; may be empty
};

struct InspectionReport {
  std::string node{};
  Timestamp made{};
  ReportPeriod period{};
  UsageRecords records{};  // which records were looked at; `counted` and `not_counted` say nothing
  std::vector<InspectionSection> sections{};
};

std::string write_inspection_json(const InspectionReport& report);
// For people, in lines; columns are separated by two blanks.
std::string write_inspection_text(const InspectionReport& report);

// An objection that was not decided in time. What host/objections knows; nothing of the holder.
struct OverdueObjection {
  std::string number{};
  std::string kind{};  // "objection", "complaint"
  std::string state{};
  std::string reviewer{};  // unit that has to decide
  Timestamp raised{};
  Timestamp due{};
};
// `known`: whether anybody keeps objections at all.
InspectionSection overdue_objections(const std::vector<OverdueObjection>& overdue, bool known,
                                     std::size_t most);

// A section of which only the first `most` are named.
class NamedFindings {
 public:
  NamedFindings(std::size_t most, InspectionSection section)
      : most_(most), section_(std::move(section)) {}
  void add(std::vector<InspectionCell> row) {
    ++section_.found;
    if (section_.rows.size() < most_) section_.rows.push_back(std::move(row));
  }
  void remark(std::string text) { section_.remark = std::move(text); }
  InspectionSection take() { return std::move(section_); }

 private:
  std::size_t most_;
  InspectionSection section_;
};

}  // namespace certbridge::host

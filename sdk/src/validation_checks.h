// What the rules look at and where they put what they find.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "certbridge/validation.h"

namespace certbridge {

// One certificate in its surroundings; lives only for one call of validate().
struct ValidationSubject {
  const Certificate& certificate;
  const IssuerDirectory& issuers;
  std::chrono::year_month_day today;
};

// Keeps what the table does not accept.
class FindingList {
 public:
  explicit FindingList(const ValidationRules& rules) : rules_(rules) {}
  void add(const char* rule, std::string field, std::string message);
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  const ValidationRules& rules_;
  std::vector<Finding> findings_{};
};

// Each adds its findings in the order of the fields.
void check_number(const ValidationSubject& subject, FindingList& findings);
void check_issuer(const ValidationSubject& subject, FindingList& findings);
void check_dates(const ValidationSubject& subject, FindingList& findings);
void check_parties(const ValidationSubject& subject, FindingList& findings);
void check_shares(const ValidationSubject& subject, FindingList& findings);
void check_units(const ValidationSubject& subject, FindingList& findings);
void check_status(const ValidationSubject& subject, FindingList& findings);
void check_face(const ValidationSubject& subject, FindingList& findings);
void check_texts(const ValidationSubject& subject, FindingList& findings);

}  // namespace certbridge

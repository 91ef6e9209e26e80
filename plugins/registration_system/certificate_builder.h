// One canonical certificate from the rows of its case.
#pragma once

#include "case_rows.h"
#include "certbridge/certificate.h"
#include "certbridge/issuer.h"

namespace certbridge::registration {

// All that a certificate needs and the rows do not say.
struct BuildRequest {
  const Mapping& mapping;
  const CaseRows& rows;
  const CaseRow& certificate;  // of the set `certificates`
  EventAction action = EventAction::kTitle;
  std::string area{};
  std::string case_no{};
  const IssuerDirectory& issuers;
};

// The issuer that a right names, or that of its area. "registration.issuer_unknown".
Result<const Issuer*> issuer_of_right(const IssuerDirectory& issuers, const CaseRow& right,
                                      const std::string& area);

// With the serial that the number gives and version 1. "registration.incomplete" while its items or
// rights are not all there; permanent errors name row, column, rule and shape.
Result<Certificate> build_certificate(const BuildRequest& request);

// When it was booked, as its first right says, in a form of parse_message_time(); empty when that
// is not known.
std::string booked_at(const BuildRequest& request);

// The same certificate under another serial or version; an empty serial keeps it.
Result<Certificate> renumbered(const Certificate& certificate, const std::string& serial,
                               int version);

}  // namespace certbridge::registration

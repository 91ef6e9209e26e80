// Books that agree, to be changed by a test.
#pragma once

#include "certbridge/identifiers.h"
#include "reconcile/compare.h"

namespace certbridge::host {

inline const std::string kLibrary = "library";

inline std::string number_at(int index) {
  std::string serial = std::to_string(index);
  serial.insert(0, 7 - serial.size(), '0');
  return "豫（2026）南召县不动产权第" + serial + "号";
}

// What a library that has one word for valid and mortgaged says.
inline BookedState said_valid() { return {{"valid", "mortgaged"}, "正常", false}; }
inline BookedState said_ended() { return {{"cancelled", "revoked", "voided"}, "注销", false}; }

inline JournalCertificate ours_at(int index) {
  JournalCertificate one;
  one.number = number_at(index);
  one.normalised_number = normalise_certificate_number(one.number);
  one.type_code = kTitleTypeCode;
  one.area = "411324";
  one.case_no = "case-" + std::to_string(index);
  one.identifier = "identifier-" + std::to_string(index);
  one.version = 1;
  one.word = index % 3 == 0 ? "mortgaged" : "valid";
  one.digest = "digest-" + std::to_string(index);
  one.message = "m-" + std::to_string(index) + "/0";
  one.standing[kLibrary] = Standing::kHeld;
  return one;
}

inline BookedCertificate booked_at(int index) {
  BookedCertificate one;
  one.area = "411324";
  one.type_code = kTitleTypeCode;
  one.number = number_at(index);
  one.case_no = "case-" + std::to_string(index);
  return one;
}

inline BookedCertificate held_at(int index) {
  BookedCertificate one = booked_at(index);
  one.identifier = "identifier-" + std::to_string(index);
  one.version = 1;
  one.state = said_valid();
  one.digest = "digest-" + std::to_string(index);
  return one;
}

// So many certificates, each in a case of its own, in three books that agree.
inline Gathered agreeing_books(int count) {
  Gathered all;
  all.registration.books = "registration";
  all.registration.page.kind = BooksKind::kList;
  GatheredBooks library;
  library.books = kLibrary;
  library.page.kind = BooksKind::kList;
  for (int index = 1; index <= count; ++index) {
    all.registration.page.cases.push_back({"case-" + std::to_string(index), "411324", {}});
    all.registration.page.certificates.push_back(booked_at(index));
    all.journal.push_back(ours_at(index));
    all.cases["case-" + std::to_string(index)].arrived = true;
    library.page.certificates.push_back(held_at(index));
  }
  all.counterparts.push_back(std::move(library));
  return all;
}

}  // namespace certbridge::host

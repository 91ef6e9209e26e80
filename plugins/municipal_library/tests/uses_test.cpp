// How a library's log of uses is read.
#include "uses.h"

#include <gtest/gtest.h>

#include "books.h"
#include "dialect_files.h"
#include "request_body.h"

namespace certbridge::municipal_library {
namespace {

constexpr const char* kCard = "11100000MB03271699001";
constexpr const char* kIssuer = "11411300MB1T000091";

Texts entry(const std::string& caller, const std::string& identifier) {
  return {{"logid", "1-1"},         {"usetime", "2026-11-27 10:00:00"},
          {"appid", caller},        {"useunit", "91410000000000000B"},
          {"usepurpose", "loan"},   {"operation", "search"},
          {"tycertcatcode", kCard}, {"certificateidentifier", identifier},
          {"useresult", "1"}};
}

std::string identifier_of(const std::string& type) {
  return CertificateIdentifier::compose(TypeCode::parse(type).value(),
                                        CreditCode::parse(kIssuer).value(), "7", 1)
      .value()
      .text();
}

TEST(LibraryUses, WhatIsOursIsKnownByTheNameOfTheCaller) {
  const auto uses = read_logged_uses(
      shipped_dialect("epoint"), "certbridge",
      {entry("certbridge", identifier_of(kCard)), entry("bank", ""), entry("", "")});
  ASSERT_EQ(uses.size(), 3U);
  EXPECT_EQ(uses[0].by, UsedBy::kOurselves);
  EXPECT_EQ(uses[1].by, UsedBy::kOthers);
  EXPECT_EQ(uses[2].by, UsedBy::kUnknown);
}

TEST(LibraryUses, TheIssuerIsThatOfTheIdentifier) {
  Texts without_type = entry("bank", identifier_of(kCard));
  without_type.erase("tycertcatcode");
  const auto uses =
      read_logged_uses(shipped_dialect("epoint"), "certbridge", {without_type, entry("bank", "7")});
  EXPECT_EQ(uses[0].type_code, kCard);
  EXPECT_EQ(uses[0].issuer_code, kIssuer);
  EXPECT_EQ(uses[0].purpose, "loan");
  EXPECT_EQ(uses[0].kind, "query");
  EXPECT_EQ(uses[0].result, "found");
  EXPECT_EQ(uses[1].issuer_code, "");
}

TEST(LibraryUses, WordsThatAreNotKnownAreLeftOut) {
  Texts odd = entry("bank", "");
  odd["operation"] = "看";
  odd["useresult"] = "7";
  odd["useunit"] = std::string(300, 'x');
  odd["usepurpose"] = "a\x01";
  const LoggedUse use = read_logged_uses(shipped_dialect("epoint"), "certbridge", {odd, {}})[0];
  EXPECT_EQ(use.kind + use.result + use.unit + use.purpose, "");
}

TEST(LibraryUses, AReportIsWrittenInTheDialect) {
  const std::vector<UsageRow> rows{
      {"2026-11", kIssuer, "unit", kCard, "\"loan\"", "records", "query", "found", "7"},
      {"2026-11", kIssuer, "", kCard, "", "library", "comparison", "found", "1"}};
  EXPECT_EQ(
      write_usage_form(shipped_dialect("epoint"), rows).value(),
      R"({"params":{"uselog":[{"useperiod":"2026-11","certawarddeptcode":"11411300MB1T000091","useunit":"unit","tycertcatcode":"11100000MB03271699001","usepurpose":"\"loan\"","operation":"search","useresult":"1","usecount":7},)"
      R"({"useperiod":"2026-11","certawarddeptcode":"11411300MB1T000091","tycertcatcode":"11100000MB03271699001","operation":"comparison","useresult":"1","usecount":1}]}})");
  EXPECT_EQ(write_usage_form(shipped_dialect("linewell"), rows).error().code,
            "municipal.not_offered");
}

TEST(LibraryUses, TheQuestionIsWrittenInTheDialect) {
  const Dialect epoint = shipped_dialect("epoint");
  const BooksQuestion question{std::chrono::year(2026) / 11 / 27, "", "", 500};
  Subject subject;
  subject.books = &question;
  subject.books_page = 2;
  const auto body = write_body(epoint, epoint.uses.call, subject, {}, {},
                               [](std::size_t) { return std::string(); });
  EXPECT_EQ(body.value(),
            R"({"params":{"usedate":"2026-11-27 00:00:00","page":2,"pagesize":500}})");
  EXPECT_EQ(shipped_dialect("linewell").uses.call.path, "");
}

}  // namespace
}  // namespace certbridge::municipal_library

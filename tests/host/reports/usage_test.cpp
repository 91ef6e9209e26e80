#include "reports/usage.h"

#include <gtest/gtest.h>

#include "access_fixture.h"
#include "certbridge/identifiers.h"
#include "reports/csv.h"
#include "reports/usage_files.h"
#include "usage_maker.h"

namespace certbridge::host {
namespace {

using report_test::kIssuerA;
using report_test::kIssuerB;
using report_test::kTypeA;
using report_test::UsageMaker;

constexpr std::chrono::hours kDay{24};

class UsageTest : public access_test::AccessFolder {
 protected:
  // Two records a day, from the last days of the month before to the first of the next.
  void make_records() {
    clock_.time = month_period("2026-11").value().from() - kDay * 2;
    const auto log = open();
    for (int number = 0; number < 2 * 34; ++number) {
      append(*log);
      clock_.time += std::chrono::hours(12);
    }
    log->close();
  }
  void append(AccessLog& log) {
    const std::string day = period_of(clock_.time.get(), PeriodStep::kDay);
    const bool counts = day.substr(0, 7) == "2026-11";
    const auto place = log.append((counts ? maker_ : others_).next(day));
    ASSERT_TRUE(place.ok());
    if (!counts) return;
    last_ = {place.value().number, to_hex(place.value().hash)};
    if (first_.number == 0) first_ = last_;
  }
  UsageReport report(const std::string& issuer = {}) {
    UsageReport report;
    report.node = settings_.node;
    report.made = clock_.now() + std::chrono::milliseconds(1);
    report.period = month_period("2026-11").value();
    report.step = PeriodStep::kDay;
    report.issuer = issuer;
    const auto reader = AccessReader::open(settings_.folder, settings_.node, settings_.master_key);
    const auto counted = count_usage(*reader.value(), report);
    EXPECT_TRUE(counted.ok()) << counted.error().message;
    return report;
  }
  // Of one record that is all there is.
  UsageReport report_of(const AccessRecord& record) {
    clock_.time = month_period("2026-11").value().from();
    const auto log = open();
    EXPECT_TRUE(log->append(record).ok());
    log->close();
    return report();
  }

  UsageMaker maker_{2026};
  UsageMaker others_{7};
  UsageEnd first_{};
  UsageEnd last_{};
};

TEST_F(UsageTest, CountsWhatWasMade) {
  make_records();
  const UsageReport counted = report();
  EXPECT_EQ(maker_.truth().rows, counted.rows);
  EXPECT_EQ(60U, counted.records.records);
  UsageRecords expected = maker_.truth().records;
  expected.first = first_;
  expected.last = last_;
  EXPECT_EQ(expected, counted.records);
  EXPECT_EQ(std::vector<std::string>{}, wrong_sums(counted));
}

TEST_F(UsageTest, ExtractsOfTheIssuersAddUpToTheCentresReport) {
  make_records();
  const UsageReport whole = report();
  const UsageReport a = report(kIssuerA);
  const UsageReport b = report(kIssuerB);
  EXPECT_GT(a.total(kOwnUses), 0U);
  EXPECT_EQ(whole.total(kOwnUses), a.total(kOwnUses) + b.total(kOwnUses));
  std::map<UsageKey, std::uint64_t> both = a.rows;
  both.insert(b.rows.begin(), b.rows.end());
  EXPECT_EQ(whole.rows, both);
  EXPECT_EQ(std::vector<std::string>{}, wrong_sums(a));
}

TEST_F(UsageTest, AnExtractTellsNothingOfOthers) {
  make_records();
  const std::string json = write_usage_json(report(kIssuerA));
  for (const char* word : {"11410000005184021Y", "denied", "none-found", "clerk", "holder-",
                           "case-", "certificate-", "inPeriod", "notCounted", "window"}) {
    EXPECT_EQ(std::string::npos, json.find(word)) << word;
  }
  EXPECT_NE(std::string::npos, json.find(kIssuerA));
}

TEST_F(UsageTest, TheCentresReportHoldsNoPersonAndNoHolder) {
  make_records();
  const std::string json = write_usage_json(report());
  for (const char* word : {"clerk", "holder-", "case-", "certificate-"}) {
    EXPECT_EQ(std::string::npos, json.find(word)) << word;
  }
}

TEST_F(UsageTest, IsReadAgainAndCheckedAgainstTheRecords) {
  make_records();
  const UsageReport counted = report();
  EXPECT_NE(0, counted.made.time_since_epoch().count() % 1000);
  const auto told = read_usage_json(write_usage_json(counted));
  ASSERT_TRUE(told.ok()) << told.error().message;
  EXPECT_EQ(counted.rows, told.value().rows);
  EXPECT_EQ(counted.made, told.value().made);
  EXPECT_EQ(std::vector<std::string>{}, wrong_sums(told.value()));
  EXPECT_EQ(std::vector<std::string>{}, differences(told.value(), counted));
  const UsageReport extract = report(kIssuerA);
  const auto told_extract = read_usage_json(write_usage_json(extract));
  ASSERT_TRUE(told_extract.ok()) << told_extract.error().message;
  EXPECT_EQ(std::vector<std::string>{}, wrong_sums(told_extract.value()));
  EXPECT_EQ(std::vector<std::string>{}, differences(told_extract.value(), extract));
}

TEST_F(UsageTest, EveryAlterationOfAReportIsFound) {
  make_records();
  const UsageReport counted = report();
  const auto found = [&](const std::function<void(UsageReport&)>& alter) {
    UsageReport altered = counted;
    alter(altered);
    return wrong_sums(altered).size() + differences(altered, counted).size();
  };
  EXPECT_EQ(0U, found([](UsageReport&) {}));
  EXPECT_GT(found([](UsageReport& it) { ++it.rows.begin()->second; }), 0U);
  EXPECT_GT(found([](UsageReport& it) { it.rows.erase(it.rows.begin()); }), 0U);
  EXPECT_GT(found([](UsageReport& it) { ++it.records.counted; }), 0U);
  EXPECT_GT(found([](UsageReport& it) { --it.records.records; }), 0U);
  EXPECT_GT(found([](UsageReport& it) { it.records.not_counted.erase("denied"); }), 0U);
  EXPECT_GT(found([](UsageReport& it) { it.records.last.hash[3] ^= 1; }), 0U);
  EXPECT_GT(found([](UsageReport& it) { it.node = "other"; }), 0U);
  // One use moved from one row to another: only the records tell.
  EXPECT_GT(found([](UsageReport& it) {
              ++it.rows.begin()->second;
              --it.rows.rbegin()->second;
            }),
            0U);
}

TEST_F(UsageTest, FilesThatAreNoReportAreRefused) {
  make_records();
  const std::string json = write_usage_json(report());
  for (const auto& [old, changed] : std::vector<std::pair<std::string, std::string>>{
           {"\"usage\"", "\"other\""},
           {"\"form\":1", "\"form\":2"},
           {"\"total\":", "\"total\":1"},
           {"\"by\":\"day\"", "\"by\":\"week\""},
           {"\"to\":\"2026-11-30\"", "\"to\":\"2026-10-30\""},
           {"\"uses\":[{", "\"uses\":[{\"who\":\"x\","},
           {"\"notCounted\"", "\"notCountet\""}}) {
    std::string altered = json;
    altered.replace(altered.find(old), old.size(), changed);
    const auto read = read_usage_json(altered);
    ASSERT_FALSE(read.ok()) << changed;
    EXPECT_EQ("report.form", read.error().code);
  }
  EXPECT_FALSE(read_usage_json("").ok());
  EXPECT_FALSE(read_usage_json("[]").ok());
  EXPECT_FALSE(read_usage_json(json.substr(0, json.size() / 2)).ok());
}

TEST_F(UsageTest, AnIssuerThatNoSourceToldIsTakenFromTheIdentifier) {
  AccessRecord record = access_test::record_of(0);
  record.kind = AccessKind::kVerification;
  record.issuer.clear();
  record.certificate_type.clear();
  record.certificate = CertificateIdentifier::compose(TypeCode::parse(kTypeA).value(),
                                                      CreditCode::parse(kIssuerA).value(), "1", 1)
                           .value()
                           .text();
  const UsageReport counted = report_of(record);
  ASSERT_EQ(1U, counted.rows.size());
  EXPECT_EQ(kIssuerA, counted.rows.begin()->first.issuer);
  EXPECT_EQ(kTypeA, counted.rows.begin()->first.type);
}

TEST_F(UsageTest, WithoutAnyIssuerNobodyCanBeTold) {
  AccessRecord record = access_test::record_of(0);
  record.issuer.clear();
  const UsageReport counted = report_of(record);
  EXPECT_TRUE(counted.rows.empty());
  EXPECT_EQ((CountsByReason{{"no-issuer", 1}}), counted.records.not_counted);
}

TEST(Period, IsOfBeijingDays) {
  const ReportPeriod month = month_period("2024-02").value();
  EXPECT_EQ("2024-02-29", report_day_text(month.last));
  EXPECT_EQ(kDay * 29, month.until() - month.from());
  EXPECT_EQ("2024-02-01", period_of(month.from(), PeriodStep::kDay));
  EXPECT_EQ("2024-01", period_of(month.from() - std::chrono::milliseconds(1), PeriodStep::kMonth));
  EXPECT_FALSE(month_period("2024-13").ok());
  EXPECT_FALSE(month_period("2024-2").ok());
  EXPECT_FALSE(day_period("2026-11-02", "2026-11-01").ok());
  EXPECT_FALSE(day_period("2026-01-01", "2027-01-02").ok());
  EXPECT_TRUE(day_period("2026-01-01", "2027-01-01").ok());
}

TEST(Csv, CellsAreTextsWhateverTheyBeginWith) {
  EXPECT_EQ("a", csv_cell("a"));
  EXPECT_EQ("\"a,b\"", csv_cell("a,b"));
  EXPECT_EQ("\"a\"\"b\"", csv_cell("a\"b"));
  EXPECT_EQ("\"a\r\nb\"", csv_cell("a\r\nb"));
  for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1", "＠x"}) {
    EXPECT_EQ("'" + std::string(text), csv_cell(text));
  }
  EXPECT_EQ("\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
            csv_cell("=HYPERLINK(\"http://x\",\"y\")"));
  EXPECT_EQ("a,\"b,c\",'=d\r\n", csv_line({"a", "b,c", "=d"}));
}

TEST_F(UsageTest, CsvHasOneLineForEachRow) {
  make_records();
  const UsageReport counted = report();
  const std::string csv = write_usage_csv(counted);
  EXPECT_EQ(0U, csv.find("period,issuer,unit,type,purpose,source,kind,result,count\r\n"));
  EXPECT_EQ(static_cast<std::ptrdiff_t>(counted.rows.size() + 1),
            std::count(csv.begin(), csv.end(), '\n'));
}

}  // namespace
}  // namespace certbridge::host

// Reports of many records in bounded memory. CERTBRIDGE_REPORT_RECORDS=1000000 is the long form.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <thread>

#include "access_fixture.h"
#include "reports/record_inspection.h"
#include "reports/usage.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kMostGrowth = 300ULL << 20;  // bytes

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  file >> size >> resident;
  return resident * 4096;
}

std::uint64_t wanted_records() {
  const char* given = std::getenv("CERTBRIDGE_REPORT_RECORDS");
  return given == nullptr ? 3000 : std::strtoull(given, nullptr, 10);
}

class ManyRecordsTest : public access_test::AccessFolder {
 protected:
  // Every holder in a case of his own, but one in each hundred who is in three.
  static AccessRecord made(std::uint64_t number) {
    AccessRecord record = access_test::record_of(static_cast<int>(number));
    record.decision = AccessDecision::kAllowed;
    record.refers_to = 0;
    record.holder = "holder-" + std::to_string(number % 100 < 3 ? number / 100 * 100 : number);
    record.inputs = std::string(2000, 'i');
    return record;
  }
  void make_records(std::uint64_t count) {
    constexpr std::uint64_t kThreads = 64;
    settings_.room_bytes = 4ULL << 20;
    const auto log = open();
    std::vector<std::jthread> threads;
    for (std::uint64_t first = 0; first < kThreads; ++first) {
      threads.emplace_back([&log, first, count] {
        for (std::uint64_t i = first; i < count; i += kThreads) {
          if (!log->append(made(i)).ok()) ADD_FAILURE() << i;
        }
      });
    }
    threads.clear();
    log->close();
  }
};

TEST_F(ManyRecordsTest, AreCountedAndInspectedInBoundedMemory) {
  const std::uint64_t count = wanted_records() / 100 * 100;
  make_records(count);
  const auto reader = AccessReader::open(settings_.folder, settings_.node, settings_.master_key);
  const std::uint64_t before = resident_bytes();
  UsageReport usage;
  usage.period = month_period("2026-11").value();
  usage.made = usage.period.until();
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(count_usage(*reader.value(), usage).ok());
  const auto counted = std::chrono::steady_clock::now();
  RecordInspectionSettings settings;
  settings.period = usage.period;
  settings.made = usage.made;
  InspectionReport inspection;
  ASSERT_TRUE(inspect_records(*reader.value(), settings, inspection).ok());
  const auto inspected = std::chrono::steady_clock::now();
  EXPECT_EQ(count, usage.total(kOwnUses));
  const auto& sections = inspection.sections;
  const auto holders = std::find_if(sections.begin(), sections.end(), [](const auto& one) {
    return one.name == "holder-in-several-cases";
  });
  EXPECT_EQ(count / 100, holders->found);
  EXPECT_LT(resident_bytes() - std::min(before, resident_bytes()), kMostGrowth);
  const auto milliseconds = [](auto time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
  };
  RecordProperty("usage_ms", milliseconds(counted - began));
  RecordProperty("inspection_ms", milliseconds(inspected - counted));
  std::cout << count << " records: usage " << milliseconds(counted - began) << " ms, inspection "
            << milliseconds(inspected - counted) << " ms\n";
}

}  // namespace
}  // namespace certbridge::host

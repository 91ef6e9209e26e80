// What tests of this plugin's components share: stand-ins of the host, files, and rows that travel.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "booking_samples.h"
#include "certbridge/testing/contracts.h"
#include "certbridge/testing/loaded_plugin.h"

namespace certbridge::provincial_platform::testing {

using namespace std::chrono_literals;
using certbridge::testing::body_of;
using certbridge::testing::call_of;
using certbridge::testing::check_processor_contract;
using certbridge::testing::check_responder_contract;
using certbridge::testing::check_sink_contract;
using certbridge::testing::FakeContext;
using certbridge::testing::FakeResponder;
using certbridge::testing::load_plugin;
using certbridge::testing::Options;
using certbridge::testing::Through;

// The path of a file of the plugin's folder, as "profiles/v1.xml".
std::string plugin_file(const std::string& name);
// Of a component of this kind, by the plugin's manifest.
FakeContext context_of(const std::string& kind, Options options);
// An RSA key of 1024 bits, the same in all tests of a program.
const TestKey& sample_key();

// Rows, as an answer has them.
Message rows_message(const std::vector<RecordSet>& sets);
// A question to a group of named queries, or to a component, with one row of parameters.
Message question_of(const std::string& group, const Record& parameters);
// The message about a booking; `rows` as write_records() makes them.
Message booked_message(const std::string& rows);

// A component that asks the endpoint lent as `records` for rows.
class RowsTest : public ::testing::TestWithParam<Through> {
 protected:
  RowsTest(const std::string& kind, Options options);

  std::vector<RecordSet> rows_{};  // whatever is asked for
  std::string asked_{};            // group and parameters of the last question
  FakeResponder records_{};
  FakeContext context_;
};

}  // namespace certbridge::provincial_platform::testing

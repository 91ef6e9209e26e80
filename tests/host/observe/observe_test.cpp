#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <gmock/gmock.h>

#include "observe/clock.h"
#include "observe/http_front.h"
#include "observe/logging.h"
#include "observe/metrics.h"

namespace certbridge::host {
namespace {

using testing::HasSubstr;
using testing::Not;

class FixedClock final : public Clock {
 public:
  Timestamp now() const override { return Timestamp(std::chrono::milliseconds(1'764'028'800'123)); }
  std::chrono::steady_clock::time_point steady() const override { return {}; }
};

TEST(Clock, WritesUtc) {
  EXPECT_EQ(to_iso8601(Timestamp(std::chrono::milliseconds(0))), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_iso8601(FixedClock().now()), "2025-11-25T00:00:00.123Z");
  EXPECT_EQ(to_wall_clock(FixedClock().now()), "2025-11-25 08:00:00");
}

TEST(Logging, AJsonLineIsEscapedAndCarriesTheTrace) {
  FixedClock clock;
  std::string written;
  LogOutput output(LogFormat::kJson, LogLevel::kInfo, clock,
                   [&](const std::string& line) { written += line; });
  {
    const TraceScope scope("m-1", "issue");
    make_logger(output, "library")
        ->log(LogLevel::kWarning, "http.closed", {{"reason", "a \"quote\"\nand\x01"}});
  }
  EXPECT_EQ(
      written,
      "{\"time\":\"2025-11-25T00:00:00.123Z\",\"level\":\"warning\",\"event\":\"http.closed\","
      "\"endpoint\":\"library\",\"trace\":\"m-1\",\"route\":\"issue\","
      "\"reason\":\"a \\\"quote\\\"\\nand\\u0001\"}\n");
  written.clear();
  make_logger(output, "")->log(LogLevel::kInfo, "after", {});
  EXPECT_THAT(written, Not(HasSubstr("trace")));
}

TEST(Logging, LinesForPeopleStayOneLine) {
  FixedClock clock;
  std::string written;
  LogOutput output(LogFormat::kText, LogLevel::kInfo, clock,
                   [&](const std::string& line) { written += line; });
  const TraceScope scope("m-1", "issue");
  make_logger(output, "x")
      ->log(LogLevel::kError, "event", {{"reason", "two\nlines"}, {"file", "a.ofd"}, {"none", ""}});
  make_logger(output, "x")->log(LogLevel::kDebug, "quiet", {});
  EXPECT_EQ(written,
            "2025-11-25T00:00:00.123Z error event endpoint=x trace=m-1 route=issue "
            "reason=\"two\\nlines\" file=a.ofd none=\"\"\n");
}

// What a counterpart said cannot forge a line or a field, nor make a line unreadable.
TEST(Logging, HostileValuesStayInsideTheirField) {
  FixedClock clock;
  const LogFields fields{{"reason", "x level=info event=forged\n2026 error \x1b[31m\xff\xd6"}};
  const auto line_of = [&](LogFormat format) {
    std::string written;
    LogOutput output(format, LogLevel::kInfo, clock,
                     [&](const std::string& line) { written += line; });
    output.write(LogLevel::kInfo, "", "e", fields);
    return written;
  };
  EXPECT_EQ(line_of(LogFormat::kText),
            "2025-11-25T00:00:00.123Z info e reason=\"x level=info event=forged\\n2026 error "
            "\\u001b[31m??\"\n");
  EXPECT_EQ(line_of(LogFormat::kJson),
            "{\"time\":\"2025-11-25T00:00:00.123Z\",\"level\":\"info\",\"event\":\"e\",\"reason\":"
            "\"x level=info event=forged\\n2026 error \\u001b[31m??\"}\n");
}

TEST(Logging, TheOuterTraceIsBackAfterTheInner) {
  FixedClock clock;
  std::string written;
  LogOutput output(LogFormat::kText, LogLevel::kInfo, clock,
                   [&](const std::string& line) { written = line; });
  const TraceScope outer("m-1", "issue");
  {
    const TraceScope inner("m-2", "");
    output.write(LogLevel::kInfo, "", "e", {});
    EXPECT_EQ(written, "2025-11-25T00:00:00.123Z info e trace=m-2\n");
  }
  output.write(LogLevel::kInfo, "", "e", {});
  EXPECT_EQ(written, "2025-11-25T00:00:00.123Z info e trace=m-1 route=issue\n");
}

TEST(Metrics, ShowsCountersGaugesAndSummaries) {
  MetricsRegistry registry;
  auto metrics = make_metrics(registry, "library");
  metrics->count("calls_total", {{"code", "a\"b"}}, 2);
  metrics->count("calls_total", {{"code", "a\"b"}}, 1);
  metrics->gauge("waiting", {}, 7);
  metrics->observe("seconds", {}, 0.5);
  metrics->observe("seconds", {}, 1.5);
  const std::string text = registry.prometheus_text();
  EXPECT_THAT(text, HasSubstr("# TYPE certbridge_calls_total counter\n"
                              "certbridge_calls_total{code=\"a\\\"b\",endpoint=\"library\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("certbridge_waiting{endpoint=\"library\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("certbridge_seconds_sum{endpoint=\"library\"} 2\n"
                              "certbridge_seconds_count{endpoint=\"library\"} 2\n"));
  EXPECT_EQ(registry.value("waiting", {{"endpoint", "library"}}), 7);
}

TEST(Metrics, APluginsSlipDoesNotMakeThePageUnreadable) {
  MetricsRegistry registry;
  auto metrics = make_metrics(registry, "library");
  metrics->count("calls-total{x", {{"a b", "1\n2\\"}, {"endpoint", "another"}}, 1);
  metrics->gauge("9lives", {}, 0.1);
  metrics->count("9lives", {}, 1e300);
  const std::string text = registry.prometheus_text();
  EXPECT_EQ(text,
            "# TYPE certbridge__9lives gauge\n"
            "certbridge__9lives{endpoint=\"library\"} 1e+300\n"
            "# TYPE certbridge_calls_total_x counter\n"
            "certbridge_calls_total_x{a_b=\"1\\n2\\\\\",endpoint=\"library\"} 1\n");
}

TEST(Metrics, ManyLabelsDoNotGrowWithoutBound) {
  MetricsRegistry registry;
  for (int i = 0; i < 5000; ++i) registry.count("calls", {{"id", std::to_string(i)}}, 1);
  const std::string text = registry.prometheus_text();
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 1100);
}

std::pair<int, std::string> request(std::uint16_t port, const std::string& method,
                                    const std::string& path) {
  Poco::Net::HTTPClientSession session("127.0.0.1", port);
  Poco::Net::HTTPRequest ask(method, path);
  session.sendRequest(ask);
  Poco::Net::HTTPResponse response;
  std::string body;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
  return {static_cast<int>(response.getStatus()), body};
}

TEST(ObserveFront, AnswersGetAndRefusesTheRest) {
  auto front = open_observe_front("127.0.0.1:0", [](const std::string& path) {
    return FrontAnswer{path == "/known" ? 200 : 404, "text/plain", "path " + path};
  });
  ASSERT_TRUE(front.ok());
  const std::uint16_t port = front.value()->port();
  EXPECT_EQ(request(port, "GET", "/known"), std::make_pair(200, std::string("path /known")));
  EXPECT_EQ(request(port, "GET", "/else").first, 404);
  EXPECT_EQ(request(port, "POST", "/known").first, 405);
  auto second = open_observe_front("127.0.0.1:" + std::to_string(port), nullptr);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "observe.listen");
}

}  // namespace
}  // namespace certbridge::host

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
      "{ \"time\":\"2025-11-25T00:00:00.123Z\",\"level\":\"warning\",\"event\":\"http.closed\","
      "\"endpoint\":\"library\",\"trace\":\"m-1\",\"route\":\"issue\","
      "\"reason\":\"a \\\"quote\\\"\\u000aand\\u0001\"}\n");
  written.clear();
  make_logger(output, "")->log(LogLevel::kInfo, "after", {});
  EXPECT_THAT(written, Not(HasSubstr("trace")));
}

TEST(Logging, LinesForPeopleStayOneLine) {
  FixedClock clock;
  std::string written;
  LogOutput output(LogFormat::kText, LogLevel::kInfo, clock,
                   [&](const std::string& line) { written += line; });
  make_logger(output, "x")->log(LogLevel::kError, "event", {{"reason", "two\nlines"}});
  make_logger(output, "x")->log(LogLevel::kDebug, "quiet", {});
  EXPECT_EQ(written, "2025-11-25T00:00:00.123Z error event endpoint=x reason=two lines\n");
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

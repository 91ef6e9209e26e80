// Reads a usage report again.
#include <boost/json.hpp>
#include <charconv>
#include <set>

#include "reports/usage_files.h"

namespace certbridge::host {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 8;
constexpr std::size_t kTimeLength = 24;
constexpr std::size_t kMostLibraries = 1000;
constexpr std::size_t kMostReasons = 1000;

// Keeps the first thing that is wrong; what is read after it counts for nothing.
class UsageReader {
 public:
  Result<UsageReport> read(const json::value& root) {
    const json::object& top =
        object(root, {"report", "form", "node", "made", "from", "to", "by", "issuer", "total",
                      "totalOfLibraries", "records", "libraries", "uses"});
    if (text(top, "report") != "usage" || number(top, "form") != 1) fail("it is no usage report");
    report_.node = text(top, "node");
    report_.made = time(text(top, "made"));
    if (top.contains("issuer")) report_.issuer = text(top, "issuer");
    read_period(top);
    read_records(top);
    for (const json::value& one : list(top, "libraries", kMostLibraries)) read_library(one);
    for (const json::value& one : list(top, "uses", kMostUsageRows)) read_row(one);
    if (report_.total(kOwnUses) != number(top, "total") ||
        report_.total(kLibraryUses) != number(top, "totalOfLibraries")) {
      fail("`total` is not the sum of `uses`");
    }
    if (!wrong_.empty()) return Error::permanent("report.form", wrong_);
    return std::move(report_);
  }

 private:
  void fail(const std::string& why) {
    if (wrong_.empty()) wrong_ = why;
  }

  const json::object& object(const json::value& value, const std::set<std::string_view>& known) {
    static const json::object kNone;
    if (!value.is_object()) {
      fail("a member is no object");
      return kNone;
    }
    for (const auto& member : value.get_object()) {
      if (!known.contains(std::string_view(member.key()))) fail("a member is not known");
    }
    return value.get_object();
  }
  const json::value& member(const json::object& of, const char* name) {
    static const json::value kNothing;
    const json::value* found = of.if_contains(name);
    if (found == nullptr) fail(std::string("`") + name + "` is missing");
    return found == nullptr ? kNothing : *found;
  }
  std::string text(const json::object& of, const char* name) {
    const json::value& value = member(of, name);
    if (value.is_string()) return std::string(value.get_string());
    fail(std::string("`") + name + "` is no text");
    return {};
  }
  std::uint64_t number(const json::object& of, const char* name) {
    return number_of(member(of, name), name);
  }
  std::uint64_t number_of(const json::value& value, std::string_view name) {
    if (value.is_uint64()) return value.get_uint64();
    if (value.is_int64() && value.get_int64() >= 0) {
      return static_cast<std::uint64_t>(value.get_int64());
    }
    fail("`" + std::string(name) + "` is no whole number");
    return 0;
  }
  const json::array& list(const json::object& of, const char* name, std::size_t most) {
    static const json::array kNone;
    const json::value& value = member(of, name);
    if (value.is_array() && value.get_array().size() <= most) return value.get_array();
    fail(std::string("`") + name + "` is no list, or too long");
    return kNone;
  }

  // With its milliseconds: "2026-11-28T08:00:00.123Z".
  Timestamp time(const std::string& text) {
    const auto seconds = parse_message_time(text);
    std::uint32_t milliseconds = 0;
    const auto [end, problem] =
        text.size() == kTimeLength
            ? std::from_chars(&text[kTimeLength - 4], &text[kTimeLength - 1], milliseconds)
            : std::from_chars_result{nullptr, std::errc::invalid_argument};
    if (!seconds || problem != std::errc() || end != &text[kTimeLength - 1]) {
      fail("`made` is no time");
      return {};
    }
    return *seconds + std::chrono::milliseconds(milliseconds);
  }
  void read_period(const json::object& top) {
    const auto period = day_period(text(top, "from"), text(top, "to"));
    if (!period) return fail("`from` and `to`: " + period.error().message);
    report_.period = period.value();
    const std::string by = text(top, "by");
    if (by != "day" && by != "month") return fail("`by` is day or month");
    report_.step = by == "day" ? PeriodStep::kDay : PeriodStep::kMonth;
  }
  CountsByReason counts(const json::object& of, const char* name) {
    CountsByReason read;
    const json::value& value = member(of, name);
    if (!value.is_object() || value.get_object().size() > kMostReasons) {
      fail(std::string("`") + name + "` is no object");
      return read;
    }
    for (const auto& one : value.get_object()) read[one.key()] = number_of(one.value(), one.key());
    return read;
  }
  UsageEnd end(const json::object& of, const char* name) {
    const json::object& read = object(member(of, name), {"number", "hash"});
    return {number(read, "number"), text(read, "hash")};
  }
  void read_records(const json::object& top) {
    const json::object& of =
        object(member(top, "records"), {"first", "last", "counted", "inPeriod", "notCounted"});
    UsageRecords& records = report_.records;
    records.first = end(of, "first");
    records.last = end(of, "last");
    records.records = records.counted = number(of, "counted");
    if (!report_.issuer.empty()) return;
    records.records = number(of, "inPeriod");
    records.not_counted = counts(of, "notCounted");
  }
  void read_library(const json::value& value) {
    const json::object& of =
        object(value, {"library", "counted", "trouble", "logged", "ours", "notCounted"});
    UsageLibrary& library = report_.libraries.emplace_back();
    library.library = text(of, "library");
    if (of.contains("trouble")) library.trouble = text(of, "trouble");
    library.logged = library.counted = number(of, "counted");
    if (!report_.issuer.empty()) return;
    library.logged = number(of, "logged");
    library.ours = number(of, "ours");
    library.not_counted = counts(of, "notCounted");
  }
  void read_row(const json::value& value) {
    const json::object& of = object(value, {"period", "issuer", "unit", "type", "purpose", "source",
                                            "kind", "result", "count"});
    UsageKey key{text(of, "period"),  text(of, "issuer"), text(of, "unit"), text(of, "type"),
                 text(of, "purpose"), text(of, "source"), text(of, "kind"), text(of, "result")};
    if (!report_.rows.emplace(std::move(key), number(of, "count")).second) {
      fail("a row of `uses` stands twice");
    }
  }

  UsageReport report_{};
  std::string wrong_{};
};

}  // namespace

Result<UsageReport> read_usage_json(std::string_view text) {
  if (text.size() > kLargestUsageFile) {
    return Error::permanent("report.form", "it is larger than a usage report can be");
  }
  boost::system::error_code problem;
  json::parse_options options;
  options.max_depth = kDeepest;
  const json::value root = json::parse(text, problem, {}, options);
  if (problem) return Error::permanent("report.form", "it is no JSON: " + problem.message());
  return UsageReader().read(root);
}

}  // namespace certbridge::host

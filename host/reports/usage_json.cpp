#include <boost/json.hpp>

#include "observe/clock.h"
#include "reports/usage_files.h"

namespace certbridge::host {
namespace {

namespace json = boost::json;

json::object counts_object(const CountsByReason& counts) {
  json::object object;
  for (const auto& [reason, count] : counts) object[reason] = count;
  return object;
}

json::object end_object(const UsageEnd& end) {
  return {{"number", end.number}, {"hash", end.hash}};
}

json::object records_object(const UsageReport& report) {
  const UsageRecords& records = report.records;
  json::object object{{"first", end_object(records.first)}, {"last", end_object(records.last)}};
  object["counted"] = records.counted;
  if (!report.issuer.empty()) return object;
  object["inPeriod"] = records.records;
  object["notCounted"] = counts_object(records.not_counted);
  return object;
}

json::object library_object(const UsageReport& report, const UsageLibrary& library) {
  json::object object{{"library", library.library}, {"counted", library.counted}};
  if (!library.trouble.empty()) object["trouble"] = library.trouble;
  if (!report.issuer.empty()) return object;
  object["logged"] = library.logged;
  object["ours"] = library.ours;
  object["notCounted"] = counts_object(library.not_counted);
  return object;
}

json::object row_object(const UsageKey& key, std::uint64_t count) {
  return {{"period", key.period}, {"issuer", key.issuer},   {"unit", key.unit},
          {"type", key.type},     {"purpose", key.purpose}, {"source", key.source},
          {"kind", key.kind},     {"result", key.result},   {"count", count}};
}

}  // namespace

std::string write_usage_json(const UsageReport& report) {
  json::object root{{"report", "usage"},
                    {"form", 1},
                    {"node", report.node},
                    {"made", to_iso8601(report.made)},
                    {"from", report_day_text(report.period.first)},
                    {"to", report_day_text(report.period.last)},
                    {"by", to_word(report.step)}};
  if (!report.issuer.empty()) root["issuer"] = report.issuer;
  root["total"] = report.total(kOwnUses);
  root["totalOfLibraries"] = report.total(kLibraryUses);
  root["records"] = records_object(report);
  json::array libraries;
  for (const UsageLibrary& one : report.libraries) libraries.push_back(library_object(report, one));
  root["libraries"] = std::move(libraries);
  json::array rows;
  for (const auto& [key, count] : report.rows) rows.push_back(row_object(key, count));
  root["uses"] = std::move(rows);
  return json::serialize(root) + "\n";
}

}  // namespace certbridge::host

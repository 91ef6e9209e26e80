#include <algorithm>
#include <boost/json.hpp>

#include "observe/clock.h"
#include "reports/inspection.h"

namespace certbridge::host {
namespace {

namespace json = boost::json;

json::value cell_value(const InspectionCell& cell) {
  if (const auto* number = std::get_if<std::uint64_t>(&cell)) return *number;
  return json::value(std::get<std::string>(cell));
}

std::string cell_text(const InspectionCell& cell) {
  if (const auto* number = std::get_if<std::uint64_t>(&cell)) return std::to_string(*number);
  return std::get<std::string>(cell);
}

json::object section_object(const InspectionSection& section) {
  json::object object{
      {"name", section.name}, {"meaning", section.meaning}, {"found", section.found}};
  if (!section.remark.empty()) object["remark"] = section.remark;
  json::array rows;
  for (const auto& row : section.rows) {
    json::object named;
    for (std::size_t i = 0; i < row.size(); ++i) named[section.columns[i]] = cell_value(row[i]);
    rows.push_back(std::move(named));
  }
  object["rows"] = std::move(rows);
  return object;
}

std::vector<std::size_t> widths(const InspectionSection& section) {
  std::vector<std::size_t> widest;
  for (const std::string& column : section.columns) widest.push_back(column.size());
  for (const auto& row : section.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widest[i] = std::max(widest[i], cell_text(row[i]).size());
    }
  }
  return widest;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widest) {
  std::string line = " ";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += " " + cells[i];
    if (i + 1 < cells.size()) line += std::string(widest[i] - cells[i].size() + 1, ' ');
  }
  return line + "\n";
}

std::string section_text(const InspectionSection& section) {
  std::string text =
      "\n" + section.name + ": " + std::to_string(section.found) + "\n  " + section.meaning + "\n";
  if (!section.remark.empty()) text += "  (" + section.remark + ")\n";
  if (section.rows.empty()) return text;
  const auto widest = widths(section);
  text += line_of(section.columns, widest);
  for (const auto& row : section.rows) {
    std::vector<std::string> cells;
    cells.reserve(row.size());
    for (const InspectionCell& cell : row) cells.push_back(cell_text(cell));
    text += line_of(cells, widest);
  }
  return text;
}

}  // namespace

std::string write_inspection_json(const InspectionReport& report) {
  const auto end = [](const UsageEnd& one) {
    return json::object{{"number", one.number}, {"hash", one.hash}};
  };
  json::object root{{"report", "inspection"},
                    {"form", 1},
                    {"node", report.node},
                    {"made", to_iso8601(report.made)},
                    {"from", report_day_text(report.period.first)},
                    {"to", report_day_text(report.period.last)}};
  root["records"] = {{"first", end(report.records.first)},
                     {"last", end(report.records.last)},
                     {"inPeriod", report.records.records}};
  json::array sections;
  for (const InspectionSection& one : report.sections) sections.push_back(section_object(one));
  root["sections"] = std::move(sections);
  return json::serialize(root) + "\n";
}

std::string write_inspection_text(const InspectionReport& report) {
  std::string text = "Inspection of " + report.node + ", " + report_day_text(report.period.first) +
                     " to " + report_day_text(report.period.last) + "\nmade " +
                     to_iso8601(report.made) + ", " + std::to_string(report.records.records) +
                     " access records, " + std::to_string(report.records.first.number) + " to " +
                     std::to_string(report.records.last.number) + "\n";
  for (const InspectionSection& one : report.sections) text += section_text(one);
  return text;
}

InspectionSection overdue_objections(const std::vector<OverdueObjection>& overdue, bool known,
                                     std::size_t most) {
  NamedFindings found(most, {"overdue-objections",
                             "Objections and complaints that were not decided in time.",
                             0,
                             {"number", "kind", "state", "reviewer", "raised", "due"},
                             {},
                             known ? "" : "objections are not kept by this host"});
  for (const OverdueObjection& one : overdue) {
    found.add({one.number, one.kind, one.state, one.reviewer, to_iso8601(one.raised),
               to_iso8601(one.due)});
  }
  return found.take();
}

}  // namespace certbridge::host

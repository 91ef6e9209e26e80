#include "archive/print_page.h"

#include <boost/json.hpp>

namespace certbridge::host {
namespace {

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta http-equiv=\"Content-Security-Policy\" "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<style>@page{size:A4;margin:18mm}body{font:10.5pt serif}h1{font-size:15pt}"
    "h2{font-size:12pt;margin:6mm 0 1mm;break-after:avoid}"
    "table{border-collapse:collapse;width:100%;margin:1mm 0}tr{break-inside:avoid}"
    "td,th{border:.3mm solid #555;padding:1mm 2mm;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}"
    "th{font-weight:normal;background:#eee}.facts th{width:32%}</style>\n";

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string element(std::string_view name, std::string_view text) {
  return "<" + std::string(name) + ">" + escaped(text) + "</" + std::string(name) + ">";
}

std::string text_of(const boost::json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  return value.is_null() ? std::string() : boost::json::serialize(value);
}

std::string below(const std::string& place, std::string_view name) {
  return place.empty() ? std::string(name) : place + "." + std::string(name);
}

void add_rows(const std::string& place, const boost::json::value& value, PrintPage::Rows& rows) {
  if (const auto* array = value.if_array()) {
    for (const boost::json::value& one : *array) add_rows(place, one, rows);
    return;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return rows.push_back({place, text_of(value)});
  const auto* name = object->if_contains("name");
  const auto* text = object->if_contains("value");
  if (name != nullptr && text != nullptr && object->size() == 2) {
    return rows.push_back({text_of(*name), text_of(*text)});
  }
  for (const auto& [member, one] : *object) add_rows(below(place, member), one, rows);
}

}  // namespace

PrintPage::PrintPage(std::string_view title)
    : html_(std::string(kHead) + element("title", title) + "</head><body>\n" +
            element("h1", title) + "\n") {}

void PrintPage::heading(std::string_view text) { html_ += element("h2", text) + "\n"; }

void PrintPage::line(std::string_view text) { html_ += element("p", text) + "\n"; }

void PrintPage::facts(const Rows& rows) {
  html_ += "<table class=\"facts\">\n";
  for (const auto& [name, value] : rows) {
    if (value.empty()) continue;
    html_ += "<tr>" + element("th", name) + element("td", value) + "</tr>\n";
  }
  html_ += "</table>\n";
}

void PrintPage::table(const std::vector<std::vector<std::string>>& rows) {
  html_ += "<table>\n";
  for (const auto& row : rows) {
    html_ += "<tr>";
    for (const std::string& cell : row) html_ += element(&row == &rows.front() ? "th" : "td", cell);
    html_ += "</tr>\n";
  }
  html_ += "</table>\n";
}

std::string PrintPage::finish() {
  html_ += "</body></html>\n";
  return std::move(html_);
}

PrintPage::Rows rows_of_members(std::string_view members) {
  boost::system::error_code problem;
  const auto json = boost::json::parse("{" + std::string(members) + "}", problem);
  PrintPage::Rows rows;
  if (!problem) add_rows({}, json, rows);
  return rows;
}

}  // namespace certbridge::host

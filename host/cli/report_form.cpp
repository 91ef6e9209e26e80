#include "cli/report_form.h"

#include "certbridge/query.h"
#include "certbridge/uses.h"
#include "cli/ask_endpoint.h"

namespace certbridge::host {
namespace {

constexpr std::uint64_t kLargestForm = 64UL << 20;

Result<std::string> responder_for(const Configuration& configuration, const std::string& library) {
  for (const ReconcileCounterpart& one : configuration.reconcile.counterparts) {
    if (library.empty() || one.deliveries == library) return one.books;
  }
  return Error::permanent("report.library",
                          "<reconcile> names no such library: give --library with the name of a "
                          "sink that one of its counterparts speaks for");
}

Result<std::string> form_of(const LoadedConfiguration& loaded, const std::string& responder,
                            const std::vector<UsageRow>& rows) {
  Message question;
  question.type = kUsageForm;
  question.media_type = kQueryMediaType;
  question.body = content_of(write_usage_rows(rows));
  const auto answer = ask_endpoint(loaded, responder, question);
  if (!answer) return answer.error();
  return read_all(*answer.value().body, kLargestForm);
}

}  // namespace

Result<std::string> usage_form(const LoadedConfiguration& loaded, const std::string& library,
                               const UsageReport& report) {
  const auto responder = responder_for(loaded.configuration, library);
  if (!responder) return responder.error();
  std::string lines;
  std::vector<UsageRow> rows;
  for (auto at = report.rows.begin(); at != report.rows.end();) {
    const auto& [key, count] = *at;
    rows.push_back({key.period, key.issuer, key.unit, key.type, key.purpose, key.source, key.kind,
                    key.result, std::to_string(count)});
    if (++at != report.rows.end() && rows.size() < kMostOfAUsesPage) continue;
    auto form = form_of(loaded, responder.value(), rows);
    if (!form) return form.error();
    lines += form.value() + "\n";
    rows.clear();
  }
  return lines;
}

}  // namespace certbridge::host

// certbridge access export: records of a period, or of what they are about, as a file.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "access/records/access_reader.h"
#include "cli/access_export.h"
#include "cli/access_question.h"
#include "cli/access_screen.h"
#include "cli/admission.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostFoundRecords = 100'000;  // that are about somebody or something
constexpr std::size_t kExportPage = 1000;

Result<void> add_period(const AccessContext& context, const AccessQuestion& question,
                        AccessExport& file) {
  const auto reader = AccessReader::open(context.settings.folder, context.settings.node,
                                         context.settings.master_key);
  if (!reader) return reader.error();
  const auto from = question.from ? reader.value()->begin_of(*question.from) : 1;
  if (!from) return from.error();
  return reader.value()->each(from.value(), [&](const ReadAccess& access) {
    if (question.until && access.written >= *question.until) return false;
    if (!question.from || access.written >= *question.from) file.add(access);
    return true;
  });
}

// The index gives the newest first, and a file has the oldest first.
Result<void> add_found(const AccessContext& context, AccessQuestion question, AccessExport& file) {
  const auto index = filled_index(context);
  if (!index) return index.error();
  question.limit = kExportPage;
  std::vector<ReadAccess> all;
  do {
    auto page = index.value()->find(question);
    if (!page) return page.error();
    std::move(page.value().found.begin(), page.value().found.end(), std::back_inserter(all));
    question.before = page.value().next;
    if (all.size() > kMostFoundRecords) {
      return Error::permanent("export.too_many",
                              "more than 100000 records: give --from and --until");
    }
  } while (question.before > 0);
  std::for_each(all.rbegin(), all.rend(), [&](const ReadAccess& access) { file.add(access); });
  return {};
}

std::string about_of(const AccessQuestion& question, const ExportTotals& totals, bool unmasked) {
  std::string about = std::to_string(totals.records) + " access records";
  if (!question.terms.empty()) about += " of one subject";
  if (question.from) about += " from " + to_iso8601(*question.from);
  if (question.until) about += " until " + to_iso8601(*question.until);
  return about + (unmasked ? ", personal values too" : ", without personal values");
}

OperatorWish wish_of(const Arguments& given, const AccessQuestion& question,
                     const ExportTotals& totals) {
  OperatorWish wish;
  wish.kind = AccessKind::kExport;
  wish.about = about_of(question, totals, given.unmask);
  wish.digest.assign(totals.file.begin(), totals.file.end());
  for (const auto& [kind, value] : question.terms) {
    if (kind == AccessTerm::kHolder) wish.holder = value;
    if (kind == AccessTerm::kCertificate) wish.number = value;
  }
  return wish;
}

Result<void> write_totals(const std::string& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (stream) return {};
  return Error::permanent("export.file", file + ": cannot be written");
}

// The file gets its name once its record is durable.
int lay_out(const std::string& part, const std::string& output, const ExportTotals& totals,
            const AccessContext& context, std::uint64_t record, Screen& out, Screen& problems) {
  std::error_code problem;
  std::filesystem::rename(part, output, problem);
  if (problem) {
    problems.line(output + ": " + problem.message(), Tone::kBad);
    return kExitNotFound;
  }
  const std::string name = std::filesystem::path(output).filename().string();
  const auto written = write_totals(output + ".totals.json",
                                    totals_json(totals, context.settings.node, name, record));
  if (!written) return access_failed(written.error(), problems);
  out.line(output + ": " + std::to_string(totals.records) + " records, " +
               std::to_string(totals.bytes) + " bytes, SM3 " + to_hex(totals.file) +
               "; recorded as " + std::to_string(record),
           Tone::kGood);
  return kExitOk;
}

std::optional<ExportForm> form_of(const std::string& output) {
  const std::string ending = std::filesystem::path(output).extension().string();
  if (ending == ".jsonl") return ExportForm::kJsonLines;
  if (ending == ".csv") return ExportForm::kCsv;
  return {};
}

Result<ExportTotals> write_part(const AccessContext& context, const AccessQuestion& question,
                                AccessExport& file) {
  if (auto opened = file.open(); !opened) return opened.error();
  const auto added = question.terms.empty() ? add_period(context, question, file)
                                            : add_found(context, question, file);
  if (!added) return added.error();
  return file.finish();
}

int export_records(const Arguments& given, const AccessQuestion& question, ExportForm form,
                   const AccessContext& context, Screen& out, Screen& problems) {
  const std::string part = given.output + ".part";
  AccessExport file(part, form, given.unmask);
  const auto totals = write_part(context, question, file);
  if (!totals) {
    if (totals.error().code != "export.file") ::unlink(part.c_str());
    return access_failed(totals.error(), problems);
  }
  std::uint64_t record = 0;
  if (const auto code = admit(given, wish_of(given, question, totals.value()), problems, record)) {
    ::unlink(part.c_str());
    return *code;
  }
  return lay_out(part, given.output, totals.value(), context, record, out, problems);
}

}  // namespace

int access_export_command(const Arguments& arguments, Screen& out, Screen& problems) {
  const auto form = form_of(arguments.output);
  if (!form) {
    problems.line("--output names a file that ends in .jsonl or .csv", Tone::kBad);
    return kExitUsage;
  }
  Arguments given = arguments;
  AccessQuestion question;
  if (const auto code = read_question(given, question, problems)) return *code;
  for (const std::string& file : {arguments.output, arguments.output + ".totals.json"}) {
    if (::access(file.c_str(), F_OK) != 0) continue;
    problems.line(file + " is there already", Tone::kBad);
    return kExitUsage;
  }
  AccessContext context;
  if (const auto code = access_context(arguments, problems, context)) return *code;
  return export_records(given, question, *form, context, out, problems);
}

}  // namespace certbridge::host

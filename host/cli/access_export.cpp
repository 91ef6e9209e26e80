#include "cli/access_export.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "cli/access_screen.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kWritten = 256UL * 1024;  // bytes at a time

Error file_error(const std::string& file) {
  return Error::permanent("export.file", file + ": " + std::strerror(errno));
}

// RFC 4180. What a spreadsheet would take for a formula is kept from being one.
std::string csv_cell(const std::string& value) {
  const bool formula = !value.empty() && std::strchr("=+-@\t\r", value.front()) != nullptr;
  std::string text = (formula ? "'" : "") + value;
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char character : text) {
    quoted += character;
    if (character == '"') quoted += character;
  }
  return quoted + "\"";
}

std::string json_line(const std::vector<RecordMember>& members) {
  boost::json::object object;
  for (const RecordMember& member : members) object[member.name] = member.value;
  return boost::json::serialize(object) + "\n";
}

std::string csv_line(const std::vector<RecordMember>& members, bool names) {
  std::string line;
  for (const RecordMember& member : members) {
    line += (line.empty() ? "" : ",") + csv_cell(names ? member.name : member.value);
  }
  return line + "\r\n";
}

std::vector<RecordMember> exported(const ReadAccess& access, bool unmasked) {
  std::vector<RecordMember> members = members_of(access);
  if (!unmasked) std::erase_if(members, [](const RecordMember& one) { return one.personal; });
  return members;
}

std::string_view bytes_of(const Sm3Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

AccessExport::AccessExport(std::string file, ExportForm form, bool unmasked)
    : file_(std::move(file)), form_(form), unmasked_(unmasked) {}

AccessExport::~AccessExport() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> AccessExport::open() {
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor_ < 0) return file_error(file_);
  if (form_ == ExportForm::kCsv) write(csv_line(exported(ReadAccess{}, unmasked_), true));
  return {};
}

void AccessExport::add(const ReadAccess& access) {
  const auto members = exported(access, unmasked_);
  write(form_ == ExportForm::kCsv ? csv_line(members, false) : json_line(members));
  ++totals_.records;
  ++(access.record.decision == AccessDecision::kAllowed ? totals_.allowed : totals_.denied);
  ++totals_.by_kind[to_text(access.record.kind)];
  if (totals_.first == 0) totals_.first = access.place.number;
  totals_.last = access.place.number;
  totals_.last_hash = access.place.hash;
  hashes_.add(bytes_of(access.place.hash));
}

void AccessExport::write(const std::string& line) {
  bytes_.add(line);
  totals_.bytes += line.size();
  waiting_ += line;
  while (waiting_.size() >= kWritten && !failed_) {
    const auto written = ::write(descriptor_, waiting_.data(), waiting_.size());
    failed_ = written < 0 && errno != EINTR;
    if (written > 0) waiting_.erase(0, static_cast<std::size_t>(written));
  }
}

Result<ExportTotals> AccessExport::finish() {
  while (!waiting_.empty() && !failed_) {
    const auto written = ::write(descriptor_, waiting_.data(), waiting_.size());
    failed_ = written < 0 && errno != EINTR;
    if (written > 0) waiting_.erase(0, static_cast<std::size_t>(written));
  }
  if (failed_ || ::fsync(descriptor_) != 0) return file_error(file_);
  totals_.hashes = hashes_.finish();
  totals_.file = bytes_.finish();
  return totals_;
}

std::string totals_json(const ExportTotals& totals, const std::string& node,
                        const std::string& file_name, std::uint64_t record) {
  boost::json::object kinds;
  for (const auto& [kind, count] : totals.by_kind) kinds[kind] = count;
  return boost::json::serialize(boost::json::object{{"node", node},
                                                    {"file", file_name},
                                                    {"bytes", totals.bytes},
                                                    {"sm3", to_hex(totals.file)},
                                                    {"records", totals.records},
                                                    {"allowed", totals.allowed},
                                                    {"denied", totals.denied},
                                                    {"kinds", std::move(kinds)},
                                                    {"first", totals.first},
                                                    {"last", totals.last},
                                                    {"lastHash", to_hex(totals.last_hash)},
                                                    {"hashes", to_hex(totals.hashes)},
                                                    {"record", record}}) +
         "\n";
}

}  // namespace certbridge::host

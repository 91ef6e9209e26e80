#include "access/records/archive.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include "access/records/disk_error.h"
#include "access/records/renewal.h"
#include "access/records/segment_file.h"
#include "access/records/verify_log.h"
#include "search/search_folder.h"

namespace certbridge::host {
namespace {

namespace files = std::filesystem;

constexpr int kFewestYears = 10;

Failure altered(const std::string& folder, const AccessVerification& verified) {
  const AccessFinding& first = verified.findings.front();
  return Failure(
      Error::fault("access.altered", folder + " is not as it was written: " + first.file + " at " +
                                         std::to_string(first.at) + ": " + first.what));
}

void require_whole(const std::string& folder, const std::vector<CheckingKey>& keys) {
  const auto verified = verify_access_log(folder, keys, {});
  if (!verified) throw Failure(verified.error());
  if (!verified.value().ok()) throw altered(folder, verified.value());
}

void sync_file_at(const files::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced) throw disk_error(path.string());
}

// Under another name until it is whole.
void copy_durably(const files::path& from, const files::path& to) {
  const files::path part = to.string() + ".part";
  std::error_code problem;
  files::copy_file(from, part, files::copy_options::overwrite_existing, problem);
  if (problem) {
    errno = problem.value();
    throw disk_error(to.string());
  }
  sync_file_at(part);
  files::rename(part, to, problem);
  if (problem) throw disk_error(to.string());
  sync_access_folder(to.parent_path().string());
}

void copy_if_missing(const files::path& from, const files::path& to) {
  if (files::exists(from) && !files::exists(to)) copy_durably(from, to);
}

void make_folder(const files::path& path) {
  std::error_code problem;
  files::create_directories(path, problem);
  if (problem) {
    errno = problem.value();
    throw disk_error(path.string());
  }
}

void copy_renewals(const std::string& from, const std::string& to) {
  std::error_code none;
  if (!files::exists(from + "/renewals")) return;
  make_folder(to + "/renewals");
  for (const auto& entry : files::directory_iterator(from + "/renewals", none)) {
    if (entry.path().extension() != ".renewal") continue;
    copy_if_missing(entry.path(), files::path(to) / "renewals" / entry.path().filename());
  }
}

void copy_keys(const SegmentFolder& from, const SegmentFolder& to) {
  std::set<std::string> months;
  for (const std::string& segment : to.segments()) months.insert(month_in(segment));
  for (const std::string& month : months)
    copy_if_missing(from.keys_file(month), to.keys_file(month));
}

ArchiveReport copy_segments(const SegmentFolder& from, const SegmentFolder& to,
                            const std::vector<std::string>& segments) {
  ArchiveReport report;
  for (const std::string& segment : segments) {
    copy_durably(from.segment_file(segment), to.segment_file(segment));
    report.segments.push_back(segment);
    report.bytes += files::file_size(to.segment_file(segment));
  }
  copy_renewals(from.path(), to.path());
  copy_keys(from, to);
  return report;
}

bool is_same(const RenewedSegment& left, const RenewedSegment& right) {
  return left.first == right.first && left.last == right.last && left.bytes == right.bytes &&
         left.sm3 == right.sm3 && left.sha256 == right.sha256;
}

bool is_old_enough(const std::string& month, int years, Timestamp now) {
  const auto end = std::chrono::floor<std::chrono::days>(end_of_month(month));
  const std::chrono::year_month_day day{end};
  return std::chrono::sys_days{day + std::chrono::years(years)} <= now;
}

template <class Work>
Result<ArchiveReport> guarded(const Work& work) {
  try {
    return work();
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace

Result<ArchiveReport> archive_access_log(const std::string& folder, const std::string& into,
                                         const std::string& node, Timestamp now,
                                         const SignatureKey& key,
                                         const std::vector<CheckingKey>& keys) {
  return guarded([&]() -> ArchiveReport {
    if (files::exists(into)) {
      throw Failure(
          Error::permanent("access.exists", into + " is there already; name another folder"));
    }
    require_whole(folder, keys);
    const SegmentFolder from(folder), to(into);
    make_renewal(from, node, now, key);
    auto segments = from.segments();
    segments.pop_back();
    make_folder(into);
    ArchiveReport report = copy_segments(from, to, segments);
    require_whole(into, keys);
    return report;
  });
}

Result<ArchiveReport> import_access_archive(const std::string& archive, const std::string& folder,
                                            const std::vector<CheckingKey>& keys) {
  return guarded([&]() -> ArchiveReport {
    require_whole(archive, keys);
    const SegmentFolder from(archive), to(folder);
    std::vector<std::string> missing;
    for (const std::string& segment : from.segments()) {
      if (!files::exists(to.segment_file(segment))) {
        missing.push_back(segment);
      } else if (!is_same(renewed(from, segment), renewed(to, segment))) {
        throw Failure(Error::permanent(
            "access.differs", "segment " + segment + " is in " + folder + " with another content"));
      }
    }
    make_folder(folder);
    return copy_segments(from, to, missing);
  });
}

Result<ArchiveReport> remove_archived_segments(const std::string& folder,
                                               const std::string& archive, int years, Timestamp now,
                                               const std::vector<CheckingKey>& keys) {
  return guarded([&]() -> ArchiveReport {
    if (years < kFewestYears) {
      throw Failure(
          Error::permanent("access.too_young", "records are kept for ten years at least"));
    }
    require_whole(archive, keys);
    const SegmentFolder here(folder), there(archive);
    auto segments = here.segments();
    if (!segments.empty()) segments.pop_back();  // it is written to
    ArchiveReport report;
    for (const std::string& segment : segments) {
      if (!is_old_enough(month_in(segment), years, now)) break;
      if (!files::exists(there.segment_file(segment))) break;
      const RenewedSegment own = renewed(here, segment);
      if (!is_same(own, renewed(there, segment))) break;
      copy_renewals(archive, folder);
      files::remove(here.segment_file(segment));
      report.segments.push_back(segment);
      report.bytes += own.bytes;
      const auto left = here.segments();
      if (month_in(left.front()) != month_in(segment))
        files::remove(here.keys_file(month_in(segment)));
    }
    sync_access_folder(folder);
    return report;
  });
}

}  // namespace certbridge::host

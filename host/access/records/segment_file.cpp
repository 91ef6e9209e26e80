#include "access/records/segment_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "access/records/disk_error.h"
#include "journal/seeded_fault.h"
#include "journal/stop_point.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kZeros = 1 << 20;

}  // namespace

std::unique_ptr<SegmentFile> SegmentFile::make(const std::string& path, std::string_view first,
                                               std::uint64_t room) {
  const std::string part = path + ".part";
  const int file = ::open(part.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) throw disk_error(part);
  std::unique_ptr<SegmentFile> made(new SegmentFile(path, file));
  try {
    made->write_at(0, first);
    made->end_ = first.size();
    made->write_zeros(first.size(), first.size() + room);
    made->size_ = first.size() + room;
    made->sync();
    stop_point("access.segment_made");
    if (std::rename(part.c_str(), path.c_str()) != 0) throw disk_error(part);
    sync_access_folder(std::filesystem::path(path).parent_path().string());
  } catch (const Failure&) {
    ::unlink(part.c_str());
    throw;
  }
  return made;
}

std::unique_ptr<SegmentFile> SegmentFile::open(const std::string& path, std::uint64_t end) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) throw disk_error(path);
  std::unique_ptr<SegmentFile> opened(new SegmentFile(path, file));
  struct stat found {};
  if (::fstat(file, &found) != 0) throw disk_error(path);
  opened->end_ = end;
  opened->size_ = std::max(end, static_cast<std::uint64_t>(found.st_size));
  opened->write_zeros(end, opened->size_);
  opened->sync();
  return opened;
}

SegmentFile::~SegmentFile() { ::close(file_); }

void SegmentFile::write_at(std::uint64_t offset, std::string_view bytes) {
  write_all_at(file_, offset, bytes, path_);
}

void SegmentFile::write_zeros(std::uint64_t from, std::uint64_t until) {
  const std::string zeros(std::min<std::uint64_t>(kZeros, until - from), '\0');
  while (from < until) {
    const std::uint64_t size = std::min<std::uint64_t>(zeros.size(), until - from);
    write_at(from, std::string_view(zeros).substr(0, size));
    from += size;
  }
}

void SegmentFile::sync() {
  if (::fdatasync(file_) != 0) throw disk_error(path_);
}

void SegmentFile::take_room(std::uint64_t bytes) {
  try {
    write_zeros(size_, size_ + bytes);
    sync();
    size_ += bytes;
  } catch (const Failure&) {
    // Half of it would take the room that others still have.
    if (::ftruncate(file_, static_cast<off_t>(size_)) != 0) size_ = std::max(size_, end_);
    throw;
  }
}

// Whatever failed before is written anew as well: after a sync that failed nobody knows what the
// disk has of it.
void SegmentFile::append(std::string_view bytes) {
  const std::uint64_t after = end_ + bytes.size();
  const std::uint64_t until = std::max(after, dirty_);
  dirty_ = until;
  write_at(end_, bytes);
  write_zeros(after, until);
  stop_point("access.before_sync");
  if (!seeded_fault("access_not_synced")) sync();
  stop_point("access.after_sync");
  end_ = after;
  dirty_ = after;
}

void SegmentFile::finish() {
  if (::ftruncate(file_, static_cast<off_t>(end_)) != 0) throw disk_error(path_);
  size_ = end_;
  sync();
}

void sync_access_folder(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0) ::close(file);
  errno = why;
  if (!synced) throw disk_error(folder);
}

}  // namespace certbridge::host

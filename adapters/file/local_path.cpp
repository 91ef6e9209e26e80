#include "local_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace certbridge::file {
namespace {

constexpr int kJustThere = O_PATH | O_DIRECTORY | O_CLOEXEC;

Error is_link(const std::string& path) {
  return Error::fault("file.link", path +
                                       " is a link, which could lead anywhere; make it a folder, "
                                       "or name the place as an absolute path");
}

bool is_link_in(int folder, const std::string& name) {
  struct stat found {};
  return ::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISLNK(found.st_mode);
}

// Into the folders that `path` names one after the other.
Result<Descriptor> descend(Descriptor folder, std::string_view path) {
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string part(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty()) continue;
    Descriptor next(::openat(folder.number(), part.c_str(), kJustThere | O_NOFOLLOW));
    if (next.number() < 0) {
      const int problem = errno;
      if (is_link_in(folder.number(), part)) return is_link(part);
      return system_error(problem, "open the folder", part);
    }
    folder = std::move(next);
  }
  return folder;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = other.number_;
    other.number_ = -1;
  }
  return *this;
}

Descriptor::~Descriptor() { close(); }

int Descriptor::release() { return std::exchange(number_, -1); }

bool Descriptor::close() {
  const int number = release();
  return number < 0 || ::close(number) == 0;
}

Error no_such_file(const std::string& path) {
  return Error::retryable("file.absent", "there is no file " + path);
}

Error no_folder_for(const std::string& path) {
  return Error::fault("file.no_folder",
                      "there is no folder for " + path + "; make it, or correct the path");
}

Result<void> write_all(int file, const std::string& path, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(errno, "write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Error system_error(int problem, const std::string& doing, const std::string& path) {
  const std::string why =
      "cannot " + doing + " " + path + ": " + std::generic_category().message(problem);
  switch (problem) {
    case ENOENT:
    case ENOTDIR:
      return no_such_file(path);
    case EACCES:
    case EPERM:
    case EROFS:
      return Error::fault("file.permission", why);
    case ENOSPC:
    case EDQUOT:
      return Error::retryable("file.disk_full", why);
    case EEXIST:
    case ENOTEMPTY:
      return Error::retryable("file.exists", "there is a file " + path + " already");
    case EXDEV:
      return Error::fault("file.cross_device",
                          why + "; folders between which files are moved lie on one file system");
    default:
      return Error::retryable("file.failed", why);
  }
}

Result<Spot> find_spot(const std::string& base, const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string before = slash == std::string::npos ? std::string() : path.substr(0, slash);
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  const bool absolute = path.starts_with('/');
  const std::string start = absolute ? before + "/" : base;
  Descriptor folder(::open(start.c_str(), kJustThere));
  if (folder.number() < 0) return system_error(errno, "open the folder", start);
  if (path.empty()) return Spot{std::move(folder), "."};
  if (absolute) return Spot{std::move(folder), name};
  auto last = descend(std::move(folder), before);
  if (!last) return last.error();
  return Spot{std::move(last).value(), name};
}

}  // namespace certbridge::file

#include "local_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "digest.h"
#include "growing_copy.h"
#include "local_path.h"

namespace certbridge::file {
namespace {

constexpr std::size_t kPiece = 64UL * 1024;
constexpr int kFolderMode = 0750;
constexpr std::size_t kDigestInCopyName = 32;  // hexadecimal characters

// The same for every try to move this file: what a stop left is written over by the next. No file
// that is put away has a name that begins with a dot.
std::string copy_name(const std::string& from) {
  Digest digest(DigestKind::kSm3);
  digest.add(std::as_bytes(std::span(from)));
  return ".copying-" + digest.hex().substr(0, kDigestInCopyName);
}

class LocalFolder final : public Folder {
 public:
  LocalFolder(std::string base, MoveObserver observer)
      : base_(std::move(base)), observer_(std::move(observer)) {}

  Result<void> list(const std::string& path, const Visit& visit, const Call& call) override {
    auto opened = open_folder(path, "list");
    if (!opened) return opened.error();
    DIR* folder = ::fdopendir(opened.value().number());
    if (folder == nullptr) return system_error(errno, "list", place(path));
    opened.value().release();
    auto listed = visit_all(*folder, path, visit, call);
    ::closedir(folder);
    return listed;
  }

  Result<std::optional<FileState>> state(const std::string& path, const Call& call) override {
    if (auto wanted = still_wanted(call); !wanted) return wanted.error();
    const auto spot = find_spot(base_, path);
    if (!spot && spot.error().code == "file.absent") return std::optional<FileState>();
    if (!spot) return spot.error();
    struct stat found {};
    if (::fstatat(spot.value().folder.number(), spot.value().name.c_str(), &found,
                  AT_SYMLINK_NOFOLLOW) == 0)
      return std::optional(state_of(found));
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<FileState>();
    return system_error(errno, "look at", path);
  }

  Result<void> read(const std::string& path, const Take& take, const Call& call) override {
    const auto spot = find_spot(base_, path);
    if (!spot) return spot.error();
    // A pipe that somebody put there must not hold us up, a link must not lead us elsewhere.
    const Descriptor file(::openat(spot.value().folder.number(), spot.value().name.c_str(),
                                   O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.number() < 0) {
      if (errno == ELOOP) return no_such_file(path);
      return system_error(errno, "open", path);
    }
    struct stat found {};
    if (::fstat(file.number(), &found) != 0) return system_error(errno, "look at", path);
    if (!S_ISREG(found.st_mode)) return no_such_file(path);
    std::array<std::byte, kPiece> piece{};
    while (true) {
      if (auto wanted = still_wanted(call); !wanted) return wanted.error();
      const ssize_t got = ::read(file.number(), piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return system_error(errno, "read", path);
      if (got == 0) return {};
      if (auto taken = take({piece.data(), static_cast<std::size_t>(got)}); !taken)
        return taken.error();
    }
  }

  Result<void> write(const std::string& path, const Content& content, const Call& call) override {
    return create(path, [&](int file) { return fill(file, path, content, call); });
  }

  Result<void> rename(const std::string& from, const std::string& to, const Call& call) override {
    if (auto wanted = still_wanted(call); !wanted) return wanted.error();
    const auto source = find_spot(base_, from);
    if (!source) return source.error();
    const auto target = find_spot(base_, to);
    if (!target && target.error().code == "file.absent") return absent_of(from, to, call);
    if (!target) return target.error();
    const int problem = rename_in(source.value(), target.value());
    if (problem == 0) return {};
    if (problem == EEXIST) return system_error(problem, "rename", to);
    if (problem == ENOENT) return absent_of(from, to, call);
    return system_error(problem, "rename " + from + " to", to);
  }

  Result<void> move(const std::string& from, const std::string& to, const std::string& by_way_of,
                    const Call& call) override {
    auto renamed = rename(from, to, call);
    if (renamed || renamed.error().code != "file.cross_device") return renamed;
    // Where the file systems differ the names were not looked at.
    const auto there = state(from, call);
    if (!there) return there.error();
    if (!there.value()) return no_such_file(from);
    const auto taken = state(to, call);
    if (!taken) return taken.error();
    if (taken.value()) return system_error(EEXIST, "rename", to);
    return move_by_copy(from, to, joined(by_way_of, copy_name(place(from))), call);
  }

  Result<void> sync(const std::string& path, const Call& call) override {
    if (auto wanted = still_wanted(call); !wanted) return wanted.error();
    const auto folder = open_folder(path, "open");
    if (!folder) return folder.error();
    if (::fsync(folder.value().number()) != 0) return system_error(errno, "sync", place(path));
    return {};
  }

  Result<void> remove(const std::string& path, const Call& call) override {
    if (auto wanted = still_wanted(call); !wanted) return wanted.error();
    const auto spot = find_spot(base_, path);
    if (!spot && spot.error().code == "file.absent") return {};
    if (!spot) return spot.error();
    if (::unlinkat(spot.value().folder.number(), spot.value().name.c_str(), 0) == 0 ||
        errno == ENOENT)
      return {};
    return system_error(errno, "remove", path);
  }

  Result<void> remove_folder(const std::string& path, const Call& call) override {
    if (auto wanted = still_wanted(call); !wanted) return wanted.error();
    const auto spot = find_spot(base_, path);
    if (!spot && spot.error().code == "file.absent") return {};
    if (!spot) return spot.error();
    if (::unlinkat(spot.value().folder.number(), spot.value().name.c_str(), AT_REMOVEDIR) == 0 ||
        errno == ENOENT)
      return {};
    return system_error(errno, "remove the folder", path);
  }

  Result<void> make(const std::string& path, const Call& call) override {
    if (auto wanted = still_wanted(call); !wanted) return wanted.error();
    const auto spot = find_spot(base_, path);
    if (!spot && spot.error().code == "file.absent") return no_folder_for(path);
    if (!spot) return spot.error();
    if (::mkdirat(spot.value().folder.number(), spot.value().name.c_str(), kFolderMode) == 0)
      return is_elsewhere(spot.value()) ? sync(folder_of(path), call) : Result<void>();
    if (errno != EEXIST) return system_error(errno, "make the folder", path);
    // Something is there: a folder, or what may not stand in its place.
    const auto opened = open_folder(path, "open");
    if (!opened) return opened.error();
    return {};
  }

  void close() override {}

 private:
  std::string place(const std::string& path) const {
    if (path.empty()) return base_;
    return path.starts_with('/') ? path : base_ + "/" + path;
  }

  // Whether it lies on another file system than the base: there nothing orders it before the
  // removal of what is copied into it.
  bool is_elsewhere(const Spot& spot) const {
    struct stat there {};
    struct stat here {};
    return ::fstat(spot.folder.number(), &there) != 0 || ::stat(base_.c_str(), &here) != 0 ||
           there.st_dev != here.st_dev;
  }

  // For reading and for fsync(); a link below the base is not followed.
  Result<Descriptor> open_folder(const std::string& path, const char* doing) const {
    auto spot = find_spot(base_, path);
    if (!spot && spot.error().code == "file.absent") return no_folder(path);
    if (!spot) return spot.error();
    const int links = path.empty() || path.starts_with('/') ? 0 : O_NOFOLLOW;
    Descriptor folder(::openat(spot.value().folder.number(), spot.value().name.c_str(),
                               O_RDONLY | O_DIRECTORY | O_CLOEXEC | links));
    if (folder.number() >= 0) return folder;
    const int problem = errno;
    if (links != 0 && (problem == ENOTDIR || problem == ELOOP)) return no_plain_folder(path);
    if (problem == ENOENT || problem == ENOTDIR) return no_folder(path);
    return system_error(problem, doing, place(path));
  }

  Error no_folder(const std::string& path) const {
    return Error::fault("file.no_folder", "there is no folder " + place(path));
  }
  Error no_plain_folder(const std::string& path) const {
    return Error::fault("file.link", place(path) +
                                         " is a link or a file and not a folder; make it one, or "
                                         "name the place as an absolute path");
  }

  // The problem's number; 0 when it is done.
  static int rename_in(const Spot& from, const Spot& to) {
    if (::renameat2(from.folder.number(), from.name.c_str(), to.folder.number(), to.name.c_str(),
                    RENAME_NOREPLACE) == 0)
      return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    // A file system that cannot refuse in one step: a second name is given, then the first taken.
    const bool done = ::linkat(from.folder.number(), from.name.c_str(), to.folder.number(),
                               to.name.c_str(), 0) == 0 &&
                      ::unlinkat(from.folder.number(), from.name.c_str(), 0) == 0;
    return done ? 0 : errno;
  }

  static FileState state_of(const struct stat& found) {
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    return {static_cast<std::uint64_t>(found.st_size),
            found.st_mtim.tv_sec * kNanoseconds + found.st_mtim.tv_nsec, S_ISREG(found.st_mode)};
  }

  static Result<void> visit_all(DIR& folder, const std::string& path, const Visit& visit,
                                const Call& call) {
    while (true) {
      if (auto wanted = still_wanted(call); !wanted) return wanted.error();
      errno = 0;
      const dirent* entry = ::readdir(&folder);
      if (entry == nullptr && errno != 0) return system_error(errno, "list", path);
      if (entry == nullptr) return {};
      const std::string_view name(entry->d_name);
      if (name != "." && name != ".." && !visit(name)) return {};
    }
  }

  // A new file that `fill_file` fills, durable.
  template <class FillFile>
  Result<void> create(const std::string& path, const FillFile& fill_file) {
    // A pipe under this name must not hold us up, nor take the bytes away.
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const auto spot = find_spot(base_, path);
    if (!spot && spot.error().code == "file.absent") return no_folder_for(path);
    if (!spot) return spot.error();
    Descriptor file(
        ::openat(spot.value().folder.number(), spot.value().name.c_str(), flags, kFileMode));
    if (file.number() < 0 && errno == ENOENT) return no_folder_for(path);
    if (file.number() < 0) return system_error(errno, "create", path);
    struct stat made {};
    if (::fstat(file.number(), &made) != 0) return system_error(errno, "look at", path);
    if (!S_ISREG(made.st_mode)) return system_error(EEXIST, "create", path);
    if (auto filled = fill_file(file.number()); !filled) return filled;
    if (::fsync(file.number()) != 0) return system_error(errno, "sync", path);
    if (!file.close()) return system_error(errno, "close", path);
    return {};
  }

  // Whoever stops anywhere in here leaves the file under one of its names at least, whole and
  // durable.
  Result<void> move_by_copy(const std::string& from, const std::string& to, const std::string& part,
                            const Call& call) {
    auto copy = GrowingCopy::begin(base_, part);
    if (!copy) return copy.error();
    reached("copy-begun");
    auto named = fill_copy(copy.value(), from, call);
    if (named) named = rename(part, to, call);
    if (!named) {
      copy.value().give_up();
      return named;
    }
    reached("copy-named");
    for (const std::string& folder : {folder_of(part), folder_of(to)}) {
      if (auto synced = sync(folder, call); !synced) return synced;
    }
    reached("copy-durable");
    if (auto removed = remove(from, call); !removed) return removed;
    reached("original-removed");
    return {};
  }

  Result<void> fill_copy(GrowingCopy& copy, const std::string& from, const Call& call) {
    const auto add = [&](std::span<const std::byte> bytes) {
      auto added = copy.add(bytes);
      if (added) reached("half-copied");
      return added;
    };
    if (auto copied = read(from, add, call); !copied) return copied;
    reached("copied");
    if (auto finished = copy.finish(); !finished) return finished;
    reached("copy-synced");
    return {};
  }

  void reached(const char* step) const {
    if (observer_) observer_(step);
  }

  static Result<void> fill(int file, const std::string& path, const Content& content,
                           const Call& call) {
    std::vector<std::byte> piece(kPiece);
    for (std::uint64_t at = 0; at < content.size();) {
      if (auto wanted = still_wanted(call); !wanted) return wanted.error();
      auto got = content.read(at, piece);
      if (!got) return got.error();
      if (got.value() == 0)
        return Error::retryable("content.damaged", "the stored content ends too early");
      if (auto written = write_all(file, path, std::span(piece).first(got.value())); !written)
        return written;
      at += got.value();
    }
    return {};
  }

  // Which of the two was missing: the file, or the folder that it was to go to.
  Error absent_of(const std::string& from, const std::string& to, const Call& call) {
    auto found = state(from, call);
    if (!found) return found.error();
    if (!found.value()) return no_such_file(from);
    return no_folder_for(to);
  }

  std::string base_;
  MoveObserver observer_;
};

}  // namespace

std::unique_ptr<Folder> open_local_folder(std::string base) {
  return std::make_unique<LocalFolder>(std::move(base), MoveObserver());
}

std::unique_ptr<Folder> open_watched_folder(std::string base, MoveObserver observer) {
  return std::make_unique<LocalFolder>(std::move(base), std::move(observer));
}

}  // namespace certbridge::file

// Preloaded into a program: writes down everything that changes files under a folder and every
// answer (write to standard output), in the order in which it happened.
//   CERTBRIDGE_POWERCUT_FOLDER  the folder, absolute
//   CERTBRIDGE_POWERCUT_LOG     file that gets the record
// One entry: kind (1 byte), numbers a and b (8 bytes each), lengths of two texts (4 bytes each),
// the texts; all little-endian. powercut_replay.cpp reads it.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

namespace {

constexpr int kMostFiles = 1024;

struct Recorder {
  std::recursive_mutex mutex{};
  std::string folder{};
  int log = -1;
  std::string paths[kMostFiles]{};  // of open files under the folder

  Recorder() {
    const char* wanted = std::getenv("CERTBRIDGE_POWERCUT_FOLDER");
    const char* file = std::getenv("CERTBRIDGE_POWERCUT_LOG");
    if (wanted == nullptr || file == nullptr) return;
    folder = wanted;
    log = static_cast<int>(
        syscall(257, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  }
};

Recorder& recorder() {
  static Recorder* const only = new Recorder;  // lives until the process is gone
  return *only;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void put(char kind, std::uint64_t a, std::uint64_t b, const std::string& first,
         const std::string& second) {
  Recorder& to = recorder();
  if (to.log < 0) return;
  std::string entry(1, kind);
  const auto number = [&entry](std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) entry.push_back(static_cast<char>(value >> (8 * i)));
  };
  number(a, 8);
  number(b, 8);
  number(first.size(), 4);
  number(second.size(), 4);
  entry += first + second;
  syscall(1, to.log, entry.data(), entry.size());
}

// Path within the folder, or empty when it is elsewhere.
std::string inside(const char* path) {
  const std::string& folder = recorder().folder;
  if (folder.empty() || path == nullptr) return {};
  const std::string text = path;
  if (text == folder) return ".";
  if (!text.starts_with(folder + "/")) return {};
  return text.substr(folder.size() + 1);
}
const std::string& path_of(int file) {
  static const std::string none;
  return file >= 0 && file < kMostFiles ? recorder().paths[file] : none;
}

using Lock = std::lock_guard<std::recursive_mutex>;

int opened(const char* path, int flags, mode_t mode, const char* symbol) {
  const auto real = next<int (*)(const char*, int, ...)>(symbol);
  const Lock lock(recorder().mutex);
  const std::string name = inside(path);
  struct stat before {};
  const bool existed = name.empty() || stat(path, &before) == 0;
  const int file = real(path, flags, mode);
  if (file < 0 || file >= kMostFiles) return file;
  recorder().paths[file] = name;
  if (name.empty()) return file;
  if (!existed) put('c', 0, 0, name, "");
  if (existed && (flags & O_TRUNC) != 0) put('t', 0, 0, name, "");
  return file;
}

void wrote(int file, std::uint64_t offset, const void* bytes, ssize_t count) {
  if (count <= 0) return;
  const std::string text(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
  if (file == 1) put('a', 0, 0, text, "");
  if (!path_of(file).empty()) put('w', offset, 0, path_of(file), text);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(path, flags, mode, "open");
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(path, flags, mode, "open64");
}
int close(int file) {
  const Lock lock(recorder().mutex);
  if (file >= 0 && file < kMostFiles) recorder().paths[file].clear();
  return next<int (*)(int)>("close")(file);
}
ssize_t write(int file, const void* bytes, size_t count) {
  const Lock lock(recorder().mutex);
  const std::uint64_t offset =
      path_of(file).empty() ? 0 : static_cast<std::uint64_t>(lseek(file, 0, SEEK_CUR));
  const ssize_t done = next<ssize_t (*)(int, const void*, size_t)>("write")(file, bytes, count);
  wrote(file, offset, bytes, done);
  return done;
}
ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
  const Lock lock(recorder().mutex);
  const ssize_t done =
      next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite")(file, bytes, count, offset);
  wrote(file, static_cast<std::uint64_t>(offset), bytes, done);
  return done;
}
ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
  return pwrite(file, bytes, count, offset);
}
// Nobody may write past the recorder.
ssize_t writev(int file, const iovec* parts, int count) {
  ssize_t all = 0;
  for (int i = 0; i < count; ++i) {
    const ssize_t done = write(file, parts[i].iov_base, parts[i].iov_len);
    if (done < 0) return all > 0 ? all : done;
    all += done;
  }
  return all;
}
int ftruncate(int file, off_t size) {
  const Lock lock(recorder().mutex);
  const int done = next<int (*)(int, off_t)>("ftruncate")(file, size);
  if (done == 0 && !path_of(file).empty())
    put('t', static_cast<std::uint64_t>(size), 0, path_of(file), "");
  return done;
}
int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }
// The real sync is left out: what counts is that it was asked for, and when.
int fsync(int file) {
  const Lock lock(recorder().mutex);
  if (path_of(file).empty()) return next<int (*)(int)>("fsync")(file);
  put('s', 0, 0, path_of(file), "");
  return 0;
}
int fdatasync(int file) { return fsync(file); }
int rename(const char* from, const char* to) {
  const Lock lock(recorder().mutex);
  const int done = next<int (*)(const char*, const char*)>("rename")(from, to);
  if (done != 0 || inside(to).empty()) return done;
  put('r', 0, 0, inside(from), inside(to));
  for (std::string& path : recorder().paths) {
    if (!path.empty() && path == inside(from)) path = inside(to);
  }
  return done;
}
int unlink(const char* path) {
  const Lock lock(recorder().mutex);
  const int done = next<int (*)(const char*)>("unlink")(path);
  if (done == 0 && !inside(path).empty()) put('u', 0, 0, inside(path), "");
  return done;
}
int mkdir(const char* path, mode_t mode) {
  const Lock lock(recorder().mutex);
  const int done = next<int (*)(const char*, mode_t)>("mkdir")(path, mode);
  if (done == 0 && !inside(path).empty()) put('m', 0, 0, inside(path), "");
  return done;
}

}  // extern "C"

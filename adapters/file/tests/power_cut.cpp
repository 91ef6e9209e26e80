#include "power_cut.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace certbridge::file::testing {
namespace {

namespace files = std::filesystem;

struct Watched {
  std::string folder{};
  std::string log{};
};
Watched& watched() {
  static Watched* const only = new Watched;  // used until the process is gone
  return *only;
}

// What is on the disk for sure.
struct Durable {
  std::map<std::string, std::set<std::string>> names{};  // by folder
  std::map<std::uint64_t, std::uint64_t> sizes{};        // by number of the file
};

struct stat status_of(const std::string& path) {
  struct stat found {};
  static_cast<void>(::stat(path.c_str(), &found));
  return found;
}

// A line for each: "folder PATH", "name NAME" of the folder before it, "file NUMBER SIZE".
void note_folder(std::ostream& log, const std::string& path) {
  log << "folder " << path << "\n";
  for (const auto& entry : files::directory_iterator(path))
    log << "name " << entry.path().filename().string() << "\n";
}

void note_file(std::ostream& log, const struct stat& file) {
  log << "file " << file.st_ino << " " << file.st_size << "\n";
}

Durable read_log() {
  Durable durable;
  std::ifstream log(watched().log);
  std::string word;
  std::string folder;
  while (log >> word) {
    if (word == "file") {
      std::uint64_t number = 0;
      log >> number >> durable.sizes[number];
      continue;
    }
    std::string name;
    log >> name;
    if (word == "folder") {
      folder = name;
      durable.names[folder].clear();
    } else {
      durable.names[folder].insert(name);
    }
  }
  return durable;
}

void cut(const std::string& folder, Durable& durable) {
  std::set<std::string> there;
  for (const auto& entry : files::directory_iterator(folder))
    there.insert(entry.path().filename().string());
  for (const std::string& name : there) {
    const std::string path = folder + "/" + name;
    if (!durable.names[folder].contains(name)) {
      files::remove_all(path);
    } else if (files::is_directory(path)) {
      cut(path, durable);
    } else {
      const struct stat found = status_of(path);
      if (durable.sizes[found.st_ino] < static_cast<std::uint64_t>(found.st_size))
        files::resize_file(path, durable.sizes[found.st_ino]);
    }
  }
}

}  // namespace

void watch_syncs(const std::string& folder, const std::string& log) {
  watched() = {folder, log};
  std::ofstream begun(log);
  note_folder(begun, folder);
  for (const auto& entry : files::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) note_folder(begun, entry.path().string());
    if (entry.is_regular_file()) note_file(begun, status_of(entry.path().string()));
  }
}

void cut_power() {
  Durable durable = read_log();
  cut(watched().folder, durable);
}

void note_sync(int file) {
  if (watched().folder.empty()) return;
  std::error_code failed;
  const std::string path =
      files::read_symlink("/proc/self/fd/" + std::to_string(file), failed).string();
  if (failed || !path.starts_with(watched().folder)) return;
  std::ofstream log(watched().log, std::ios::app);
  struct stat found {};
  if (::fstat(file, &found) != 0) return;
  if (S_ISDIR(found.st_mode)) {
    note_folder(log, path);
  } else {
    note_file(log, found);
  }
}

}  // namespace certbridge::file::testing

// Seen by the libraries of the program as well, which everything else here is not.
#pragma GCC visibility push(default)
extern "C" int fsync(int file) {
  const long done = syscall(SYS_fsync, file);
  if (done == 0) certbridge::file::testing::note_sync(file);
  return static_cast<int>(done);
}
#pragma GCC visibility pop

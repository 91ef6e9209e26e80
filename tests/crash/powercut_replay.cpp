#include "powercut_replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace certbridge::host::crash {
namespace {

namespace files = std::filesystem;

constexpr unsigned kMostSeeds = 200;
constexpr std::size_t kSector = 512;

struct FileChange {
  char kind = 'w';
  std::uint64_t number = 0;
  const std::string* bytes = nullptr;
};
// A file apart from its names: what is on the disk for sure, and what is only on its way.
struct DiskFile {
  bool is_folder = false;
  std::string synced{};
  std::vector<FileChange> pending{};
};
using FilePointer = std::shared_ptr<DiskFile>;
// Names of a folder: for sure, and changes on their way (null: the name goes).
struct NameChange {
  std::string path{};
  FilePointer file{};
};
struct Disk {
  std::map<std::string, FilePointer> now{};                  // as the program sees it
  std::map<std::string, FilePointer> synced{};               // as it is on the disk for sure
  std::map<std::string, std::vector<NameChange>> pending{};  // by folder
};

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

void write_bytes(std::string& content, std::uint64_t offset, std::string_view bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

void apply_change(std::string& content, const FileChange& change) {
  if (change.kind == 't') return content.resize(change.number, '\0');
  write_bytes(content, change.number, *change.bytes);
}

// Lost, kept, or sector by sector.
void apply_by_chance(std::string& content, const FileChange& change, std::mt19937& random) {
  const auto chance = random() % 4;
  if (chance == 0) return;
  if (chance < 3 || change.kind == 't') return apply_change(content, change);
  std::size_t at = 0;
  while (at < change.bytes->size()) {
    const std::size_t size =
        std::min(kSector - (change.number + at) % kSector, change.bytes->size() - at);
    if (random() % 2 == 0) {
      write_bytes(content, change.number + at, std::string_view(*change.bytes).substr(at, size));
    }
    at += size;
  }
}

void set_name(Disk& disk, const std::string& path, const FilePointer& file) {
  if (file == nullptr) {
    disk.now.erase(path);
  } else {
    disk.now[path] = file;
  }
  disk.pending[folder_of(path)].push_back({path, file});
}

void apply_name(std::map<std::string, FilePointer>& names, const NameChange& change) {
  if (change.file == nullptr) {
    names.erase(change.path);
  } else {
    names[change.path] = change.file;
  }
}

void sync(Disk& disk, const std::string& path) {
  for (const NameChange& change : disk.pending[path]) apply_name(disk.synced, change);
  disk.pending[path].clear();
  const auto found = disk.now.find(path);
  if (found == disk.now.end()) return;
  for (const FileChange& change : found->second->pending)
    apply_change(found->second->synced, change);
  found->second->pending.clear();
}

void replay(Disk& disk, const DiskEvent& event) {
  switch (event.kind) {
    case 'c':
    case 'm': {
      auto file = std::make_shared<DiskFile>();
      file->is_folder = event.kind == 'm';
      return set_name(disk, event.first, file);
    }
    case 'w':
    case 't': {
      const auto found = disk.now.find(event.first);
      if (found == disk.now.end()) return;
      found->second->pending.push_back({event.kind, event.number, &event.second});
      return;
    }
    case 's':
      return sync(disk, event.first);
    case 'r': {
      const FilePointer file = disk.now[event.first];
      set_name(disk, event.second, file);
      return set_name(disk, event.first, nullptr);
    }
    case 'u':
      return set_name(disk, event.first, nullptr);
    default:
      return;
  }
}

}  // namespace

std::vector<DiskEvent> read_record(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  std::size_t at = 0;
  const auto number = [&](int count) {
    std::uint64_t value = 0;
    for (int i = 0; i < count; ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at++])) << (8 * i);
    }
    return value;
  };
  std::vector<DiskEvent> events;
  while (at + 25 <= bytes.size()) {
    DiskEvent event;
    event.kind = bytes[at++];
    event.number = number(8);
    number(8);
    const std::uint64_t first = number(4);
    const std::uint64_t second = number(4);
    if (at + first + second > bytes.size()) break;
    event.first = bytes.substr(at, first);
    event.second = bytes.substr(at + first, second);
    at += first + second;
    events.push_back(std::move(event));
  }
  return events;
}

// A log that starts anew is written from its beginning; its first commit ends with a sync. Until
// the first message is there the database is only being made.
std::vector<Phase> phases_of(const std::vector<DiskEvent>& events) {
  std::vector<Phase> phases;
  bool accepting = false;
  Phase log = Phase::kOther;
  for (const DiskEvent& event : events) {
    accepting = accepting || event.kind == 'a';
    const bool to_log = event.first == "journal.db-wal";
    const bool to_database = event.first == "journal.db";
    if (accepting && event.kind == 'w' && to_database) log = Phase::kCheckpoint;
    if (log == Phase::kCheckpoint && event.kind == 'w' && to_log && event.number == 0) {
      log = Phase::kNewLog;
    }
    const bool content = event.first.starts_with("content") || event.first.starts_with("spool");
    phases.push_back(log == Phase::kOther && content ? Phase::kContent : log);
    if (log == Phase::kNewLog && event.kind == 's' && to_log) log = Phase::kOther;
  }
  return phases;
}

void build_image(const std::vector<DiskEvent>& events, std::size_t cut, std::mt19937& random,
                 const std::string& folder) {
  Disk disk;
  for (std::size_t i = 0; i < cut; ++i) replay(disk, events[i]);
  for (const auto& [parent, changes] : disk.pending) {
    for (const NameChange& change : changes) {
      if (random() % 2 == 0) apply_name(disk.synced, change);
    }
  }
  files::create_directories(folder);
  for (const auto& [path, file] : disk.synced) {  // in order of names: folders come first
    const std::string where = folder + "/" + path;
    if (!files::exists(files::path(where).parent_path())) continue;  // its folder's name was lost
    if (file->is_folder) {
      files::create_directory(where);
      continue;
    }
    std::string content = file->synced;
    for (const FileChange& change : file->pending) apply_by_chance(content, change, random);
    std::ofstream(where, std::ios::binary) << content;
  }
}

std::vector<std::string> answers_before(const std::vector<DiskEvent>& events, std::size_t cut) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < cut; ++i) {
    if (events[i].kind != 'a') continue;
    std::istringstream stream(events[i].first);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> wrong_after_cut(const std::vector<DiskEvent>& events, std::size_t cut,
                                         unsigned seed, std::mt19937& random,
                                         const std::string& folder, const CheckImage& check) {
  files::remove_all(folder);
  build_image(events, cut, random, folder);
  std::vector<std::string> wrong = check(folder, answers_before(events, cut));
  for (std::string& sentence : wrong) {
    sentence = "seed " + std::to_string(seed) + ", cut " + std::to_string(cut) + ": " + sentence;
  }
  return wrong;
}

void expect_caught(const std::string& fault,
                   const std::function<std::vector<std::string>(unsigned seed)>& try_image) {
  unsigned seed = 1;
  while (seed <= kMostSeeds && try_image(seed).empty()) ++seed;
  EXPECT_LE(seed, kMostSeeds) << fault << " is not caught";
  std::cout << fault << " is caught by seed " << seed << "\n";
}

unsigned from_environment(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

}  // namespace certbridge::host::crash

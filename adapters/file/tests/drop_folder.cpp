#include "drop_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "digest.h"

namespace certbridge::file::testing {

DropFolder::DropFolder(const std::string& parent) {
  const std::string above =
      parent.empty() ? std::filesystem::temp_directory_path().string() : parent;
  std::string pattern = above + "/certbridge-file-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no folder can be made in " << above;
  path_ = pattern;
}

DropFolder::~DropFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void DropFolder::put(const std::string& name, const std::string& bytes) const {
  std::ofstream(path_ + "/" + name, std::ios::binary) << bytes;
}

void DropFolder::append(const std::string& name, const std::string& bytes) const {
  std::ofstream(path_ + "/" + name, std::ios::binary | std::ios::app) << bytes;
}

void DropFolder::make(const std::string& folder) const {
  std::filesystem::create_directories(path_ + "/" + folder);
}

bool DropFolder::has(const std::string& name) const {
  return std::filesystem::exists(path_ + "/" + name);
}

std::string DropFolder::bytes_of(const std::string& name) const {
  std::ifstream file(path_ + "/" + name, std::ios::binary);
  EXPECT_TRUE(file) << "there is no file " << name;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::vector<std::string> DropFolder::files_in(const std::string& folder) const {
  std::vector<std::string> names;
  std::error_code absent;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(path_ + "/" + folder, absent)) {
    if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string sha256_line(const std::string& name, const std::string& bytes) {
  Digest digest(DigestKind::kSha256);
  digest.add(std::as_bytes(std::span(bytes)));
  return digest.hex() + "  " + name + "\n";
}

}  // namespace certbridge::file::testing

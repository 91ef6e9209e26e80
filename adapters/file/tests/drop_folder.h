// A folder of its own for each test, and what lies in it.
#pragma once

#include <string>
#include <vector>

namespace certbridge::file::testing {

class DropFolder {
 public:
  // Made below `parent`, which is the temporary folder of the system where it is empty.
  explicit DropFolder(const std::string& parent = {});
  ~DropFolder();
  DropFolder(const DropFolder&) = delete;
  DropFolder& operator=(const DropFolder&) = delete;

  const std::string& path() const { return path_; }
  void put(const std::string& name, const std::string& bytes) const;
  void append(const std::string& name, const std::string& bytes) const;
  void make(const std::string& folder) const;
  bool has(const std::string& name) const;
  std::string bytes_of(const std::string& name) const;
  // Names of the regular files of a folder below, in order; of the folders below it as well.
  std::vector<std::string> files_in(const std::string& folder) const;

 private:
  std::string path_{};
};

// A line of a manifest as `sha256sum` writes it.
std::string sha256_line(const std::string& name, const std::string& bytes);

}  // namespace certbridge::file::testing

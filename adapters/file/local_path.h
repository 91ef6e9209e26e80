// Where a path of an endpoint's folder leads on this machine.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>

#include "certbridge/result.h"

namespace certbridge::file {

inline constexpr mode_t kFileMode = 0640;  // of a file that is made

// A file descriptor that is closed.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  int number() const { return number_; }
  // Whoever asks closes it.
  int release();
  // Closes and answers whether that went well: a network file system tells of a full disk here.
  bool close();

 private:
  int number_;
};

// The last part of a path, and the folder that it lies in.
struct Spot {
  Descriptor folder;
  std::string name{};  // "." for the base itself
};

// The counterpart may write below `base`: a link there, which could lead anywhere, is not followed
// and is a fault ("file.link"). What the configuration names, `base` and absolute paths, may lead
// through links. "file.absent" when a folder on the way is not there.
Result<Spot> find_spot(const std::string& base, const std::string& path);

// What the operating system says, as an error of ours; `doing` names the attempt.
Error system_error(int problem, const std::string& doing, const std::string& path);
Error no_such_file(const std::string& path);
Error no_folder_for(const std::string& path);
// All of them, at the place that the open file stands at; `path` is for the error.
Result<void> write_all(int file, const std::string& path, std::span<const std::byte> bytes);

}  // namespace certbridge::file

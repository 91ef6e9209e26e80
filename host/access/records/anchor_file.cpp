#include "access/records/anchor_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "access/records/hex.h"
#include "certbridge/text.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

constexpr std::streamoff kTail = 64L * 1024;  // holds the last lines

Failure anchor_error(const std::string& file) {
  const std::string why = std::strerror(errno);
  const std::string absent =
      errno == ENOENT ? " (the folder that `anchor` names is not there)" : "";
  return Failure(Error::retryable("access.anchor", "the anchors cannot be written: " + file + ": " +
                                                       why + absent +
                                                       "; records go on, and the anchors once it "
                                                       "can"));
}

bool read_anchor(const std::string& line, Frame& frame) {
  const auto blank = line.find(' ');
  std::string bytes;
  if (blank == std::string::npos ||
      !from_hex_text(std::string_view(line).substr(blank + 1), bytes)) {
    return false;
  }
  return read_frame(bytes, frame) && frame.length == bytes.size() && frame.intact &&
         frame.kind == FrameKind::kCheckpoint &&
         std::to_string(frame.number) == line.substr(0, blank);
}

void append_durably(int file, const std::string& text) {
  struct stat found {};
  char last = '\n';
  if (::fstat(file, &found) != 0) throw std::exception();
  if (found.st_size > 0 && ::pread(file, &last, 1, found.st_size - 1) != 1) throw std::exception();
  const std::string whole = last == '\n' ? text : "\n" + text;
  const ssize_t done = ::write(file, whole.data(), whole.size());
  if (done != static_cast<ssize_t>(whole.size()) || ::fdatasync(file) != 0) throw std::exception();
}

}  // namespace

std::string anchor_line(std::string_view checkpoint) {
  Frame frame;
  std::string line = read_frame(checkpoint, frame) ? std::to_string(frame.number) + " " : "";
  line += to_hex_text(checkpoint);
  return line + "\n";
}

// Its folder is made, but not the one above: where another machine's disk is not mounted, nothing
// is to be written in its place.
void append_anchor(const std::string& file, std::string_view checkpoint) {
  ::mkdir(std::filesystem::path(file).parent_path().c_str(), 0700);
  const int handle = ::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (handle < 0) throw anchor_error(file);
  try {
    append_durably(handle, anchor_line(checkpoint));
  } catch (const std::exception&) {
    const int why = errno;
    ::close(handle);
    errno = why;
    throw anchor_error(file);
  }
  ::close(handle);
}

AnchorReader::AnchorReader(const std::string& path) : stream_(path, std::ios::binary) {
  if (!stream_) {
    throw Failure(Error::fault("access.failed", path + " cannot be read: " + std::strerror(errno)));
  }
}

bool AnchorReader::read_line(std::string& text) {
  if (ahead_) {
    text = std::move(*ahead_);
    ahead_.reset();
    return true;
  }
  return static_cast<bool>(std::getline(stream_, text));
}

AnchorReading AnchorReader::next(Frame& frame) {
  std::string line;
  while (read_line(line)) {
    ++line_;
    if (read_anchor(line, frame)) return AnchorReading::kAnchor;
    std::string behind;
    if (!read_line(behind)) return AnchorReading::kDamaged;
    const bool cut_off = behind.starts_with(line);
    ahead_ = std::move(behind);
    if (!cut_off) return AnchorReading::kDamaged;
  }
  return AnchorReading::kEnd;
}

std::vector<std::string> anchor_files(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code none;
  for (std::filesystem::directory_iterator at(folder, none), end; !none && at != end;
       at.increment(none)) {
    if (at->path().extension() == ".anchors") found.push_back(at->path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::uint64_t last_anchored(const std::string& folder) {
  const auto all = anchor_files(folder);
  if (all.empty()) return 0;
  std::ifstream stream(all.back(), std::ios::binary | std::ios::ate);
  if (!stream) return 0;
  stream.seekg(std::max<std::streamoff>(0, stream.tellg() - kTail));
  std::uint64_t number = 0;
  Frame frame;
  for (std::string line; std::getline(stream, line);) {
    if (read_anchor(line, frame)) number = std::max(number, frame.number);
  }
  return number;
}

}  // namespace certbridge::host

#include "archive/kept_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "journal/content_store.h"
#include "journal/failure.h"

namespace certbridge::host {
namespace {

constexpr std::string_view kMagic{"CBKU\1", 5};  // and version 1
constexpr std::size_t kHeader = 6;               // the suite behind it

Failure refused_by_disk(const std::string& what) {
  const bool full = errno == ENOSPC || errno == EDQUOT;
  return Failure(Error::retryable(full ? "archive.full" : "archive.failed",
                                  what + ": " + std::strerror(errno)));
}

std::string place_of(const std::string& name, std::uint64_t number, bool last) {
  return "archive|" + name + "|" + std::to_string(number) + (last ? "|last" : "|more");
}

class File {
 public:
  explicit File(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::uint64_t size() const {
    struct stat found {};
    return number_ < 0 || ::fstat(number_, &found) != 0 ? 0
                                                        : static_cast<std::uint64_t>(found.st_size);
  }
  // Fewer bytes than wanted at the end, or where the disk refuses.
  std::string read(std::uint64_t at, std::size_t wanted) const {
    std::string bytes(wanted, '\0');
    std::size_t there = 0;
    while (there < wanted) {
      const ssize_t read =
          ::pread(number_, bytes.data() + there, wanted - there, static_cast<off_t>(at + there));
      if (read < 0 && errno == EINTR) continue;
      if (read <= 0) break;
      there += static_cast<std::size_t>(read);
    }
    bytes.resize(there);
    return bytes;
  }

 private:
  int number_;
};

class KeptFile final : public Content {
 public:
  KeptFile(Suite suite, const Key& key, const std::string& path, std::string name)
      : suite_(suite), key_(key), name_(std::move(name)), file_(path) {
    const std::uint64_t bytes = file_.size() - kHeader;
    pieces_ = std::max<std::uint64_t>((bytes + sealed_piece() - 1) / sealed_piece(), 1);
    size_ = bytes < pieces_ * around() ? 0 : bytes - pieces_ * around();
  }
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
    if (offset >= size_ || into.empty()) return std::size_t{0};
    const auto piece = open_piece(offset / kKeptPiece);
    if (!piece) return piece.error();
    const std::size_t at = offset % kKeptPiece;
    if (at >= piece.value().size()) return damaged();
    const std::size_t count = std::min(into.size(), piece.value().size() - at);
    std::memcpy(into.data(), piece.value().data() + at, count);
    return count;
  }
  // The last piece proves that none is missing behind it.
  Result<void> check() const {
    const auto last = open_piece(pieces_ - 1);
    return last ? Result<void>{} : Result<void>(last.error());
  }

 private:
  std::size_t around() const { return nonce_size(suite_) + tag_size(suite_); }
  std::size_t sealed_piece() const { return kKeptPiece + around(); }
  Error damaged() const {
    return Error::fault("archive.damaged", "what is kept under " + name_ +
                                               " was altered, or was kept under another key");
  }
  Result<std::string> open_piece(std::uint64_t number) const {
    const std::string bytes = file_.read(kHeader + number * sealed_piece(), sealed_piece());
    std::string plain;
    if (bytes.size() < around()) return damaged();
    const std::string_view nonce = std::string_view(bytes).substr(0, nonce_size(suite_));
    const std::string_view sealed = std::string_view(bytes).substr(nonce.size());
    if (!decrypt(suite_, key_, nonce, place_of(name_, number, number + 1 == pieces_), sealed,
                 plain)) {
      return damaged();
    }
    return plain;
  }

  Suite suite_;
  Key key_;
  std::string name_;
  File file_;
  std::uint64_t pieces_ = 0;
  std::uint64_t size_ = 0;
};

class PartOfContent final : public Content {
 public:
  PartOfContent(std::shared_ptr<const Content> whole, std::uint64_t at, std::uint64_t size)
      : whole_(std::move(whole)), at_(at), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const override {
    if (offset >= size_) return std::size_t{0};
    return whole_->read(
        at_ + offset,
        into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - offset))));
  }

 private:
  std::shared_ptr<const Content> whole_;  // shared: several parts of one file
  std::uint64_t at_;
  std::uint64_t size_;
};

}  // namespace

Key kept_file_key(const Key& key, const std::string& name) {
  return derive_key(Suite::kSm4CtrHmacSm3, key, "certbridge archive file|" + name);
}

KeptFileWriter::KeptFileWriter(Suite suite, const Key& file_key, std::string path, std::string name)
    : suite_(suite), key_(file_key), path_(std::move(path)), name_(std::move(name)) {
  const std::string part = path_ + ".part";
  file_ = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file_ < 0) throw refused_by_disk("cannot write to the archive folder");
  put(std::string(kMagic) + static_cast<char>(suite_));
}

KeptFileWriter::~KeptFileWriter() {
  if (file_ >= 0) ::close(file_);
  if (!kept_) ::unlink((path_ + ".part").c_str());
  wipe(key_);
}

void KeptFileWriter::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file_, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throw refused_by_disk("cannot write to the archive folder");
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

void KeptFileWriter::put_piece(bool last) {
  const std::string nonce = new_nonce(suite_);
  put(nonce + encrypt(suite_, key_, nonce, place_of(name_, pieces_++, last), piece_));
  piece_.clear();
}

void KeptFileWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (piece_.size() == kKeptPiece) put_piece(false);
    const std::size_t taken = std::min(bytes.size(), kKeptPiece - piece_.size());
    piece_ += bytes.substr(0, taken);
    bytes.remove_prefix(taken);
  }
}

void KeptFileWriter::finish() {
  put_piece(true);
  if (::fdatasync(file_) != 0) throw refused_by_disk("cannot write to the archive folder");
  if (::rename((path_ + ".part").c_str(), path_.c_str()) != 0) {
    throw refused_by_disk("cannot write to the archive folder");
  }
  kept_ = true;
  sync_folder(std::filesystem::path(path_).parent_path());
}

Result<std::shared_ptr<const Content>> open_kept_file(const Key& key, const std::string& path,
                                                      const std::string& name) {
  const std::string header = File(path).read(0, kHeader);
  if (header.size() != kHeader || !header.starts_with(kMagic) ||
      !is_suite(static_cast<std::uint8_t>(header[kHeader - 1]))) {
    return Error::fault("archive.damaged", "what is kept under " + name + " is no kept answer");
  }
  const auto suite = static_cast<Suite>(header[kHeader - 1]);
  auto file = std::make_shared<KeptFile>(suite, kept_file_key(key, name), path, name);
  if (const auto whole = file->check(); !whole) return whole.error();
  return std::shared_ptr<const Content>(std::move(file));
}

std::shared_ptr<const Content> part_of(std::shared_ptr<const Content> whole, std::uint64_t at,
                                       std::uint64_t size) {
  return std::make_shared<PartOfContent>(std::move(whole), at, size);
}

}  // namespace certbridge::host

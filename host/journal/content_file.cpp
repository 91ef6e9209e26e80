#include "journal/content_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "journal/failure.h"
#include "journal/seeded_fault.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kHeaderSize = 32;
constexpr std::uint64_t kTrailerNumber = ~0ULL;
constexpr std::size_t kTrailerSize = 40;  // name 32, size 8

[[noreturn]] void fail_file(const std::string& what, int error) {
  const std::string reason = what + ": " + std::strerror(error);
  if (error == ENOSPC || error == EDQUOT) {
    throw Failure(Error::retryable("journal.full", "a content file of the journal: " + reason));
  }
  throw Failure(Error::retryable("journal.failed", "a content file of the journal: " + reason));
}

[[noreturn]] void damaged(const char* what) {
  throw Failure(Error::fault("content.damaged", std::string("a content file of the journal ") +
                                                    what +
                                                    "; restore the data folder from its backup"));
}

std::string nonce_of(Suite suite, std::uint64_t number) {
  ByteWriter nonce;
  nonce.number(number, 8);
  std::string bytes = nonce.take();
  bytes.resize(nonce_size(suite), '\0');
  return bytes;
}
std::string associated_of(const std::string& header, std::uint64_t number) {
  return ByteWriter().raw(header).number(number, 8).take();
}
std::string header_of(const DataKey& key) {
  ByteWriter header;
  header.raw("CBCF").number(1, 1).number(static_cast<std::uint64_t>(key.suite), 1).number(0, 2);
  header.number(key.id, 4).number(kContentChunk, 4).raw(random_bytes(16));
  return header.take();
}
// Each file has its own key, so that chunk numbers can serve as nonces.
Key file_key_of(const DataKey& key, std::string_view header) {
  return derive_key(key.suite, key.key, "certbridge content" + std::string(header.substr(16)));
}

std::string read_at(int file, std::uint64_t offset, std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got =
        pread(file, bytes.data() + filled, count - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_file("cannot be read", errno);
    if (got == 0) damaged("is shorter than it was written");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

std::string content_name(const Keyring& keys, const Sm3Digest& digest, std::uint64_t size) {
  ByteWriter text;
  text.raw({reinterpret_cast<const char*>(digest.data()), digest.size()}).number(size, 8);
  return keys.digest("content", text.bytes());
}

ContentFileWriter::ContentFileWriter(const Keyring& keys, std::string path)
    : keys_(keys), path_(std::move(path)), key_(keys.current()) {
  header_ = header_of(key_);
  file_key_ = file_key_of(key_, header_);
  file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file_ < 0) fail_file("cannot be made", errno);
  put(header_);
}

ContentFileWriter::~ContentFileWriter() {
  wipe(file_key_);
  wipe(key_.key);
  if (file_ >= 0) close(file_);
  if (!kept_) unlink(path_.c_str());
}

void ContentFileWriter::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_file("cannot be written", errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void ContentFileWriter::put_chunk() {
  const std::uint64_t number = chunks_++;
  put(encrypt(key_.suite, file_key_, nonce_of(key_.suite, number), associated_of(header_, number),
              chunk_));
  chunk_.clear();
}

void ContentFileWriter::write(std::string_view bytes) {
  digest_.add(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    const std::size_t take = std::min(bytes.size(), kContentChunk - chunk_.size());
    chunk_.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    if (chunk_.size() == kContentChunk) put_chunk();
  }
}

ContentPlace ContentFileWriter::finish() {
  if (!chunk_.empty()) put_chunk();
  ContentPlace place;
  place.size = size_;
  place.digest = digest_.finish();
  place.name = content_name(keys_, place.digest, place.size);
  const std::string trailer = ByteWriter().raw(place.name).number(size_, 8).take();
  put(encrypt(key_.suite, file_key_, nonce_of(key_.suite, kTrailerNumber),
              associated_of(header_, kTrailerNumber), trailer));
  return place;
}

void ContentFileWriter::sync() {
  if (seeded_fault("content_not_synced")) return;
  if (fsync(file_) != 0) fail_file("cannot be synced", errno);
}

void ContentFileWriter::move_to(const std::string& path) {
  if (rename(path_.c_str(), path.c_str()) != 0) fail_file("cannot be renamed", errno);
  path_ = path;
  kept_ = true;
}

FileContent::FileContent(std::shared_ptr<const Keyring> keys, std::string path, ContentPlace place)
    : keys_(std::move(keys)), place_(std::move(place)), path_(std::move(path)) {}

FileContent::~FileContent() {
  wipe(file_key_);
  if (file_ >= 0) close(file_);
}

void FileContent::open_file() const {
  const std::lock_guard lock(mutex_);
  if (file_ >= 0) return;
  const int file = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail_file("cannot be opened", errno);
  try {
    header_ = read_at(file, 0, kHeaderSize);
    ByteReader in(header_);
    const bool known = in.raw(4) == "CBCF" && in.number(1) == 1;
    const auto suite = static_cast<std::uint8_t>(in.number(1));
    in.number(2);
    const DataKey key = keys_->data_key(static_cast<std::uint32_t>(in.number(4)));
    if (!known || suite != static_cast<std::uint8_t>(key.suite) || in.number(4) != kContentChunk) {
      damaged("has an unknown header");
    }
    suite_ = key.suite;
    file_key_ = file_key_of(key, header_);
    const std::uint64_t chunks = (place_.size + kContentChunk - 1) / kContentChunk;
    const std::string sealed = read_at(file, kHeaderSize + place_.size + chunks * tag_size(suite_),
                                       kTrailerSize + tag_size(suite_));
    std::string trailer;
    if (!decrypt(suite_, file_key_, nonce_of(suite_, kTrailerNumber),
                 associated_of(header_, kTrailerNumber), sealed, trailer) ||
        trailer != ByteWriter().raw(place_.name).number(place_.size, 8).bytes()) {
      damaged("does not match its trailer");
    }
  } catch (...) {
    close(file);
    throw;
  }
  file_ = file;
}

std::string FileContent::chunk(std::uint64_t number) const {
  const std::uint64_t from = number * kContentChunk;
  const std::size_t size = std::min<std::uint64_t>(kContentChunk, place_.size - from);
  const std::uint64_t offset = kHeaderSize + from + number * tag_size(suite_);
  std::string plain;
  if (!decrypt(suite_, file_key_, nonce_of(suite_, number), associated_of(header_, number),
               read_at(file_, offset, size + tag_size(suite_)), plain)) {
    damaged("does not match the tag of a chunk");
  }
  return plain;
}

Result<std::size_t> FileContent::read(std::uint64_t offset, std::span<std::byte> into) const {
  try {
    open_file();
    std::size_t filled = 0;
    while (filled < into.size() && offset < place_.size) {
      const std::string plain = chunk(offset / kContentChunk);
      const std::size_t start = offset % kContentChunk;
      const std::size_t count = std::min(into.size() - filled, plain.size() - start);
      std::memcpy(into.data() + filled, plain.data() + start, count);
      filled += count;
      offset += count;
    }
    return filled;
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace certbridge::host

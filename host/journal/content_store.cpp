#include "journal/content_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "certbridge/text.h"
#include "journal/failure.h"
#include "journal/spool.h"
#include "journal/stop_point.h"

namespace certbridge::host {
namespace {

[[noreturn]] void fail_folder(const std::string& path, int error) {
  const char* code = error == ENOSPC || error == EDQUOT ? "journal.full" : "journal.failed";
  throw Failure(Error::retryable(code, path + ": " + std::strerror(error)));
}

void make_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail_folder(path, errno);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  DIR* listing = opendir(folder.c_str());
  if (listing == nullptr) return names;
  while (const dirent* entry = readdir(listing)) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  closedir(listing);
  return names;
}

std::string bytes_of_hex(const std::string& hex) {
  const auto digest = parse_sm3_digest(hex);
  if (!digest) return {};
  return {reinterpret_cast<const char*>(digest.value().data()), digest.value().size()};
}

void read_into(const Content& content, const std::function<void(std::string_view)>& take) {
  std::string buffer(
      static_cast<std::size_t>(std::min<std::uint64_t>(kContentChunk, content.size())), '\0');
  std::uint64_t offset = 0;
  while (offset < content.size()) {
    const auto got = content.read(offset, std::as_writable_bytes(std::span(buffer)));
    if (!got) throw Failure(got.error());
    if (got.value() == 0) {
      throw Failure(Error::retryable("content.damaged", "content ends before its size"));
    }
    take(std::string_view(buffer).substr(0, got.value()));
    offset += got.value();
  }
}

// Stands for a file that was dropped after its time of retention, or was never there.
class DroppedContent final : public Content {
 public:
  explicit DroppedContent(std::uint64_t size) : size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read(std::uint64_t, std::span<std::byte>) const override {
    return Error::permanent("content.dropped",
                            "the content was dropped after its time of retention");
  }

 private:
  std::uint64_t size_;
};

}  // namespace

void sync_folder(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) fail_folder(folder, errno);
  const int synced = fsync(file);
  const int error = errno;
  close(file);
  if (synced != 0) fail_folder(folder, error);
}

ContentHold::~ContentHold() { store_.release(contents); }

ContentStore::ContentStore(std::string folder, std::shared_ptr<const Keyring> keys, Lookup lookup)
    : folder_(std::move(folder)), keys_(std::move(keys)), lookup_(std::move(lookup)) {}

void ContentStore::prepare() {
  make_folder(folder_ + "/content");
  make_folder(folder_ + "/spool");
  for (const std::string& left : names_in(folder_ + "/spool")) {
    unlink((folder_ + "/spool/" + left).c_str());
  }
  sync_folder(folder_);
}

std::string ContentStore::path_of(const std::string& name, const std::string& bucket) const {
  return folder_ + "/content/" + bucket + "/" + to_hex_text(name);
}

void ContentStore::hold_name(const HeldContent& content, ContentHold& hold) {
  const std::lock_guard lock(mutex_);
  ++held_[content.name];
  hold.contents.push_back(content);
}

void ContentStore::release(const std::vector<HeldContent>& contents) {
  const std::lock_guard lock(mutex_);
  for (const HeldContent& content : contents) {
    const auto found = held_.find(content.name);
    if (found != held_.end() && --found->second == 0) held_.erase(found);
  }
}

bool ContentStore::is_held(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return held_.contains(name);
}

// Held first, looked up second: between the two nothing can collect the file.
std::string ContentStore::existing_bucket(const std::string& name, ContentHold& hold,
                                          std::uint64_t size) {
  hold_name({name, "", size}, hold);
  std::string bucket = lookup_(name);
  hold.contents.back().bucket = bucket;
  return bucket;
}

void ContentStore::make_bucket(const std::string& bucket) {
  const std::lock_guard lock(mutex_);
  if (known_buckets_.contains(bucket)) return;
  make_folder(folder_ + "/content/" + bucket);
  sync_folder(folder_ + "/content");
  known_buckets_.insert(bucket);
}

ContentPlace ContentStore::adopt(ContentFileWriter& writer, const ContentPlace& place,
                                 Timestamp now, ContentHold& hold) {
  if (existing_bucket(place.name, hold, place.size).empty()) {
    const std::string bucket = day_of(now);
    make_bucket(bucket);
    writer.sync();
    stop_point("content.synced");
    writer.move_to(path_of(place.name, bucket));
    stop_point("content.renamed");
    hold.contents.back().bucket = bucket;
    hold.buckets.insert(bucket);
  }
  return place;
}

ContentPlace ContentStore::put(const Content& content, std::uint64_t inside_limit, Timestamp now,
                               ContentHold& hold) {
  if (content.size() <= inside_limit) {
    auto bytes = read_all(content, inside_limit);
    if (!bytes) throw Failure(bytes.error());
    ContentPlace place;
    place.size = bytes.value().size();
    place.inside = std::move(bytes).value();
    return place;
  }
  const auto* stored = dynamic_cast<const FileContent*>(&content);
  const auto* spooled = dynamic_cast<const SpooledContent*>(&content);
  if (stored != nullptr || spooled != nullptr) {
    const ContentPlace& place = stored != nullptr ? stored->place() : spooled->place();
    if (!existing_bucket(place.name, hold, place.size).empty()) return place;
  }
  if (spooled != nullptr) {
    const std::lock_guard lock(spooled->mutex());
    if (!spooled->is_adopted()) return adopt(spooled->writer(), spooled->place(), now, hold);
  }
  ContentFileWriter writer(*keys_, folder_ + "/spool/" + to_hex_text(random_bytes(16)));
  read_into(content, [&](std::string_view bytes) { writer.write(bytes); });
  const ContentPlace place = writer.finish();
  return adopt(writer, place, now, hold);
}

void ContentStore::sync_buckets(const std::set<std::string>& buckets) {
  for (const std::string& bucket : buckets) sync_folder(folder_ + "/content/" + bucket);
}

std::shared_ptr<const Content> ContentStore::handle(const ContentPlace& place) {
  if (place.name.empty()) return content_of(place.inside);
  const std::string bucket = lookup_(place.name);
  if (bucket.empty()) return std::make_shared<DroppedContent>(place.size);
  return std::make_shared<FileContent>(keys_, path_of(place.name, bucket), place);
}

std::unique_ptr<ContentWriter> ContentStore::spool(std::uint64_t limit) {
  return make_spool_writer(keys_, folder_ + "/spool/" + to_hex_text(random_bytes(16)), limit);
}

void ContentStore::remove(const std::string& name, const std::string& bucket) {
  // Somebody may have stored the same bytes again since: then the name is held or known again.
  const std::lock_guard lock(mutex_);
  if (held_.contains(name) || !lookup_(name).empty()) return;
  unlink(path_of(name, bucket).c_str());
}

// Nobody can begin to hold the name while it is looked at: the same bytes that are stored again
// meanwhile are written again after it.
bool ContentStore::remove_orphan(const std::string& name, const std::string& bucket) {
  const std::lock_guard lock(mutex_);
  if (held_.contains(name) || lookup_(name) == bucket) return false;
  return unlink(path_of(name, bucket).c_str()) == 0;
}

std::uint64_t ContentStore::collect_orphans(const std::function<bool()>& stopped) {
  struct stat opened {};
  if (stat((folder_ + "/lock").c_str(), &opened) != 0) return 0;
  std::uint64_t collected = 0;
  for (const std::string& bucket : names_in(folder_ + "/content")) {
    for (const std::string& file : names_in(folder_ + "/content/" + bucket)) {
      if (stopped()) return collected;
      const std::string path = folder_ + "/content/" + bucket + "/" + file;
      struct stat found {};
      if (stat(path.c_str(), &found) != 0) continue;
      const bool older = found.st_mtim.tv_sec < opened.st_mtim.tv_sec ||
                         (found.st_mtim.tv_sec == opened.st_mtim.tv_sec &&
                          found.st_mtim.tv_nsec < opened.st_mtim.tv_nsec);
      const std::string name = bytes_of_hex(file);
      if (!older || name.empty() || lookup_(name) == bucket) continue;
      if (remove_orphan(name, bucket)) ++collected;
    }
  }
  return collected;
}

}  // namespace certbridge::host

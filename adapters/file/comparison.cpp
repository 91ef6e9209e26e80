#include "comparison.h"

#include <algorithm>
#include <vector>

#include "digest.h"

namespace certbridge::file {
namespace {

// Holds pieces of a file against the content, piece after piece.
class Comparing {
 public:
  explicit Comparing(const Content& content) : content_(content) {}

  Result<void> take(std::span<const std::byte> bytes) {
    digest_.add(bytes);
    expected_.resize(bytes.size());
    for (std::size_t got = 0; same_ && got < bytes.size();) {
      auto read = content_.read(at_ + got, std::span(expected_).subspan(got));
      if (!read) return read.error();
      if (read.value() == 0) same_ = false;  // the content ends before the file
      got += read.value();
    }
    same_ = same_ && std::equal(bytes.begin(), bytes.end(), expected_.begin());
    at_ += bytes.size();
    return {};
  }
  Comparison result() {
    if (same_ && at_ == content_.size()) return {Comparison::Held::kSame, {}};
    return {Comparison::Held::kOther, digest_.hex()};
  }

 private:
  const Content& content_;
  Digest digest_{DigestKind::kSm3};
  std::vector<std::byte> expected_{};
  std::uint64_t at_ = 0;
  bool same_ = true;
};

}  // namespace

Result<Comparison> compare(Folder& folder, const std::string& path, const Content& content,
                           const Call& call) {
  auto state = folder.state(path, call);
  if (!state) return state.error();
  if (!state.value()) return Comparison{};
  if (!state.value()->regular) return Comparison{Comparison::Held::kOther, {}};
  Comparing comparing(content);
  auto read = folder.read(
      path, [&](auto bytes) { return comparing.take(bytes); }, call);
  if (!read && read.error().code == "file.absent") return Comparison{};  // it went meanwhile
  if (!read) return read.error();
  return comparing.result();
}

}  // namespace certbridge::file

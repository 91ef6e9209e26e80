#include "ftp_streams.h"

#include <istream>
#include <ostream>
#include <vector>

#include "ftp_replies.h"

namespace certbridge::file {
namespace {

constexpr std::size_t kStreamPiece = 64UL * 1024;

}  // namespace

bool next_listed_name(std::istream& data, std::string& name) {
  name.clear();
  char c = 0;
  while (name.size() <= kLongestListedName && data.get(c) && c != '\n') name += c;
  if (!name.empty() && name.back() == '\r') name.pop_back();
  const auto slash = name.rfind('/');
  if (slash != std::string::npos && name.size() <= kLongestListedName) name.erase(0, slash + 1);
  return !name.empty() || data.good();
}

Result<void> take_from_stream(std::istream& data, const Folder::Take& take, const Call& call) {
  std::vector<std::byte> piece(kStreamPiece);
  while (data.good()) {
    if (auto wanted = still_wanted(call); !wanted) return wanted;
    data.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<std::size_t>(data.gcount());
    if (got == 0) break;
    if (auto taken = take(std::span(piece).first(got)); !taken) return taken;
  }
  if (data.bad()) return ftp_broken("a download ended in the middle");
  return {};
}

Result<void> send_to_stream(std::ostream& data, const Content& content, const Call& call) {
  std::vector<std::byte> piece(kStreamPiece);
  for (std::uint64_t at = 0; at < content.size();) {
    if (auto wanted = still_wanted(call); !wanted) return wanted;
    auto got = content.read(at, piece);
    if (!got) return got.error();
    if (got.value() == 0)
      return Error::retryable("content.damaged", "the stored content ends too early");
    data.write(reinterpret_cast<const char*>(piece.data()),
               static_cast<std::streamsize>(got.value()));
    if (!data) break;
    at += got.value();
  }
  data.flush();
  return {};
}

}  // namespace certbridge::file

#include "charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace certbridge::file {
namespace {

constexpr std::size_t kHead = 256;  // where a declaration of XML stands
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::string lower(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return folded;
}

// What <?xml encoding="..."?> says, in lower case; empty when there is none.
std::string declared_encoding(std::string_view head) {
  if (head.starts_with(kUtf8Mark)) head.remove_prefix(kUtf8Mark.size());
  if (!head.starts_with("<?xml")) return {};
  head = head.substr(0, head.find("?>"));
  auto at = head.find("encoding");
  if (at == std::string_view::npos) return {};
  at = head.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const auto end = head.find(head[at], at + 1);
  return end == std::string_view::npos ? std::string() : lower(head.substr(at + 1, end - at - 1));
}

bool is_chinese_name(const std::string& name) {
  return name == "gbk" || name == "gb2312" || name == "gb18030" || name == "cp936";
}

Error wrong(const std::string& why) { return Error::permanent("file.charset", why); }

}  // namespace

Charset charset_named(std::string_view name) {
  if (name == "utf-8") return Charset::kUtf8;
  if (name == "gbk") return Charset::kGbk;
  if (name == "gb18030") return Charset::kGb18030;
  return name == "detect" ? Charset::kDetect : Charset::kAny;
}

// Runs bytes through iconv and throws the characters away.
class CharsetCheck::Decoder {
 public:
  explicit Decoder(const char* name) : converter_(::iconv_open("UCS-4LE", name)) {
    if (converter_ == kNone) wrong_at_ = 0;
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() {
    if (converter_ != kNone) ::iconv_close(converter_);
  }

  void add(std::span<const std::byte> bytes) {
    if (wrong_at_) return;
    rest_.insert(rest_.end(), reinterpret_cast<const char*>(bytes.data()),
                 reinterpret_cast<const char*>(bytes.data()) + bytes.size());
    char* in = rest_.data();
    std::size_t left = rest_.size();
    while (left > 0) {
      std::array<char, 16384> characters{};
      char* out = characters.data();
      std::size_t room = characters.size();
      if (::iconv(converter_, &in, &left, &out, &room) != static_cast<std::size_t>(-1)) continue;
      if (errno == E2BIG) continue;
      if (errno != EINVAL) wrong_at_ = passed_ + (rest_.size() - left);
      break;  // EINVAL: the character goes on in the next piece
    }
    passed_ += rest_.size() - left;
    rest_.erase(rest_.begin(), rest_.end() - static_cast<std::ptrdiff_t>(left));
  }
  // Where the first wrong byte is; nothing when all was right.
  std::optional<std::uint64_t> wrong_at() const {
    if (!wrong_at_ && !rest_.empty()) return passed_;
    return wrong_at_;
  }

 private:
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the value that iconv_open() fails with
  inline static const iconv_t kNone = reinterpret_cast<iconv_t>(-1);
  iconv_t converter_;
  std::vector<char> rest_{};  // a character that is not whole yet
  std::uint64_t passed_ = 0;
  std::optional<std::uint64_t> wrong_at_{};
};

CharsetCheck::CharsetCheck(Charset expected) : expected_(expected) {
  if (expected == Charset::kUtf8 || expected == Charset::kDetect)
    utf8_ = std::make_unique<Decoder>("UTF-8");
  if (expected == Charset::kGbk) chinese_ = std::make_unique<Decoder>("GBK");
  if (expected == Charset::kGb18030 || expected == Charset::kDetect)
    chinese_ = std::make_unique<Decoder>("GB18030");
}

CharsetCheck::~CharsetCheck() = default;

void CharsetCheck::add(std::span<const std::byte> bytes) {
  if (head_.size() < kHead) {
    const std::size_t more = std::min(kHead - head_.size(), bytes.size());
    head_.append(reinterpret_cast<const char*>(bytes.data()), more);
  }
  if (utf8_) utf8_->add(bytes);
  if (chinese_) chinese_->add(bytes);
}

bool CharsetCheck::byte_order_mark() const {
  return std::string_view(head_).starts_with(kUtf8Mark);
}

const char* CharsetCheck::chinese_name() const {
  return expected_ == Charset::kGbk ? "GBK" : "GB 18030";
}

Error CharsetCheck::not_decoded() const {
  const Decoder& judged = chinese_ ? *chinese_ : *utf8_;
  std::string expected = expected_ == Charset::kUtf8 ? "UTF-8" : chinese_name();
  if (expected_ == Charset::kDetect) expected = "UTF-8, and not GB 18030 either";
  return wrong("byte " + std::to_string(*judged.wrong_at() + 1) + " of the file is not " +
               expected);
}

Result<std::string> CharsetCheck::finish() {
  if (expected_ == Charset::kAny) return std::string();
  if (head_.starts_with("\xFE\xFF") || head_.starts_with("\xFF\xFE"))
    return wrong("the file begins with the byte-order mark of UTF-16");
  const std::string declared = declared_encoding(head_);
  const bool may_be_utf8 = utf8_ && !utf8_->wrong_at();
  const bool may_be_chinese = chinese_ && !chinese_->wrong_at();
  if (!may_be_utf8 && !may_be_chinese) return not_decoded();
  // Plain ASCII is both: then the declaration says which.
  const bool is_utf8 = may_be_utf8 && !(may_be_chinese && is_chinese_name(declared));
  if (!is_utf8 && byte_order_mark())
    return wrong("the file begins with the byte-order mark of UTF-8 and is to be " +
                 std::string(chinese_name()));
  if (!declared.empty() && is_utf8 == is_chinese_name(declared))
    return wrong("the XML declaration names another charset than the file is in");
  if (is_utf8) return std::string("utf-8");
  return std::string(expected_ == Charset::kGbk ? "gbk" : "gb18030");
}

}  // namespace certbridge::file

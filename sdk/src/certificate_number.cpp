#include <algorithm>

#include "certbridge/identifiers.h"
#include "certbridge/text.h"

namespace certbridge {
namespace {

constexpr std::u32string_view kProvinces =
    U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼国";

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z'); }
bool is_printed(char32_t c) { return c > U' ' && (c < 0x7F || c > 0x9F); }
bool is_ideograph(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }

// What strict and lenient reading allow.
struct Grammar {
  std::size_t longest_place;
  bool any_place;  // any characters, not only ideographs
  std::size_t fewest_digits;
  std::size_t most_digits;
  bool lenient;  // a letter before the serial, a part after it, a void mark at the end
};
constexpr std::size_t kLongestText = 512;  // bytes; the longest number has about 170
constexpr Grammar kStrict{20, false, 7, 7, false};
constexpr Grammar kLenient{30, true, 5, 20, true};

// The parts of a number whose brackets are folded to ASCII, read from left to right.
class Reader {
 public:
  Reader(std::u32string_view text, const Grammar& grammar) : rest_(text), grammar_(grammar) {}

  bool read() {
    return read_province() && take(U"(") && read_year() && take(U")") && read_place() &&
           read_kind() && take(U"第") && read_serial() && take(U"号") && read_void_mark() &&
           rest_.empty();
  }

  std::u32string province{};
  int year = 0;
  std::u32string place{};
  CertificateKind kind = CertificateKind::kTitle;
  std::u32string serial{};
  bool void_mark = false;

 private:
  bool take(std::u32string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  std::u32string take_digits(std::size_t most) {
    std::size_t count = 0;
    while (count < rest_.size() && count < most && is_digit(rest_[count])) ++count;
    std::u32string digits(rest_.substr(0, count));
    rest_.remove_prefix(count);
    return digits;
  }

  bool read_province() {
    if (rest_.empty() || kProvinces.find(rest_.front()) == std::u32string_view::npos) return false;
    province = rest_.substr(0, 1);
    rest_.remove_prefix(1);
    return true;
  }

  bool read_year() {
    const auto digits = take_digits(4);
    if (digits.size() != 4) return false;
    for (const char32_t digit : digits) year = year * 10 + static_cast<int>(digit - U'0');
    return true;
  }

  bool read_place() {
    const auto end = rest_.find(U"不动产");
    if (end == std::u32string_view::npos || end > grammar_.longest_place) return false;
    place = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return std::all_of(place.begin(), place.end(), grammar_.any_place ? is_printed : is_ideograph);
  }

  bool read_kind() {
    if (take(U"不动产权")) return true;
    kind = CertificateKind::kProof;
    return take(U"不动产证明");
  }

  bool read_serial() {
    if (grammar_.lenient && !rest_.empty() && is_letter(rest_.front())) {
      serial = rest_.substr(0, 1);
      rest_.remove_prefix(1);
    }
    const auto digits = take_digits(grammar_.most_digits);
    serial += digits;
    if (digits.size() < grammar_.fewest_digits) return false;
    if (!grammar_.lenient || !take(U"-")) return true;
    const auto suffix = take_digits(10);
    serial += U"-" + suffix;
    return !suffix.empty();
  }

  bool read_void_mark() {
    if (!grammar_.lenient || rest_.empty()) return true;
    void_mark = take(U"(销)") || take(U"(废)");
    take_digits(10);
    return void_mark;
  }

  std::u32string_view rest_;
  Grammar grammar_;
};

// Brackets of the kinds met in the field become round ASCII ones.
std::string fold_brackets(std::string_view text) {
  auto points = decode_utf8(text);
  if (!points) return std::string(text);
  for (char32_t& c : *points) {
    if (c == U'〔' || c == U'[' || c == U'【') c = U'(';
    if (c == U'〕' || c == U']' || c == U'】') c = U')';
  }
  return encode_utf8(*points);
}

// "(销)1" at the end says that the number was voided; it is no part of the number.
std::string without_void_mark(const std::string& text) {
  const auto last_digit = text.find_last_not_of("0123456789");
  if (last_digit == std::string::npos) return text;
  const std::string_view head = std::string_view(text).substr(0, last_digit + 1);
  for (const std::string_view mark : {"(销)", "(废)"}) {
    if (head.size() > mark.size() && head.ends_with(mark)) {
      return std::string(head.substr(0, head.size() - mark.size()));
    }
  }
  return text;
}

// The strict form has no blanks, no full-width digits, and a pair of brackets of one width.
bool is_written_strictly(std::u32string_view raw) {
  const bool opens_wide = raw.find(U'（') != std::u32string_view::npos;
  const bool closes_wide = raw.find(U'）') != std::u32string_view::npos;
  return opens_wide == closes_wide && std::all_of(raw.begin(), raw.end(), [](char32_t c) {
           return is_digit(c) || is_ideograph(c) || c == U'(' || c == U')' || c == U'（' ||
                  c == U'）';
         });
}

Error wrong_shape() {
  return Error::permanent("certificate_number.shape",
                          "a certificate number is written 豫（2026）南阳市不动产权第0000001号 "
                          "(a proof: 不动产证明): province, year in brackets, place, 7 digits");
}

}  // namespace

std::string normalise_certificate_number(std::string_view text) {
  return without_void_mark(fold_brackets(fold_width_and_blanks(text)));
}

std::vector<std::string> split_certificate_numbers(std::string_view text) {
  std::vector<std::string> numbers;
  const auto points = decode_utf8(text);
  if (!points) return {std::string(text)};
  const auto add = [&numbers](std::u32string_view part) {
    while (!part.empty() && (part.front() == U' ' || part.front() == 0x3000)) part.remove_prefix(1);
    while (!part.empty() && (part.back() == U' ' || part.back() == 0x3000)) part.remove_suffix(1);
    if (!part.empty()) numbers.push_back(encode_utf8(part));
  };
  std::size_t from = 0;
  for (std::size_t at = 0; at < points->size(); ++at) {
    if (std::u32string_view(U",，、;；").find((*points)[at]) == std::u32string_view::npos) continue;
    add(std::u32string_view(*points).substr(from, at - from));
    from = at + 1;
  }
  add(std::u32string_view(*points).substr(from));
  return numbers;
}

Result<CertificateNumber> CertificateNumber::parse_strict(std::string_view text) {
  const auto points = decode_utf8(text);
  if (!points || !is_written_strictly(*points)) return wrong_shape();
  return parse(text, true);
}

Result<CertificateNumber> CertificateNumber::parse_lenient(std::string_view text) {
  return parse(text, false);
}

Result<CertificateNumber> CertificateNumber::parse(std::string_view text, bool strictly) {
  if (text.size() > kLongestText) return wrong_shape();
  const auto points = decode_utf8(fold_brackets(fold_width_and_blanks(text)));
  if (!points) return wrong_shape();
  Reader reader(*points, strictly ? kStrict : kLenient);
  if (!reader.read()) return wrong_shape();
  CertificateNumber number;
  number.raw_ = std::string(text);
  number.normalised_ = normalise_certificate_number(text);
  number.kind_ = reader.kind;
  number.province_word_ = encode_utf8(reader.province);
  number.year_ = reader.year;
  number.place_word_ = encode_utf8(reader.place);
  number.serial_ = encode_utf8(reader.serial);
  number.void_mark_ = reader.void_mark;
  return number;
}

}  // namespace certbridge

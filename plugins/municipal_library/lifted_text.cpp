#include "lifted_text.h"

#include <algorithm>
#include <charconv>

namespace certbridge::municipal_library {
namespace {

constexpr std::size_t kLargestRest = 1'000'000;
constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kHexDigits = 4;

bool is_lead(char c) { return static_cast<unsigned char>(c) >= 0x81; }

}  // namespace

TextLifter::TextLifter(std::string member, std::string folded, Charset charset, Take take)
    : member_(std::move(member)),
      folded_(std::move(folded)),
      charset_(charset),
      take_(std::move(take)) {}

Result<void> TextLifter::feed(std::string_view bytes) {
  while (!bytes.empty() && !problem_) {
    const std::size_t run = plain_run(bytes);
    if (run == 0) {
      step(bytes.front());
    } else {
      piece_ += bytes.substr(0, run);
    }
    bytes.remove_prefix(std::max<std::size_t>(run, 1));
  }
  flush();
  if (problem_) return *problem_;
  if (rest_.size() <= kLargestRest) return {};
  return Error::permanent("content.too_large",
                          "the library's answer is above 1 MB without the file that it holds");
}

// How many bytes are a part of a text that is read, each standing for itself.
std::size_t TextLifter::plain_run(std::string_view bytes) const {
  const bool reads = state_ == State::kLifting || state_ == State::kUnfolding;
  if (!reads || escaped_ || second_) return 0;
  const bool gb = charset_ == Charset::kGb18030;
  const auto end = std::find_if(bytes.begin(), bytes.end(), [gb](char c) {
    return c == '"' || c == '\\' || (gb && is_lead(c));
  });
  return static_cast<std::size_t>(end - bytes.begin());
}

void TextLifter::step(char c) {
  const bool is_part = second_ || (charset_ == Charset::kGb18030 && is_lead(c));
  if (is_part) second_ = !second_;
  if (state_ == State::kFolding) {
    // A text that is none of JSON stays as it is.
    state_ = c == '{' || c == '[' ? State::kUnfolding : State::kText;
    if (state_ == State::kText) rest_ += '"';
    if (state_ == State::kUnfolding)
      inner_ = std::make_unique<TextLifter>(member_, "", charset_, take_);
  }
  if (state_ == State::kBetween) return between(c);
  if (state_ == State::kText) return in_text(c, is_part);
  in_read_text(c, is_part);
}

void TextLifter::between(char c) {
  if (c == '"') return begin_text();
  if (c == ':') is_value_ = true;
  if (c == ',' || c == '{' || c == '[' || c == '}' || c == ']') is_value_ = false;
  rest_ += c;
}

void TextLifter::begin_text() {
  const bool lifts = is_value_ && !lifted() && key_ == member_;
  const bool folds =
      is_value_ && !lifted_ && !lifts && !inner_ && !folded_.empty() && key_ == folded_;
  state_ = lifts ? State::kLifting : folds ? State::kFolding : State::kText;
  lifted_ = lifted_ || lifts;
  if (!is_value_) key_.clear();
  if (!folds) rest_ += '"';
}

void TextLifter::in_text(char c, bool is_part) {
  rest_ += c;
  if (!is_part && !escaped_ && c == '"') {
    state_ = State::kBetween;
    return;
  }
  escaped_ = !is_part && !escaped_ && c == '\\';
  if (!is_value_ && key_.size() <= kLongestKey) key_ += c;
}

void TextLifter::in_read_text(char c, bool is_part) {
  if (is_part) {
    escaped_ = false;
    piece_ += c;
  } else if (!escaped_ && c == '"') {
    flush();
    if (state_ == State::kLifting) rest_ += '"';
    state_ = State::kBetween;
  } else if (escaped_) {
    unescape(c);
  } else if (c == '\\') {
    escaped_ = true;
    in_number_ = false;
  } else {
    piece_ += c;
  }
}

void TextLifter::unescape(char c) {
  if (!in_number_ && c != 'u') {
    static constexpr std::string_view kFrom = "nrtbf";
    static constexpr std::string_view kTo = "\n\r\t\b\f";
    const auto at = kFrom.find(c);
    piece_ += at == std::string_view::npos ? c : kTo[at];
    escaped_ = false;
    return;
  }
  if (!in_number_) {
    in_number_ = true;
    return number_.clear();
  }
  number_ += c;
  if (number_.size() < kHexDigits) return;
  escaped_ = false;
  unsigned code = 0;
  std::from_chars(number_.data(), number_.data() + number_.size(), code, 16);
  // Inside a text of JSON the escape of any other character means the same there.
  if (code < 0x80) {
    piece_ += static_cast<char>(code);
  } else {
    piece_ += "\\u" + number_;
  }
}

void TextLifter::flush() {
  if (piece_.empty() || problem_) return;
  Result<void> taken;
  if (state_ == State::kUnfolding) {
    taken = inner_->feed(piece_);
    rest_ += inner_->rest_;
    inner_->rest_.clear();
  } else {
    taken = take_(piece_);
  }
  if (!taken) problem_ = taken.error();
  piece_.clear();
}

}  // namespace certbridge::municipal_library

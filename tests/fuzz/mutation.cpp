#include "mutation.h"

#include <algorithm>
#include <set>

namespace certbridge::fuzz {
namespace {

constexpr std::size_t kLongestWord = 48;
constexpr std::size_t kMostWords = 4000;
constexpr std::size_t kMostChanges = 6;
constexpr std::size_t kMostRepeats = 64;

const std::vector<std::string> kOdd{std::string(1, '\0'),
                                    "\xff",
                                    "\x80",
                                    "\xf0\x9f\x98\x80",
                                    "\xed\xa0\x80",
                                    "\xef\xbf\xbe",
                                    "\r\n\r\n",
                                    "-1",
                                    "0",
                                    "9999999999999999999",
                                    "2147483648",
                                    "1e309",
                                    "\"",
                                    "'",
                                    "<",
                                    ">",
                                    "&#0;",
                                    "&amp;",
                                    "<![CDATA[",
                                    "]]>",
                                    "{",
                                    "}",
                                    "[",
                                    "]",
                                    "\\ud800",
                                    "%00",
                                    "../",
                                    "０",
                                    "（",
                                    "\xe3\x80\x80",
                                    std::string("\xff\xff\xff\xff", 4),
                                    std::string(8, '\0')};

bool is_delimiter(char c) {
  return std::string_view(" \t\r\n<>\"'=&;:/,{}[]()").find(c) != std::string_view::npos;
}

}  // namespace

Mutator::Mutator(std::uint64_t seed, std::vector<std::string> corpus, std::size_t longest)
    : random_(seed), corpus_(std::move(corpus)), longest_(longest) {
  collect_words();
}

void Mutator::collect_words() {
  std::set<std::string> seen;
  for (const std::string& text : corpus_) {
    for (std::size_t at = 0; at < text.size() && seen.size() < kMostWords;) {
      std::size_t end = at;
      while (end < text.size() && !is_delimiter(text[end])) ++end;
      if (end > at && end - at <= kLongestWord) seen.insert(text.substr(at, end - at));
      at = end + 1;
    }
  }
  words_.assign(seen.begin(), seen.end());
  words_.insert(words_.end(), kOdd.begin(), kOdd.end());
}

std::size_t Mutator::below(std::size_t limit) {
  return limit == 0 ? 0 : static_cast<std::size_t>(random_() % limit);
}

const std::string& Mutator::one_of(const std::vector<std::string>& texts) {
  return texts[below(texts.size())];
}

std::string Mutator::piece_of(const std::string& text) {
  const std::size_t start = below(text.size());
  return text.substr(start, 1 + below(std::min<std::size_t>(text.size() - start, 256)));
}

std::string Mutator::next() {
  std::string input = one_of(corpus_);
  for (std::size_t left = 1 + below(kMostChanges); left > 0; --left) change(input);
  if (input.size() > longest_) input.resize(longest_);
  return input;
}

void Mutator::change(std::string& input) {
  if (below(3) == 0) return change_length(input);
  change_byte(input);
}

// Keeps the length, or nearly.
void Mutator::change_byte(std::string& input) {
  if (input.empty()) return change_length(input);
  const std::size_t at = below(input.size());
  switch (below(5)) {
    case 0:
      input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
      break;
    case 1:
      input[at] = static_cast<char>(random_());
      break;
    case 2:
      input[at] = static_cast<char>(input[at] + (below(2) == 0 ? 1 : -1));
      break;
    case 3:
      input.replace(at, std::min<std::size_t>(input.size() - at, 1 + below(16)), one_of(words_));
      break;
    default:
      std::swap(input[at], input[below(input.size())]);
  }
}

void Mutator::change_length(std::string& input) {
  const std::size_t at = below(input.size() + 1);
  switch (below(5)) {
    case 0:
      input.erase(at, 1 + below(32));
      break;
    case 1:
      input.insert(at, one_of(words_));
      break;
    case 2:
      input.insert(at, piece_of(one_of(corpus_)));
      break;
    case 3:
      input.resize(at);
      break;
    default: {
      const std::string piece = piece_of(input);
      for (std::size_t left = 1 + below(kMostRepeats); left > 0 && input.size() < longest_; --left)
        input.insert(at, piece);
    }
  }
}

}  // namespace certbridge::fuzz

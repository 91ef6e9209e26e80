#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "certbridge/text.h"
#include "fuzz.h"

namespace certbridge::fuzz {
namespace {

constexpr std::size_t kLongestMessage = 2000;
constexpr std::size_t kLongestDigits = 11;  // a longer run may be somebody's number

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_code(const std::string& code) {
  return !code.empty() && code.find('.') != std::string::npos && code.front() != '.' &&
         code.back() != '.' && std::all_of(code.begin(), code.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '.';
         });
}

}  // namespace

const std::vector<std::string>& personal() {
  static const std::vector<std::string> words{"欧阳测试", "11010519491231002X", "隐私路8号"};
  return words;
}

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::string source_file(const std::string& path) {
  std::ifstream in(std::string(CERTBRIDGE_SOURCE_DIR) + "/" + path, std::ios::binary);
  require(in.good(), "there is no file " + path);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

void require(bool holds, const std::string& sentence) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", sentence.c_str());
  std::abort();
}

void require_proper(std::string_view message) {
  const std::string shown(message);
  require(check_text(message).ok(), "a message is proper text: " + shown);
  require(message.size() <= kLongestMessage, "a message is short: " + shown);
}

void require_harmless(std::string_view message, std::string_view input) {
  require_proper(message);
  const std::string shown(message);
  for (const std::string& word : personal()) {
    require(message.find(word) == std::string_view::npos, "no personal data in: " + shown);
  }
  for (std::size_t at = 0; at < message.size();) {
    std::size_t end = at;
    while (end < message.size() && is_digit(message[end])) ++end;
    const std::string_view run = message.substr(at, end - at);
    require(run.size() <= kLongestDigits || input.find(run) == std::string_view::npos,
            "no long number of the input in: " + shown);
    at = end + 1;
  }
}

void require_refused_file(const Error& error) {
  require(is_code(error.code), "an error has a dotted code, not \"" + error.code + "\"");
  require(!error.message.empty(), "an error has a sentence");
  require_proper(error.message);
}

void require_refusal(const Error& error, std::string_view input) {
  require_refused_file(error);
  require_harmless(error.message, input);
}

}  // namespace certbridge::fuzz

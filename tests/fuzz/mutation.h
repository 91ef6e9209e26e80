// Changes inputs the way that breaks parsers: bytes, pieces, words of other inputs.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace certbridge::fuzz {

// The same seed and the same corpus give the same inputs on every machine. One thread.
class Mutator {
 public:
  // The corpus must not be empty; inputs grow no longer than `longest` bytes.
  Mutator(std::uint64_t seed, std::vector<std::string> corpus, std::size_t longest);
  std::string next();

 private:
  std::size_t below(std::size_t limit);  // 0 when `limit` is 0
  const std::string& one_of(const std::vector<std::string>& texts);
  std::string piece_of(const std::string& text);
  void change(std::string& input);
  void change_byte(std::string& input);
  void change_length(std::string& input);
  void collect_words();

  std::mt19937_64 random_;
  std::vector<std::string> corpus_;
  std::vector<std::string> words_{};  // what stands between delimiters in the corpus
  std::size_t longest_;
};

}  // namespace certbridge::fuzz

// Takes one long text out of a JSON answer while its bytes come, so that neither stands in memory.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "certbridge/result.h"
#include "dialect.h"

namespace certbridge::municipal_library {

// Reads JSON as it comes, cut anywhere. What is no JSON is noticed by whoever parses the rest. One
// thread.
class TextLifter {
 public:
  // Takes pieces of the text, unescaped; an error ends the reading.
  using Take = std::function<Result<void>(std::string_view)>;
  // Lifts the first text of a member of this name. A member of the name `folded` may hold its value
  // as a text of JSON: that is unfolded on the way.
  TextLifter(std::string member, std::string folded, Charset charset, Take take);
  // "content.too_large" when the rest is above 1 MB, and what `take` answers.
  Result<void> feed(std::string_view bytes);
  bool lifted() const { return lifted_ || (inner_ && inner_->lifted()); }
  // The answer, with "" in place of the text.
  const std::string& rest() const { return rest_; }

 private:
  enum class State : std::uint8_t { kBetween = 1, kText, kFolding, kUnfolding, kLifting };
  std::size_t plain_run(std::string_view bytes) const;
  void step(char c);
  void between(char c);
  void begin_text();
  void in_text(char c, bool is_part);
  void in_read_text(char c, bool is_part);
  void unescape(char c);
  // Gives what was read out of its escapes to whoever takes it.
  void flush();

  std::string member_;
  std::string folded_;
  Charset charset_;
  Take take_;
  State state_ = State::kBetween;
  bool second_ = false;  // the second byte of a character of GB18030 comes
  bool is_value_ = false;
  bool escaped_ = false;
  bool in_number_ = false;  // of \u
  std::string number_{};
  std::string key_{};
  std::string piece_{};
  std::string rest_{};
  bool lifted_ = false;
  std::unique_ptr<TextLifter> inner_{};
  std::optional<Error> problem_{};
};

}  // namespace certbridge::municipal_library

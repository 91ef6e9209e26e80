// What a library answered, read without trust: whatever it sends, this ends in values or an error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect.h"
#include "values.h"

namespace certbridge::municipal_library {

// What an entry holds, in its order. A member inside another one has the names on the way to it,
// joined by "/"; the entries of a list are numbered from 1. Never empty names or values.
struct Member {
  std::string name{};
  std::string value{};
};
using Members = std::vector<Member>;

// One answer. Cheap to move; any thread may read it.
class Answer {
 public:
  // "municipal.garbled" (retryable: whether the library acted is not known) for what is not text of
  // the charset, not JSON, nested too deeply, or has no code.
  static Result<Answer> parse(std::string_view body, const Dialect& dialect);
  const std::string& code() const { return code_; }
  // Its words, short, with long runs of digits taken out: they may be somebody's number.
  const std::string& words() const { return words_; }
  // A text or number inside the data, by path; nothing when it is absent, empty or of another kind.
  std::optional<std::string> field(std::string_view path) const;
  // The objects of a list inside the data, each with its texts and numbers. One object counts as a
  // list of one; "", null, [] and {} as an empty one.
  std::vector<Texts> list(std::string_view path) const;
  // The objects of the list of certificates with all that they hold, at most `most` of them. Data
  // that are themselves the list, or its only entry, count as well; "", null, [] and {} are an
  // empty one. The members of the face come last, under their own names. "municipal.too_much": an
  // entry has more than 500 members, or all of them together are above 8 MB.
  Result<std::vector<Members>> entries(const FoundRule& rule, std::size_t most) const;

 private:
  struct Document;
  std::shared_ptr<const Document> document_{};  // shared: answers are copied as values
  std::string code_{};
  std::string words_{};
};

// At most 120 characters; runs of six and more digits become "…"; control characters go.
std::string scrub(std::string_view text);

}  // namespace certbridge::municipal_library

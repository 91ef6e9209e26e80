#include "access/policy/type_scope.h"

#include <algorithm>

namespace certbridge::host {

TypeScope TypeScope::every() {
  TypeScope scope;
  scope.every_ = true;
  return scope;
}

TypeScope TypeScope::of(const std::vector<std::string>& codes) {
  TypeScope scope;
  scope.codes_.insert(codes.begin(), codes.end());
  scope.codes_.erase("*");
  return scope;
}

TypeScope TypeScope::of_words(const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), "*") == words.end() ? of(words) : every();
}

TypeScope TypeScope::cut_to(const TypeScope& other) const {
  if (other.every_) return *this;
  if (every_) return other;
  TypeScope both;
  std::set_intersection(codes_.begin(), codes_.end(), other.codes_.begin(), other.codes_.end(),
                        std::inserter(both.codes_, both.codes_.end()));
  return both;
}

TypeScope TypeScope::without(const std::set<std::string, std::less<>>& codes) const {
  TypeScope rest = *this;
  for (const std::string& code : codes) rest.codes_.erase(code);
  return rest;
}

std::vector<std::string> TypeScope::words() const {
  if (every_) return {"*"};
  return {codes_.begin(), codes_.end()};
}

}  // namespace certbridge::host

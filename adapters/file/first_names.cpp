#include "first_names.h"

#include <algorithm>

namespace certbridge::file {

void FirstNames::add(std::string_view name) {
  if (heap_.size() < most_) {
    heap_.emplace_back(name);
    std::push_heap(heap_.begin(), heap_.end());
    return;
  }
  cut_ = true;
  if (heap_.empty() || name >= heap_.front()) return;
  std::pop_heap(heap_.begin(), heap_.end());
  heap_.back() = name;
  std::push_heap(heap_.begin(), heap_.end());
}

std::vector<std::string> FirstNames::take() {
  std::vector<std::string> names = std::move(heap_);
  heap_.clear();
  std::sort_heap(names.begin(), names.end());
  return names;
}

}  // namespace certbridge::file

#include "search/search.h"

#include <algorithm>

#include "journal/failure.h"
#include "search/descent.h"
#include "search/search_file.h"
#include "search/search_folder.h"

namespace certbridge::host {
namespace {

// What one page may cost: numbers compared, messages looked at that no index knows of.
constexpr std::size_t kMostSteps = 50'000;
constexpr std::int64_t kMostWalked = 100'000;
constexpr std::int64_t kWalk = 10'000;      // looked at in one snapshot
constexpr std::int64_t kMostAdded = 5'000;  // not in the index yet
constexpr std::size_t kBlock = 256;

NumberRange within(const NumberRange& one, const NumberRange& other) {
  return {std::max(one.low, other.low), std::min(one.high, other.high)};
}
bool is_empty(const NumberRange& range) { return range.low > range.high; }

class Search {
 public:
  Search(const SearchFolder& folder, SearchSource& source, const SearchQuestion& question)
      : folder_(folder), source_(source), question_(question) {
    for (const SearchTerm& term : question.terms) digests_.push_back(source.digest(term));
  }

  SearchAnswer run() {
    const std::int64_t newest = taken(source_.newest());
    high_ = question_.before > 0 ? std::min(newest, question_.before - 1) : newest;
    std::int64_t above = newest;  // what is higher was looked at
    std::int64_t floor = 0;
    const std::vector<std::string> months = folder_.months();
    for (auto month = months.rbegin(); month != months.rend() && !over_; ++month) {
      const auto file = open(*month);
      floor = std::max(floor, file->floor());
      look_without_index({file->ends() + 1, above});
      look_in(*month, *file);
      above = std::min(above, file->begins());
    }
    look_without_index({digests_.empty() ? 1 : floor + 1, above});
    finish();
    return std::move(answer_);
  }

 private:
  // Whatever turns out to be damaged is marked, so that it is made anew.
  template <class Read>
  auto guarded(const std::string& month, const Read& read) {
    try {
      return read();
    } catch (const Failure& failure) {
      if (failure.error().code == "journal.damaged") folder_.distrust(month);
      throw Failure(search_error(failure.error()));
    }
  }

  std::unique_ptr<SearchFile> open(const std::string& month) {
    return guarded(month, [&] {
      return SearchFile::open_to_read(folder_.file_of(month), source_.identity());
    });
  }

  void look_in(const std::string& month, SearchFile& file) {
    NumberRange range = within({file.begins() + 1, file.ends()}, {1, high_});
    if (over_ || is_empty(range)) return;
    if (question_.filter.from || question_.filter.until) {
      const auto stored = guarded(month, [&] {
        return file.stored_between(question_.filter.from, question_.filter.until);
      });
      if (!stored) return;
      range = within(range, *stored);
    }
    if (digests_.empty()) return walk(range);
    std::vector<Descent> lists;
    for (const std::string& digest : digests_) {
      lists.emplace_back([&, digest](std::int64_t high, std::size_t limit) {
        return guarded(month, [&] { return file.numbers(digest, {range.low, high}, limit); });
      });
    }
    // What is done is nearly everything, and in no index: it is looked at one by one.
    if (question_.filter.state && *question_.filter.state != MessageState::kDone) {
      lists.emplace_back([&](std::int64_t high, std::size_t limit) {
        return taken(source_.numbers({question_.filter.state, {}, {}}, {range.low, high}, limit));
      });
    }
    meet(lists, range);
  }

  void meet(std::vector<Descent>& lists, const NumberRange& range) {
    std::vector<std::int64_t> block;
    std::int64_t high = range.high;
    while (!over_) {
      const auto number = common_at_most(lists, high, steps_);
      if (number) block.push_back(*number);
      if (block.size() >= std::min(kBlock, left()) || !number) {
        take(block);
        block.clear();
      }
      if (!number) {
        if (steps_ == 0) stop_at(high + 1);
        return;
      }
      high = *number - 1;
      if (high < range.low) break;
    }
    take(block);
  }

  // Of a range that no file covers.
  void look_without_index(const NumberRange& all) {
    const NumberRange range = within(all, {1, high_});
    if (over_ || is_empty(range)) return;
    if (digests_.empty()) return walk(range);
    if (range.high - range.low >= kMostAdded) {
      answer_.behind += static_cast<std::uint64_t>(range.high - range.low + 1);
      return;
    }
    const auto entries = taken(source_.entries(range, kMostAdded));
    std::vector<std::int64_t> numbers;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      if (has_all(*entry)) numbers.push_back(entry->number);
    }
    take(numbers);
  }

  bool has_all(const SearchEntry& entry) const {
    return std::all_of(digests_.begin(), digests_.end(), [&](const std::string& digest) {
      return std::find(entry.digests.begin(), entry.digests.end(), digest) != entry.digests.end();
    });
  }

  // One state but `done` is read from an index of the journal; otherwise every message is looked
  // at.
  void walk(NumberRange range) {
    const bool indexed = question_.filter.state && *question_.filter.state != MessageState::kDone;
    while (!over_ && !is_empty(range)) {
      const NumberRange piece =
          indexed ? range : within(range, {range.high - kWalk + 1, range.high});
      const std::size_t wanted = left();
      const auto numbers = taken(source_.numbers(question_.filter, piece, wanted));
      take(numbers);
      if (over_ || numbers.size() == wanted) {  // there may be more of them here
        range.high = numbers.back() - 1;
        continue;
      }
      if (indexed) return;
      range.high = piece.low - 1;
      walked_ += kWalk;
      if (walked_ >= kMostWalked) stop_at(piece.low);
    }
  }

  std::size_t left() const { return question_.limit + 1 - answer_.found.size(); }

  // One more than fits on the page is asked for: it says whether there is a next one.
  void take(const std::vector<std::int64_t>& numbers) {
    if (over_ || numbers.empty()) return;
    for (FoundMessage& one : taken(source_.fitting(numbers, question_.filter, left()))) {
      answer_.found.push_back(std::move(one));
    }
    over_ = left() == 0;
  }
  void stop_at(std::int64_t before) {
    answer_.next = before;
    over_ = true;
  }
  void finish() {
    if (answer_.found.size() <= question_.limit) return;
    answer_.found.resize(question_.limit);
    answer_.next = answer_.found.back().number;
  }

  const SearchFolder& folder_;
  SearchSource& source_;
  const SearchQuestion& question_;
  std::vector<std::string> digests_{};
  std::int64_t high_ = 0;
  SearchAnswer answer_{};
  std::size_t steps_ = kMostSteps;
  std::int64_t walked_ = 0;
  bool over_ = false;  // the page is full, or costs as much as one may
};

}  // namespace

Result<SearchAnswer> search_messages(const std::string& data_folder, SearchSource& source,
                                     const SearchQuestion& question) {
  try {
    const SearchFolder folder(data_folder);
    return Search(folder, source, question).run();
  } catch (const Failure& failure) {
    return failure.error();
  }
}

}  // namespace certbridge::host

#include "access/records/access_index.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "access/records/access_source.h"
#include "journal/failure.h"
#include "search/descent.h"
#include "search/search_filler.h"
#include "search/search_folder.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostSteps = 50'000;  // numbers compared for one page

std::string index_folder(const std::string& folder) { return folder + "/index"; }

NumberRange within(const NumberRange& one, const NumberRange& other) {
  return {std::max(one.low, other.low), std::min(one.high, other.high)};
}

// By month. To open one costs as much as to find something in it.
using OpenFiles = std::map<std::string, std::unique_ptr<SearchFile>>;

class Finder {
 public:
  Finder(const SearchFolder& folder, OpenFiles& files, AccessSource& source,
         const AccessQuestion& question)
      : folder_(folder), files_(files), source_(source), question_(question) {
    for (const auto& [kind, value] : question.terms) {
      digests_.push_back(access_digest(source.index_key(), kind, value));
    }
    high_ = question.before == 0 ? INT64_MAX : static_cast<std::int64_t>(question.before) - 1;
  }

  AccessAnswer find() {
    const auto months = folder_.months();
    for (auto month = months.rbegin(); month != months.rend() && !over_; ++month) {
      SearchFile* const file = open(*month);
      NumberRange range = within({file->begins() + 1, file->ends()}, {1, high_});
      if (question_.from || question_.until) {
        const auto stored = file->stored_between(question_.from, question_.until);
        range = stored ? within(range, *stored) : NumberRange{1, 0};
      }
      if (range.low <= range.high) look_in(*file, range);
    }
    return std::move(answer_);
  }

 private:
  // What is damaged is marked, so that the next fill makes it anew.
  SearchFile* open(const std::string& month) {
    auto& file = files_[month];
    try {
      if (!file) file = SearchFile::open_to_read(folder_.file_of(month), source_.identity());
      return file.get();
    } catch (const Failure& failure) {
      if (failure.error().code == "journal.damaged") folder_.distrust(month);
      throw;
    }
  }

  void look_in(SearchFile& file, const NumberRange& range) {
    std::vector<Descent> lists;
    for (const std::string& digest : digests_) {
      lists.emplace_back([&file, &range, digest](std::int64_t high, std::size_t limit) {
        return file.numbers(digest, {range.low, high}, limit);
      });
    }
    std::int64_t high = range.high;
    while (!over_ && high >= range.low) {
      const auto number = lists.empty() ? one_less(high) : common_at_most(lists, high, steps_);
      if (!number && steps_ == 0) return stop_at(high + 1);
      if (!number) return;
      high = *number - 1;
      take(*number);
    }
  }

  std::optional<std::int64_t> one_less(std::int64_t high) {
    if (steps_ == 0) return {};
    --steps_;
    return high;
  }

  // Minutes are coarser than the period that was asked for.
  void take(std::int64_t number) {
    auto read = source_.record(static_cast<std::uint64_t>(number));
    if (read && read->record.kind == AccessKind::kReference) read = referred_by(*read);
    if (!read || (question_.from && read->written < *question_.from) ||
        (question_.until && read->written >= *question_.until)) {
      return;
    }
    if (answer_.found.size() == question_.limit) return stop_at(last_);
    answer_.found.push_back(std::move(*read));
    last_ = number;
  }

  // None where it is found by itself.
  std::optional<ReadAccess> referred_by(const ReadAccess& reference) {
    auto read = source_.record(reference.record.refers_to);
    if (!read || read->about_is_gone) return {};
    const auto own = access_digests(source_.index_key(), read->record);
    const bool by_itself =
        std::all_of(digests_.begin(), digests_.end(), [&own](const std::string& digest) {
          return std::find(own.begin(), own.end(), digest) != own.end();
        });
    return by_itself ? std::nullopt : std::move(read);
  }

  void stop_at(std::int64_t before) {
    answer_.next = static_cast<std::uint64_t>(before);
    over_ = true;
  }

  const SearchFolder& folder_;
  OpenFiles& files_;
  AccessSource& source_;
  const AccessQuestion& question_;
  std::vector<std::string> digests_{};
  std::int64_t high_ = 0;
  std::int64_t last_ = 0;  // number by which the last one was found
  AccessAnswer answer_{};
  std::size_t steps_ = kMostSteps;
  bool over_ = false;  // the page is full, or costs as much as one may
};

}  // namespace

class AccessIndex::Parts {
 public:
  Parts(const std::string& folder, const std::string& node, const Key& master, const Clock& clock)
      : folder_(index_folder(folder)),
        source_(SegmentFolder(folder), node, master, index_folder(folder)),
        filler_({index_folder(folder)}, source_, clock) {}

  Result<std::uint64_t> fill(const std::stop_token& stop) {
    files_.clear();
    if (!is_open_) {
      if (const auto opened = filler_.open(); !opened) return opened.error();
      is_open_ = true;
    }
    const auto filled = filler_.fill(stop);
    if (!filled) return filled.error();
    return filled.value().entered;
  }

  Result<AccessAnswer> find(const AccessQuestion& question) {
    if (const auto newest = source_.newest(); !newest) return newest.error();
    try {
      return Finder(folder_, files_, source_, question).find();
    } catch (const Failure& failure) {
      files_.clear();
      return search_error(failure.error());
    }
  }

 private:
  SearchFolder folder_;
  AccessSource source_;
  SearchFiller filler_;
  OpenFiles files_{};
  bool is_open_ = false;
};

AccessIndex::AccessIndex(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
AccessIndex::~AccessIndex() = default;

Result<std::unique_ptr<AccessIndex>> AccessIndex::open(const std::string& folder,
                                                       const std::string& node,
                                                       const std::string& master_key,
                                                       const Clock& clock) {
  Key master{};
  if (master_key.size() != master.size()) {
    return Error::fault("access.key", "the master key has no 32 bytes");
  }
  std::copy(master_key.begin(), master_key.end(), master.begin());
  std::error_code problem;
  std::filesystem::create_directories(index_folder(folder), problem);
  if (problem) {
    return Error::retryable("access.failed", index_folder(folder) + ": " + problem.message());
  }
  return std::unique_ptr<AccessIndex>(
      new AccessIndex(std::make_unique<Parts>(folder, node, master, clock)));
}

Result<std::uint64_t> AccessIndex::fill(const std::stop_token& stop) { return parts_->fill(stop); }
Result<AccessAnswer> AccessIndex::find(const AccessQuestion& question) {
  return parts_->find(question);
}

void forget_access_index(const std::string& folder) {
  const SearchFolder search(index_folder(folder));
  for (const std::string& month : search.months()) search.distrust(month);
}

}  // namespace certbridge::host

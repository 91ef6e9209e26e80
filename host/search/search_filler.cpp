#include "search/search_filler.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "journal/failure.h"
#include "journal/keyring.h"

namespace certbridge::host {
namespace {

bool is_damage(const Failure& failure) { return failure.error().code == "journal.damaged"; }

}  // namespace

SearchFiller::SearchFiller(FillerSettings settings, SearchSource& source, const Clock& clock)
    : settings_(std::move(settings)),
      folder_(settings_.data_folder),
      source_(source),
      clock_(clock),
      identity_(source.identity()) {}

SearchFiller::~SearchFiller() {
  close_file();
  if (lock_ >= 0) ::close(lock_);
}

Result<void> SearchFiller::open() {
  const auto failed = [&] {
    return Error::retryable("search.failed", "the folder " + folder_.path() +
                                                 " of the search index: " + std::strerror(errno));
  };
  if (mkdir(folder_.path().c_str(), 0700) != 0 && errno != EEXIST) return failed();
  lock_ = ::open(folder_.lock_file().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return failed();
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(std::exchange(lock_, -1));
    return Error::permanent("search.in_use", "a running host fills the search index");
  }
  return {};
}

void SearchFiller::close_file() {
  file_.reset();
  month_.clear();
}

Result<FillerReport> SearchFiller::fill(const std::stop_token& stop) {
  FillerReport report;
  // Damage that is met while filling is made good at once; what goes on being damaged is an error.
  for (int rounds = 0; rounds < 3; ++rounds) {
    try {
      remove_distrusted(report);
      drop_old(report);
      while (!whole_ && !stop.stop_requested()) {
        const auto gap = first_gap(report);
        whole_ = !gap;
        if (gap) fill_gap(*gap, stop, report);
      }
      if (whole_) fill_gap(tail_, stop, report);
      if (file_ != nullptr) tail_ = {file_->ends(), INT64_MAX, month_, "9999-12", ""};
      return report;
    } catch (const Failure& failure) {
      const std::string month = month_;
      close_file();
      whole_ = false;
      if (!is_damage(failure) || month.empty()) return search_error(failure.error());
      folder_.remove(month);
      report.removed.push_back(month);
    }
  }
  return search_error(Error::fault("journal.damaged", ""));
}

void SearchFiller::remove_distrusted(FillerReport& report) {
  for (const std::string& month : folder_.distrusted()) {
    if (month == month_) close_file();
    folder_.remove(month);
    report.removed.push_back(month);
    whole_ = false;
  }
}

// The newest file stays whatever its age: it says how far the index has come.
void SearchFiller::drop_old(FillerReport& report) {
  if (settings_.retention.count() == 0) return;
  std::vector<std::string> months = folder_.months();
  while (months.size() > 1 && end_of_month(months.front()) + settings_.retention <= clock_.now()) {
    const std::string month = months.front();
    months.erase(months.begin());
    whole_ = false;
    close_file();
    const auto old = open_or_remove(month, report);
    if (old == nullptr) return;
    for (const std::string& later : months) {
      if (const auto file = open_or_remove(later, report)) file->set_floor(old->ends());
    }
    folder_.remove(month);
    report.dropped.push_back(month);
  }
}

std::unique_ptr<SearchFile> SearchFiller::open_or_remove(const std::string& month,
                                                         FillerReport& report) {
  try {
    return SearchFile::open_to_fill(folder_.file_of(month), identity_);
  } catch (const Failure& failure) {
    if (!is_damage(failure)) throw;
    folder_.remove(month);
    report.removed.push_back(month);
    return nullptr;
  }
}

std::optional<SearchFiller::Gap> SearchFiller::first_gap(FillerReport& report) {
  close_file();
  std::int64_t floor = 0;
  std::int64_t covered = 0;
  std::string before;
  for (const std::string& month : folder_.months()) {
    const auto file = open_or_remove(month, report);
    if (file == nullptr) continue;
    floor = std::max(floor, file->floor());
    covered = std::max(covered, floor);
    if (file->begins() > covered) {
      return Gap{covered, file->begins(), before, std::max(before, month_before(month)), month};
    }
    covered = std::max(covered, file->ends());
    before = month;
  }
  tail_ = {covered, INT64_MAX, before, "9999-12", ""};
  return std::nullopt;
}

void SearchFiller::fill_gap(const Gap& gap, const std::stop_token& stop, FillerReport& report) {
  std::int64_t after = gap.after;
  while (!stop.stop_requested()) {
    const auto entries = taken(source_.entries({after + 1, gap.upto}, settings_.batch));
    if (entries.empty()) return finish(gap, after);
    enter(entries, gap);
    after = entries.back().number;
    report.entered += entries.size();
  }
}

// A file is filled until a message of a later month comes; a clock that goes back changes nothing
// of that, so that each file covers one range of numbers.
void SearchFiller::enter(const std::vector<SearchEntry>& entries, const Gap& gap) {
  const auto month_for = [&](const SearchEntry& entry) {
    const std::string& lowest = file_ == nullptr ? gap.lowest : month_;
    return std::max(lowest, std::min(month_of(entry.stored), gap.highest));
  };
  for (auto first = entries.begin(); first != entries.end();) {
    use_file(month_for(*first), file_ == nullptr ? gap.after : file_->ends());
    auto last = first;
    while (last != entries.end() && month_for(*last) == month_) ++last;
    file_->add({first, last}, (last - 1)->number);
    first = last;
  }
}

void SearchFiller::use_file(const std::string& month, std::int64_t after) {
  if (month == month_) return;
  const auto months = folder_.months();
  const bool is_there = std::find(months.begin(), months.end(), month) != months.end();
  month_ = month;  // before it is opened: what is damaged is known by its name
  file_ = is_there ? SearchFile::open_to_fill(folder_.file_of(month), identity_)
                   : SearchFile::make(folder_.file_of(month), identity_, after);
}

// Of the numbers up to the end of the gap the journal has no more messages: nothing is missing.
void SearchFiller::finish(const Gap& gap, std::int64_t after) {
  if (gap.next.empty()) return;
  if (after > gap.after) {
    file_->add({}, gap.upto);
  } else if (!gap.lowest.empty()) {
    use_file(gap.lowest, gap.after);
    file_->add({}, gap.upto);
  } else {
    use_file(gap.next, gap.after);
    file_->set_floor(gap.upto);
  }
  close_file();
}

}  // namespace certbridge::host

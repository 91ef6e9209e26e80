// Fills the search files behind the journal, and makes anew what is missing or damaged.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "certbridge/context.h"
#include "search/search_file.h"
#include "search/search_folder.h"

namespace certbridge::host {

struct FillerSettings {
  std::string data_folder{};
  // Files are dropped so long after the end of their month; 0: never.
  std::chrono::milliseconds retention{0};
  std::size_t batch = 10'000;  // messages entered in one transaction, at most
};

struct FillerReport {
  std::uint64_t entered = 0;           // messages
  std::vector<std::string> removed{};  // months whose files were damaged
  std::vector<std::string> dropped{};  // months whose time was over
};

// One thread at a time. References outlive it.
class SearchFiller {
 public:
  SearchFiller(FillerSettings settings, SearchSource& source, const Clock& clock);
  ~SearchFiller();
  SearchFiller(const SearchFiller&) = delete;
  SearchFiller& operator=(const SearchFiller&) = delete;

  // Makes the folder and takes it for itself. "search.in_use" when another one fills it.
  Result<void> open();
  // Enters everything that the journal has by now, gaps first; ends after a batch when it is to
  // stop. Each batch is one transaction with the position behind it, so that a process may end
  // anywhere.
  Result<FillerReport> fill(const std::stop_token& stop);

 private:
  // Numbers that no file covers, and the months that files for them may have.
  struct Gap {
    std::int64_t after = 0;
    std::int64_t upto = INT64_MAX;
    std::string lowest{};
    std::string highest{"9999-12"};
    std::string next{};  // the file behind the gap
  };

  void remove_distrusted(FillerReport& report);
  void drop_old(FillerReport& report);
  // Nothing when there is no gap but the one at the end, which is always there: tail_.
  std::optional<Gap> first_gap(FillerReport& report);
  std::unique_ptr<SearchFile> open_or_remove(const std::string& month, FillerReport& report);
  void fill_gap(const Gap& gap, const std::stop_token& stop, FillerReport& report);
  void enter(const std::vector<SearchEntry>& entries, const Gap& gap);
  void use_file(const std::string& month, std::int64_t after);
  void finish(const Gap& gap, std::int64_t after);
  void close_file();

  FillerSettings settings_;
  SearchFolder folder_;
  SearchSource& source_;
  const Clock& clock_;
  std::string identity_{};
  int lock_ = -1;
  Gap tail_{};           // behind the last file, once it is whole
  bool whole_ = false;   // the files were looked at, and nothing is missing between them
  std::string month_{};  // of the file that is being filled
  std::unique_ptr<SearchFile> file_{};
};

}  // namespace certbridge::host

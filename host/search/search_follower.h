// Keeps the search index behind a running host's journal.
#pragma once

#include <thread>

#include "search/search_filler.h"

namespace certbridge::host {

// Owns the thread "search", which fills the index once in `period`. Trouble with it is logged and
// holds up nothing else. References outlive it; destroying it ends the thread after at most one
// batch.
class SearchFollower {
 public:
  SearchFollower(const FillerSettings& settings, SearchSource& source, const Clock& clock,
                 Logger& logger, std::chrono::milliseconds period);

 private:
  void work(const std::stop_token& stop);
  bool pause(const std::stop_token& stop) const;
  void note(const Result<FillerReport>& filled);

  SearchFiller filler_;
  Logger& logger_;
  std::chrono::milliseconds period_;
  std::string trouble_{};  // the code that was logged last; the thread's own
  std::jthread thread_;    // last: it uses the others
};

}  // namespace certbridge::host

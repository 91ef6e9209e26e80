// Messages found by what they are about: newest first, in pages.
#pragma once

#include <string>
#include <vector>

#include "journal/search_source.h"

namespace certbridge::host {

struct SearchQuestion {
  std::vector<SearchTerm> terms{};  // all of them
  SearchFilter filter{};
  std::int64_t before = 0;  // the `next` of the page before; 0: the first page
  std::size_t limit = 100;
};

struct SearchAnswer {
  std::vector<FoundMessage> found{};
  // Where the next page begins; 0: this was the last. A page may have fewer than `limit`, and more
  // behind it, when very many messages had to be looked at.
  std::int64_t next = 0;
  // So many numbers of messages are not in the index (yet) and could not be looked at one by one:
  // what is found by a term may be more.
  std::uint64_t behind = 0;
};

// Asks the files of the index, and of what is not in it yet the journal itself. Any thread. Codes:
// those of search_error() and of the journal.
Result<SearchAnswer> search_messages(const std::string& data_folder, SearchSource& source,
                                     const SearchQuestion& question);

}  // namespace certbridge::host

// What a search reads of the journal: messages by the number of their row, which grows in the order
// in which they were stored. The index itself lies elsewhere (host/search).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/search_term.h"
#include "journal/store.h"

namespace certbridge::host {

// Both ends belong to it; empty when the low one is above the high one.
struct NumberRange {
  std::int64_t low = 1;
  std::int64_t high = INT64_MAX;
};

// What an index keeps of one message.
struct SearchEntry {
  std::int64_t number = 0;
  Timestamp stored{};
  std::vector<std::string> digests{};  // 16 bytes each, each once
};

struct SearchFilter {
  std::optional<MessageState> state{};
  std::optional<Timestamp> from{};   // stored then or later
  std::optional<Timestamp> until{};  // stored before
};

struct FoundMessage {
  std::int64_t number = 0;
  Timestamp stored{};  // of what a step made: when its steps had ended
  StoredMessage message{};
};

// Any thread may ask; each question is answered from one committed snapshot.
class SearchSource {
 public:
  virtual ~SearchSource() = default;

  virtual std::string digest(const SearchTerm& term) const = 0;  // 16 bytes
  // Names the journal without telling of its keys: an index of another one is not its own.
  virtual std::string identity() const = 0;

  virtual Result<std::int64_t> newest() = 0;  // 0 when there is none
  // In ascending order, of several snapshots where they are many. Of a message whose record is
  // damaged there are no digests: `certbridge journal verify` reports it.
  virtual Result<std::vector<SearchEntry>> entries(const NumberRange& range, std::size_t limit) = 0;
  // Newest first. Every state but `done` is read from an index; otherwise all of the range may be
  // looked at, so it is to be narrow.
  virtual Result<std::vector<std::int64_t>> numbers(const SearchFilter& filter,
                                                    const NumberRange& range,
                                                    std::size_t limit) = 0;
  // Those of `numbers` that are there and fit, in the given order; at most `limit`.
  virtual Result<std::vector<FoundMessage>> fitting(const std::vector<std::int64_t>& numbers,
                                                    const SearchFilter& filter,
                                                    std::size_t limit) = 0;
};

}  // namespace certbridge::host

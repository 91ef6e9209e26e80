// Answers of sources that are kept for a short time, encrypted in memory under a key of this
// process, until their time is over or something was delivered.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "certbridge/context.h"
#include "config/queries_config.h"
#include "journal/cipher.h"
#include "observe/metrics.h"

namespace certbridge::host {

// Any thread may call. What is kept is what the source said: who may see how much of it is decided
// for each query anew.
class AnswerCache {
 public:
  // `deliveries` moves on whenever something was delivered; null: never. Counts query_cache{route,
  // outcome}: "hit", "miss", and "emptied" when a delivery made it forget something. All outlive
  // it.
  AnswerCache(const QueryCache& settings, const std::string& route, const Clock& clock,
              MetricsRegistry& metrics, const std::atomic<std::uint64_t>* deliveries);
  ~AnswerCache();
  AnswerCache(const AnswerCache&) = delete;
  AnswerCache& operator=(const AnswerCache&) = delete;

  // Before a source is asked: what it answers is kept only if nothing was delivered since.
  std::uint64_t moment() const;
  struct Kept {
    std::string answer{};
    Timestamp since{};  // when the source was asked
  };
  // `question` is everything that the answer depends on.
  std::optional<Kept> find(const std::string& question);
  // The oldest ones make room; what is larger than all the room is not kept.
  void keep(const std::string& question, std::uint64_t moment, const Kept& kept);

 private:
  struct Entry {
    std::string name{};  // keyed digest of the question
    std::string nonce{};
    std::string sealed{};
    Timestamp since{};
    std::chrono::steady_clock::time_point until{};
  };
  using Place = std::list<Entry>::iterator;
  std::string name_of(const std::string& question) const;
  void forget(Place place);  // with the lock held, as the next one
  void forget_what_is_over();
  void note(const char* outcome);

  const QueryCache& settings_;
  std::string route_;
  const Clock& clock_;
  MetricsRegistry& metrics_;
  const std::atomic<std::uint64_t>* deliveries_;
  Key key_{};
  Key name_key_{};
  std::mutex mutex_{};
  std::list<Entry> entries_{};  // under mutex_, oldest first, as are the next three
  std::map<std::string, Place> places_{};
  std::size_t bytes_ = 0;
  std::uint64_t seen_ = 0;  // deliveries
};

}  // namespace certbridge::host

// One file of the search index: what is found by which digest among the messages of one month. It
// covers one range of numbers without a gap; files beside each other make up the index
// (docs/formats.md). Throws Failure with codes of the journal's database.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "journal/database.h"
#include "journal/search_source.h"

namespace certbridge::host {

// The SQL of it, for a test that holds each to an index.
extern const char* const kSearchTermQuery;     // segment, digest, low, high, limit
extern const char* const kSearchMinutesQuery;  // first minute, last minute
extern const char* const kSearchSpanQuery;

// One thread at a time.
class SearchFile {
 public:
  // "journal.damaged" also when it is the file of another journal or of another form.
  static std::unique_ptr<SearchFile> open_to_read(const std::string& path,
                                                  const std::string& identity);
  static std::unique_ptr<SearchFile> open_to_fill(const std::string& path,
                                                  const std::string& identity);
  // An empty one, for messages behind number `begins`.
  static std::unique_ptr<SearchFile> make(const std::string& path, const std::string& identity,
                                          std::int64_t begins);

  std::int64_t begins() const { return begins_; }  // the number before its first
  std::int64_t ends() const { return ends_; }      // up to here everything is in it
  // Up to this number files were dropped after their time: nothing is missing there.
  std::int64_t floor() const { return floor_; }

  // Enters messages and moves on to number `ends`, both or neither. Again it changes nothing.
  void add(const std::vector<SearchEntry>& entries, std::int64_t ends);
  void set_floor(std::int64_t floor);

  // Newest first.
  std::vector<std::int64_t> numbers(const std::string& digest, const NumberRange& range,
                                    std::size_t limit);
  // A range of numbers outside of which nothing was stored in this time; none when nothing was.
  std::optional<NumberRange> stored_between(const std::optional<Timestamp>& from,
                                            const std::optional<Timestamp>& until);

 private:
  SearchFile(const std::string& path, bool create);
  void prepare_to_fill();
  void read_meta(const std::string& identity);
  void write_meta(const char* name, std::int64_t value);
  template <class Work>
  void in_transaction(const Work& work);

  Connection connection_;
  std::int64_t begins_ = 0;
  std::int64_t ends_ = 0;
  std::int64_t floor_ = 0;
};

}  // namespace certbridge::host

#include "journal/sqlite_search_source.h"

#include <algorithm>

#include "certbridge/text.h"
#include "journal/failure.h"
#include "journal/queries.h"
#include "journal/search_digests.h"
#include "journal/times.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostNumbers = 20'000;
constexpr std::size_t kRowsOfASnapshot = 500;

std::size_t at_most_numbers(std::size_t limit) { return std::min(limit, kMostNumbers); }

SearchEntry to_entry(const Keyring& keys, Statement& row) {
  SearchEntry entry;
  entry.number = row.integer(0);
  entry.stored = time_of(row.integer(9));
  Message message;
  message.type = row.text(4);
  message.area = row.text(5);
  message.media_type = row.text(6);
  message.classified = row.integer(7) == 1;
  message.created = time_of(row.integer(8));
  const std::string place =
      record_place(entry.number, row.integer(1), row.text(2), row.text(3), message);
  try {
    entry.digests = search_digests(keys, decode_record(keys.open(place, row.blob(10))));
  } catch (const Failure&) {
    entry.digests.clear();
  }
  return entry;
}

}  // namespace

template <class Read>
auto SqliteSearchSource::read(const Read& what)
    -> Result<decltype(what(std::declval<Reading&>()))> {
  try {
    Readers::Lease lease(readers_);
    Reading reading{lease.connection(), keys_, contents_};
    return what(reading);
  } catch (const Failure& failure) {
    return failure.error();
  }
}

std::string SqliteSearchSource::digest(const SearchTerm& term) const {
  return search_digest(keys_, term);
}

std::string SqliteSearchSource::identity() const {
  return to_hex_text(keys_.short_digest("search files", ""));
}

Result<std::int64_t> SqliteSearchSource::newest() {
  return read([](Reading& from) {
    return from.connection.number("select max(number) from messages").value_or(0);
  });
}

// Short snapshots: a long one would keep the writer from shortening its log.
Result<std::vector<SearchEntry>> SqliteSearchSource::entries(const NumberRange& range,
                                                             std::size_t limit) {
  std::vector<SearchEntry> found;
  std::int64_t low = range.low;
  while (found.size() < limit) {
    const std::size_t wanted = std::min(kRowsOfASnapshot, limit - found.size());
    const std::size_t before = found.size();
    const auto piece = read([&](Reading& from) {
      Statement& rows =
          from.connection.select("iitttttiiib", kSearchEntriesQuery, low, range.high, wanted);
      while (rows.next()) found.push_back(to_entry(keys_, rows));
      return true;
    });
    if (!piece) return piece.error();
    if (found.size() < before + wanted) break;
    low = found.back().number + 1;
  }
  return found;
}

Result<std::vector<std::int64_t>> SqliteSearchSource::numbers(const SearchFilter& filter,
                                                              const NumberRange& range,
                                                              std::size_t limit) {
  return read([&](Reading& from) {
    std::vector<std::int64_t> found;
    const std::string sql = search_numbers_query(filter.state);
    Statement& rows =
        from.connection.select("i", sql.c_str(), range.low, range.high, number_of(filter.from, 0),
                               number_of(filter.until, INT64_MAX), at_most_numbers(limit));
    while (rows.next()) found.push_back(rows.integer(0));
    return found;
  });
}

Result<std::vector<FoundMessage>> SqliteSearchSource::fitting(
    const std::vector<std::int64_t>& numbers, const SearchFilter& filter, std::size_t limit) {
  return read([&](Reading& from) {
    static const std::string kOne = message_query("where m.number = ?");
    std::vector<FoundMessage> found;
    for (const std::int64_t number : numbers) {
      if (found.size() >= limit) break;
      Statement& head = from.connection.select("ii", kSearchHeadQuery, number);
      if (!head.next()) continue;
      const auto state = static_cast<MessageState>(head.integer(0));
      const Timestamp stored = time_of(head.integer(1));
      head.reset();
      if (filter.state && state != *filter.state) continue;
      if (filter.from && stored < *filter.from) continue;
      if (filter.until && stored >= *filter.until) continue;
      Statement& row = from.connection.select(kMessageLetters, kOne.c_str(), number);
      if (row.next()) found.push_back({number, stored, to_message(from, row)});
      row.reset();
    }
    return found;
  });
}

}  // namespace certbridge::host

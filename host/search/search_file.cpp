#include "search/search_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <map>

#include "journal/failure.h"
#include "journal/stop_point.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kForm = 1;
// So many numbers share one part of the tree of terms: what is entered at one time lies together,
// however many messages there are, and a term is looked for once in each part.
constexpr int kSegmentBits = 16;
constexpr std::int64_t kMinute = 60'000;  // milliseconds

constexpr const char* kTables[] = {
    "create table meta(name text primary key, value text not null) without rowid",
    "create table terms(segment integer not null, digest blob not null, number integer not null, "
    "primary key(segment, digest, number)) without rowid",
    "create table minutes(minute integer primary key, first integer not null, last integer not "
    "null)",
};

struct Term {
  std::int64_t segment = 0;
  std::string_view digest{};
  std::int64_t number = 0;
  auto operator<=>(const Term&) const = default;
};

std::int64_t minute_of(Timestamp when) { return when.time_since_epoch().count() / kMinute; }

Failure of_another(const std::string& what) {
  return Failure(Error::fault("journal.damaged", "the search file " + what));
}

}  // namespace

const char* const kSearchTermQuery =
    "select number from terms where segment = ? and digest = ? and number between ? and ? order by "
    "number desc limit ?";
const char* const kSearchMinutesQuery =
    "select min(first), max(last) from minutes where minute between ? and ?";
const char* const kSearchSpanQuery =
    "select (select min(minute) from minutes), (select max(minute) from minutes)";

SearchFile::SearchFile(const std::string& path, bool create) : connection_(path, create) {}

std::unique_ptr<SearchFile> SearchFile::open_to_read(const std::string& path,
                                                     const std::string& identity) {
  std::unique_ptr<SearchFile> file(new SearchFile(path, false));
  file->read_meta(identity);
  return file;
}

std::unique_ptr<SearchFile> SearchFile::open_to_fill(const std::string& path,
                                                     const std::string& identity) {
  std::unique_ptr<SearchFile> file(new SearchFile(path, false));
  file->read_meta(identity);
  file->prepare_to_fill();
  return file;
}

// Under another name until it is whole: a search that comes by finds it either so or not at all.
std::unique_ptr<SearchFile> SearchFile::make(const std::string& path, const std::string& identity,
                                             std::int64_t begins) {
  const std::string part = path + ".part";
  std::remove(part.c_str());
  {
    SearchFile file(part, true);
    file.in_transaction([&] {
      for (const char* table : kTables) file.connection_.command(table);
      file.connection_.run("insert into meta(name, value) values ('journal', ?)", identity);
      for (const char* name : {"begins", "ends"}) file.write_meta(name, begins);
      file.write_meta("floor", 0);
      file.connection_.command("pragma user_version = " + std::to_string(kForm));
    });
  }
  if (std::rename(part.c_str(), path.c_str()) != 0) {
    throw Failure(Error::retryable("journal.failed", path + ": " + std::strerror(errno)));
  }
  return open_to_fill(path, identity);
}

// Syncs only with a checkpoint: what a power cut takes is entered anew, rows and position together.
void SearchFile::prepare_to_fill() {
  connection_.pragma_text("pragma journal_mode = wal");
  connection_.command("pragma synchronous = normal");
  connection_.pragma("pragma wal_autocheckpoint = 4000");
  connection_.command("pragma cache_size = -16384");
  connection_.command("pragma temp_store = memory");
}

void SearchFile::read_meta(const std::string& identity) {
  if (connection_.pragma("pragma user_version") != kForm) throw of_another("has another form");
  std::map<std::string, std::string> meta;
  Statement& rows = connection_.select("tt", "select name, value from meta");
  while (rows.next()) meta[rows.text(0)] = rows.text(1);
  if (meta["journal"] != identity) throw of_another("is of another journal");
  const auto number = [&meta](const char* name) {
    const std::string& text = meta[name];
    std::int64_t value = -1;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  begins_ = number("begins");
  ends_ = number("ends");
  floor_ = number("floor");
  if (begins_ < 0 || ends_ < begins_ || floor_ < 0) throw of_another("has no position");
}

void SearchFile::write_meta(const char* name, std::int64_t value) {
  connection_.run("insert or replace into meta(name, value) values (?, ?)", std::string(name),
                  std::to_string(value));
}

template <class Work>
void SearchFile::in_transaction(const Work& work) {
  connection_.run("begin immediate");
  try {
    work();
    stop_point("search.before_commit");
    connection_.run("commit");
    stop_point("search.after_commit");
  } catch (const Failure&) {
    if (connection_.in_transaction()) connection_.run("rollback");
    throw;
  }
}

void SearchFile::add(const std::vector<SearchEntry>& entries, std::int64_t ends) {
  std::vector<Term> terms;
  for (const SearchEntry& entry : entries) {
    for (const std::string& digest : entry.digests) {
      terms.push_back({entry.number >> kSegmentBits, digest, entry.number});
    }
  }
  std::sort(terms.begin(), terms.end());
  in_transaction([&] {
    for (const Term& term : terms) {
      connection_.run("insert or ignore into terms(segment, digest, number) values (?, ?, ?)",
                      term.segment, Blob{term.digest}, term.number);
    }
    for (std::size_t i = 0; i < entries.size();) {
      const std::int64_t minute = minute_of(entries[i].stored);
      const std::int64_t first = entries[i].number;
      while (i < entries.size() && minute_of(entries[i].stored) == minute) ++i;
      connection_.run(
          "insert into minutes(minute, first, last) values (?, ?, ?) on conflict(minute) do update "
          "set first = min(first, excluded.first), last = max(last, excluded.last)",
          minute, first, entries[i - 1].number);
    }
    write_meta("ends", ends);
  });
  ends_ = ends;
}

void SearchFile::set_floor(std::int64_t floor) {
  in_transaction([&] { write_meta("floor", floor); });
  floor_ = floor;
}

std::vector<std::int64_t> SearchFile::numbers(const std::string& digest, const NumberRange& range,
                                              std::size_t limit) {
  std::vector<std::int64_t> found;
  const std::int64_t lowest = range.low >> kSegmentBits;
  for (std::int64_t segment = range.high >> kSegmentBits; segment >= lowest; --segment) {
    Statement& rows = connection_.select("i", kSearchTermQuery, segment, Blob{digest}, range.low,
                                         range.high, limit - found.size());
    while (rows.next()) found.push_back(rows.integer(0));
    if (found.size() >= limit) break;
  }
  return found;
}

std::optional<NumberRange> SearchFile::stored_between(const std::optional<Timestamp>& from,
                                                      const std::optional<Timestamp>& until) {
  const NumberRange all{begins_ + 1, ends_};
  Statement& span = connection_.select("ii", kSearchSpanQuery);
  if (!span.next() || span.is_null(0)) return {};
  const std::int64_t first = from ? std::max(minute_of(*from), span.integer(0)) : span.integer(0);
  const std::int64_t last = until ? std::min(minute_of(*until), span.integer(1)) : span.integer(1);
  const bool whole = first == span.integer(0) && last == span.integer(1);
  span.reset();
  if (whole) return all;
  if (first > last) return {};
  Statement& row = connection_.select("ii", kSearchMinutesQuery, first, last);
  std::optional<NumberRange> range;
  if (row.next() && !row.is_null(0)) range = NumberRange{row.integer(0), row.integer(1)};
  row.reset();
  return range;
}

}  // namespace certbridge::host

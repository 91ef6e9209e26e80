// The desk's questions about the register: changes that are half done, and terms that end.
#include <algorithm>

#include "certbridge/certificate.h"
#include "journal/failure.h"
#include "journal/queries.h"
#include "journal/register.h"
#include "journal/sqlite_desk.h"
#include "journal/times.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kMostSets = 10'000;
constexpr std::size_t kMostMembers = 1'000;
constexpr std::int64_t kMostCounted = 100'000;

std::int64_t day_of(const std::optional<std::chrono::sys_days>& day, std::int64_t otherwise) {
  return day ? day->time_since_epoch().count() : otherwise;
}

LinkedSet to_set(const Keyring& keys, Statement& row) {
  LinkedSet set;
  set.id = row.integer(0);
  set.policy = static_cast<ChangePolicy>(row.integer(1));
  set.state = static_cast<LinkedState>(row.integer(2));
  set.opened = time_of(row.integer(3));
  set.changed = time_of(row.integer(4));
  const LinkedRecord record =
      decode_linked_record(keys.open(linked_place(row.blob(5)), row.blob(6)));
  set.area = record.area;
  set.case_no = record.case_no;
  return set;
}

void read_members(Connection& from, const Keyring& keys, LinkedSet& set) {
  Statement& rows = from.select("bib", kLinkedMembersQuery, set.id, kMostMembers);
  while (rows.next()) {
    const LifeRecord who = open_member(keys, set.id, rows.blob(0), rows.blob(2));
    set.members.push_back(
        {who.number, who.identifier, static_cast<LinkedStanding>(rows.integer(1))});
  }
}

}  // namespace

Result<std::vector<LinkedSet>> SqliteDesk::linked_sets(const LinkedQuery& query) {
  return read([&](Connection& from) {
    const std::int64_t before =
        query.opened_before ? query.opened_before->time_since_epoch().count() : INT64_MAX;
    const std::size_t limit = std::min(query.limit, kMostSets);
    std::vector<LinkedSet> found;
    Statement& rows = query.state ? from.select("iiiiibb", kLinkedSetsOfStateQuery,
                                                static_cast<int>(*query.state), before, limit)
                                  : from.select("iiiiibb", kLinkedSetsQuery, before, limit);
    while (rows.next()) found.push_back(to_set(keys_, rows));
    for (LinkedSet& set : found) read_members(from, keys_, set);
    return found;
  });
}

Result<LinkedCount> SqliteDesk::half_done(Timestamp opened_before) {
  return read([&](Connection& from) {
    LinkedCount count;
    Statement& row =
        from.select("ii", kHalfDoneQuery, opened_before.time_since_epoch().count(), kMostCounted);
    if (row.next() && row.integer(0) > 0) {
      count.count = static_cast<std::uint64_t>(row.integer(0));
      count.oldest = time_of(row.integer(1));
    }
    row.reset();
    return count;
  });
}

Result<std::vector<RegisteredCertificate>> SqliteDesk::terms(const TermQuery& query) {
  return read([&](Connection& from) {
    std::vector<RegisteredCertificate> found;
    Statement& rows = from.select("iiibb", query.untreated ? kUntreatedTermsQuery : kTermsQuery,
                                  day_of(query.from, INT64_MIN), day_of(query.until, INT64_MAX),
                                  query.area, query.type, std::min(query.limit, kMostSets));
    while (rows.next()) {
      RegisteredCertificate one = to_certificate(keys_, rows, rows.blob(4), {});
      one.key = certificate_key(one.life.type_code, normalise_certificate_number(one.life.number),
                                one.life.issuer_code);
      found.push_back(std::move(one));
    }
    return found;
  });
}

Result<TermsNote> SqliteDesk::terms_note() {
  return read([&](Connection& from) {
    TermsNote note;
    Statement& row = from.select("t", "select value from meta where name = 'terms_policy'");
    if (row.next()) note.policy = row.text(0);
    row.reset();
    const auto day =
        from.number("select cast(value as integer) from meta where name = 'terms_day'");
    if (day) note.day = std::chrono::sys_days(std::chrono::days(*day));
    return note;
  });
}

}  // namespace certbridge::host

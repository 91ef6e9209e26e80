// Changes: sets of earlier certificates and new ones that one case makes. A set is opened by the
// first message that names it and follows from then on what the register learns of its members:
//   after-collection   once no new one is awaited and one at least took its place, each earlier one
//                      that still stands is cancelled, by an event that the register hands over
//   either policy      complete once no earlier one stands and no new one is awaited
// docs/life.md says which policy a case has.
#include <array>

#include "certbridge/certificate.h"
#include "journal/failure.h"
#include "journal/register.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr int kEarlier = 1;
constexpr int kLater = 2;

struct SetRow {
  std::int64_t id = 0;
  ChangePolicy policy = ChangePolicy::kAtBooking;
  LinkedState state = LinkedState::kUnderWay;
  LinkedRecord record{};
};

std::string set_digest(const Change& change, const LinkedChange& wanted) {
  ByteWriter text;
  text.text(wanted.area).raw(wanted.case_no);
  return change.writer.keys.short_digest("linked set", text.bytes());
}

std::int64_t open_set(Change& change, const LinkedChange& wanted) {
  const std::string digest = set_digest(change, wanted);
  const LinkedRecord record{wanted.area, wanted.case_no, wanted.reason};
  const std::string sealed =
      change.writer.keys.seal(linked_place(digest), encode_linked_record(record));
  change.connection().run(
      "insert into linked_sets(key, policy, state, opened, changed, record) values (?, ?, 1, ?, ?, "
      "?) on conflict(key) do nothing",
      Blob{digest}, static_cast<int>(wanted.policy), change.now_number(), change.now_number(),
      Blob{sealed});
  return change.connection()
      .number("select id from linked_sets where key = ?", Blob{digest})
      .value_or(0);
}

// How a certificate stands in a set, given how it stood there and what the register says of it.
LinkedStanding standing_of(int side, LinkedStanding before, const RegisteredCertificate* it) {
  const bool ended = it != nullptr && has_ended(it->life.state);
  if (side == kEarlier) return ended ? LinkedStanding::kEnded : LinkedStanding::kStands;
  if (it != nullptr && was_rejected(*it)) return LinkedStanding::kAwaited;
  if (before == LinkedStanding::kCollected || before == LinkedStanding::kOver) return before;
  const bool voided = ended && it->life.state.base.base == Status::Base::kVoided;
  if (ended) return voided ? LinkedStanding::kFailed : LinkedStanding::kOver;
  const bool here = it != nullptr && it->version > 0;
  const bool awaited = !here || it->life.state.base.base == Status::Base::kIssued;
  return awaited ? LinkedStanding::kAwaited : LinkedStanding::kCollected;
}

void add_member(Change& change, std::int64_t set, int side, const LinkedCertificate& one) {
  const std::string digest = order_key_digest(change.writer.keys, one.key);
  const auto known = read_registered(change, digest);
  const LinkedStanding standing =
      standing_of(side, LinkedStanding::kAwaited, known ? &*known : nullptr);
  const std::string sealed =
      change.writer.keys.seal(linked_member_place(set, digest), write_life_record(one.who));
  change.connection().run(
      "insert into linked_members(linked, side, key, standing, record) values (?, ?, ?, ?, ?) on "
      "conflict do nothing",
      set, side, Blob{digest}, static_cast<int>(standing), Blob{sealed});
}

SetRow read_set(Change& change, std::int64_t id) {
  Statement& row = change.connection().select(
      "iibb", "select policy, state, key, record from linked_sets where id = ?", id);
  if (!row.next()) {
    throw Failure(Error::fault("journal.damaged", "a change has members and no row"));
  }
  SetRow set;
  set.id = id;
  set.policy = static_cast<ChangePolicy>(row.integer(0));
  set.state = static_cast<LinkedState>(row.integer(1));
  set.record =
      decode_linked_record(change.writer.keys.open(linked_place(row.blob(2)), row.blob(3)));
  row.reset();
  return set;
}

using Counts = std::array<std::int64_t, 7>;  // by LinkedStanding
Counts count_members(Change& change, std::int64_t set) {
  Counts counts{};
  Statement& rows = change.connection().select(
      "ii", "select standing, count(*) from linked_members where linked = ? group by standing",
      set);
  while (rows.next()) counts.at(static_cast<std::size_t>(rows.integer(0))) = rows.integer(1);
  return counts;
}
std::int64_t count_of(const Counts& counts, LinkedStanding standing) {
  return counts[static_cast<std::size_t>(standing)];
}

std::vector<LifeRecord> members(Change& change, std::int64_t set, LinkedStanding standing) {
  std::vector<LifeRecord> found;
  Statement& rows = change.connection().select(
      "bb", "select key, record from linked_members where linked = ? and standing = ? order by key",
      set, static_cast<int>(standing));
  while (rows.next()) {
    found.push_back(open_member(change.writer.keys, set, rows.blob(0), rows.blob(1)));
  }
  return found;
}

// How many of the new ones took the place of the earlier ones.
std::int64_t came_into_being(const Counts& counts) {
  return count_of(counts, LinkedStanding::kCollected) + count_of(counts, LinkedStanding::kOver);
}

void end_earlier(Change& change, const SetRow& set) {
  std::vector<LifeRecord> later = members(change, set.id, LinkedStanding::kCollected);
  if (later.empty()) later = members(change, set.id, LinkedStanding::kOver);
  for (const LifeRecord& one : members(change, set.id, LinkedStanding::kStands)) {
    FollowingEvent event;
    event.who = one;
    event.event = to_word(LifeEventKind::kCancel);
    event.cause = "change " + set.record.case_no;
    event.headers["life-reason"] = set.record.reason;
    event.headers["case-no"] = set.record.case_no;
    event.headers["replaced-by-number"] = normalise_certificate_number(later.front().number);
    event.headers["replaced-by-identifier"] = later.front().identifier;
    hand_over(change, event);
  }
}

LinkedState state_of(const SetRow& set, const Counts& counts) {
  const bool stands = count_of(counts, LinkedStanding::kStands) > 0;
  const bool awaited = count_of(counts, LinkedStanding::kAwaited) > 0;
  const bool came = came_into_being(counts) > 0;
  if (!stands && !awaited && came) return LinkedState::kComplete;
  const bool failed = count_of(counts, LinkedStanding::kFailed) > 0 && !awaited && !came;
  if (failed && set.policy == ChangePolicy::kAfterCollection) return LinkedState::kGivenUp;
  return LinkedState::kUnderWay;
}

void review_set(Change& change, std::int64_t id) {
  const SetRow set = read_set(change, id);
  const Counts counts = count_members(change, id);
  const bool replaced = set.policy == ChangePolicy::kAfterCollection &&
                        count_of(counts, LinkedStanding::kAwaited) == 0 &&
                        came_into_being(counts) > 0;
  if (replaced) end_earlier(change, set);
  const LinkedState now = state_of(set, counts);
  if (now == set.state) return;
  change.connection().run("update linked_sets set state = ?, changed = ? where id = ?",
                          static_cast<int>(now), change.now_number(), id);
}

struct Membership {
  std::int64_t set = 0;
  int side = kEarlier;
  LinkedStanding standing = LinkedStanding::kStands;
};
std::vector<Membership> memberships(Change& change, const std::string& digest) {
  std::vector<Membership> found;
  Statement& rows = change.connection().select(
      "iii", "select linked, side, standing from linked_members where key = ? order by linked",
      Blob{digest});
  while (rows.next()) {
    found.push_back({rows.integer(0), static_cast<int>(rows.integer(1)),
                     static_cast<LinkedStanding>(rows.integer(2))});
  }
  return found;
}

}  // namespace

std::string linked_place(const std::string& digest) { return "linked_sets.record|" + digest; }

std::string linked_member_place(std::int64_t set, const std::string& digest) {
  return "linked_members.record|" + std::to_string(set) + "|" + digest;
}

std::string encode_linked_record(const LinkedRecord& record) {
  return ByteWriter().text(record.area).text(record.case_no).text(record.reason).take();
}

LinkedRecord decode_linked_record(std::string_view bytes) {
  ByteReader in(bytes);
  LinkedRecord record;
  record.area = in.text();
  record.case_no = in.text();
  record.reason = in.text();
  in.expect_end();
  return record;
}

LifeRecord open_member(const Keyring& keys, std::int64_t set, const std::string& digest,
                       const std::string& sealed) {
  auto life = parse_life_record(keys.open(linked_member_place(set, digest), sealed));
  if (life) return std::move(life).value();
  throw Failure(Error::fault("journal.damaged",
                             "a member of a change cannot be read: " + life.error().message));
}

void link(Change& change, const LinkedChange& wanted) {
  const std::int64_t set = open_set(change, wanted);
  for (const LinkedCertificate& one : wanted.earlier) add_member(change, set, kEarlier, one);
  for (const LinkedCertificate& one : wanted.later) add_member(change, set, kLater, one);
  review_set(change, set);
}

void follow_links(Change& change, const std::string& digest, const RegisteredCertificate& it) {
  for (const Membership& one : memberships(change, digest)) {
    const LinkedStanding now = standing_of(one.side, one.standing, &it);
    if (now == one.standing) continue;
    change.connection().run(
        "update linked_members set standing = ? where linked = ? and side = ? and key = ?",
        static_cast<int>(now), one.set, one.side, Blob{digest});
    review_set(change, one.set);
  }
}

}  // namespace certbridge::host

// Holds as rows. One that was released stays as a record of who did what, and why.
#include <algorithm>

#include "journal/change.h"
#include "journal/failure.h"
#include "journal/reads.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

constexpr std::size_t kLongestReason = 1000;
constexpr std::size_t kLongestPerson = 200;

std::string place_of(HoldScope scope, const std::string& name, const char* column) {
  return std::string("holds.") + column + "|" + to_text(scope) + "|" + name;
}

std::string what(HoldScope scope, const std::string& name) {
  return scope == HoldScope::kAll ? "everything" : to_text(scope) + " `" + name + "`";
}

[[noreturn]] void refuse(const std::string& code, const std::string& text) {
  throw Failure(Error::permanent(code, text));
}

void check_names(HoldScope scope, const std::string& name, const std::string& person,
                 const std::string& reason) {
  if ((scope == HoldScope::kAll) != name.empty()) {
    refuse("journal.hold", "a hold of an endpoint or a route has its name, one of all has none");
  }
  if (person.empty() || person.size() > kLongestPerson) {
    refuse("journal.hold", "a hold and its release name the person who decided it");
  }
  if (reason.empty() || reason.size() > kLongestReason) {
    refuse("journal.hold", "a hold and its release need a reason of at most 1000 bytes");
  }
}

std::string sealed_words(const Change& change, const std::string& place, const std::string& person,
                         const std::string& reason) {
  ByteWriter words;
  words.text(person).text(reason);
  return change.writer.keys.seal(place, words.bytes());
}

std::optional<std::int64_t> in_force(Change& change, HoldScope scope, const std::string& name) {
  return change.connection().number(
      "select id from holds where scope = ? and name = ? and released is null",
      static_cast<int>(scope), name);
}

}  // namespace

std::string to_text(HoldScope scope) {
  switch (scope) {
    case HoldScope::kAll:
      return "all";
    case HoldScope::kEndpoint:
      return "endpoint";
    case HoldScope::kRoute:
      return "route";
  }
  return "unknown-scope";
}

const Hold* holding(const std::vector<Hold>& holds, const std::string& endpoint,
                    const std::string& route) {
  const Hold* found = nullptr;
  for (const Hold& hold : holds) {
    const bool holds_it = hold.scope == HoldScope::kAll ||
                          (hold.scope == HoldScope::kEndpoint && hold.name == endpoint) ||
                          (hold.scope == HoldScope::kRoute && hold.name == route);
    if (holds_it && (found == nullptr || hold.scope < found->scope)) found = &hold;
  }
  return found;
}

std::string held_text(const Hold& hold) {
  return "held by " + hold.person + " since " + to_iso8601(hold.since) + ": " + hold.reason;
}

void write_hold(Change& change, const Hold& hold) {
  check_names(hold.scope, hold.name, hold.person, hold.reason);
  if (in_force(change, hold.scope, hold.name)) {
    refuse("journal.held_already",
           what(hold.scope, hold.name) + " is on hold already; release it first");
  }
  const std::string sealed =
      sealed_words(change, place_of(hold.scope, hold.name, "held"), hold.person, hold.reason);
  change.connection().run("insert into holds(scope, name, since, held) values (?, ?, ?, ?)",
                          static_cast<int>(hold.scope), hold.name, change.now_number(),
                          Blob{sealed});
}

void write_release(Change& change, const Release& release) {
  check_names(release.scope, release.name, release.person, release.reason);
  const auto id = in_force(change, release.scope, release.name);
  if (!id) refuse("journal.not_held", what(release.scope, release.name) + " is not on hold");
  const std::string sealed = sealed_words(change, place_of(release.scope, release.name, "release"),
                                          release.person, release.reason);
  change.connection().run("update holds set released = ?, release = ? where id = ?",
                          change.now_number(), Blob{sealed}, *id);
}

std::vector<Hold> read_holds(Connection& connection, const Keyring& keys) {
  std::vector<Hold> found;
  Statement& rows = connection.select(
      "itib", "select scope, name, since, held from holds where released is null order by id");
  while (rows.next()) {
    Hold hold;
    hold.scope = static_cast<HoldScope>(rows.integer(0));
    hold.name = rows.text(1);
    hold.since = Timestamp(std::chrono::milliseconds(rows.integer(2)));
    const std::string words = keys.open(place_of(hold.scope, hold.name, "held"), rows.blob(3));
    ByteReader in(words);
    hold.person = in.text();
    hold.reason = in.text();
    found.push_back(std::move(hold));
  }
  return found;
}

}  // namespace certbridge::host

#include "certbridge/delivery_memory.h"
#include "journal/queries.h"
#include "journal/sqlite_store.h"
#include "journal/transition_parts.h"

namespace certbridge::host {
namespace {

constexpr std::int64_t kBatch = 64;

// The size stays, the bytes and the name of their file go.
void drop_body(Change& change, std::int64_t number, const std::string& sealed) {
  const std::string plain = change.writer.keys.open(body_place(number), sealed);
  ByteReader in(plain);
  ContentPlace place = read_place(in);
  place.name = "dropped";
  place.inside.clear();
  ByteWriter out;
  write_place(out, place);
  const std::string kept = change.writer.keys.seal(body_place(number), out.bytes());
  change.connection().run("update message_contents set body = ? where number = ?", Blob{kept},
                          number);
  change.connection().run("update messages set ready = 2 where number = ?", number);
}

struct StepOfDelivery {
  std::string endpoint{};
  std::string step_key{};
};

std::vector<StepOfDelivery> steps_of(Change& change, std::int64_t number) {
  std::vector<StepOfDelivery> steps;
  Statement& rows = change.connection().select(
      "ittt",
      "select m.order_number, m.path, d.endpoint, d.name from deliveries d join messages m on "
      "m.number = d.number where d.number = ?",
      number);
  while (rows.next()) {
    const std::string id = message_id(rows.integer(0), rows.text(1));
    steps.push_back({rows.text(2), id + "/" + rows.text(3)});
  }
  return steps;
}

// What endpoints keep of a delivery for as long as its body is kept.
void drop_memory(Change& change, std::int64_t number) {
  for (const StepOfDelivery& step : steps_of(change, number)) {
    const std::string key = memory_key(change.writer.keys, of_delivery(step.step_key));
    change.connection().run("delete from memory where endpoint = ? and key = ?", step.endpoint,
                            Blob{key});
  }
}

void drop_uses(Change& change, ContentStore& contents, std::int64_t number,
               std::vector<HeldContent>& unused) {
  std::vector<std::string> names;
  Statement& rows =
      change.connection().select("b", "select name from content_uses where number = ?", number);
  while (rows.next()) names.push_back(rows.blob(0));
  change.connection().run("delete from content_uses where number = ?", number);
  for (const std::string& name : names) {
    if (contents.is_held(name)) continue;
    if (change.connection().exists("select 1 from content_uses where name = ? limit 1",
                                   Blob{name})) {
      continue;
    }
    Statement& row =
        change.connection().select("t", "select bucket from contents where name = ?", Blob{name});
    if (row.next()) unused.push_back({name, row.text(0), 0});
    row.reset();
    change.connection().run("delete from contents where name = ?", Blob{name});
  }
}

}  // namespace

// Rows that were dropped are marked by ready = 2, which no other query looks at.
std::uint64_t drop_some_bodies(Change& change, ContentStore& contents, Timestamp before,
                               std::vector<HeldContent>& unused) {
  std::vector<std::pair<std::int64_t, std::string>> found;
  Statement& rows =
      change.connection().select("ib", kEndedQuery, before.time_since_epoch().count(), kBatch);
  while (rows.next()) found.emplace_back(rows.integer(0), rows.blob(1));
  for (const auto& [number, body] : found) {
    drop_body(change, number, body);
    drop_uses(change, contents, number, unused);
    drop_memory(change, number);
    change.connection().run("delete from step_results where number = ?", number);
  }
  return found.size();
}

void name_contents(Change& change, const std::vector<HeldContent>& contents) {
  for (const HeldContent& content : contents) {
    if (content.bucket.empty()) continue;  // held while it was looked for, and not there
    change.connection().run(
        "insert into contents(name, bucket, size) values (?, ?, ?) on conflict do nothing",
        Blob{content.name}, content.bucket, content.size);
  }
}

}  // namespace certbridge::host

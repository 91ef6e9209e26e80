// Tables in the shape of the messages, as shipped for both generations: what is written into them
// comes out as the message of its golden file, on real databases.
#include <gtest/gtest.h>

#include <tuple>

#include "booking/bookings.h"
#include "daily_log/booked_day.h"
#include "golden_file.h"
#include "message/booked.h"
#include "plugin_test.h"
#include "queries.h"
#include "test_database.h"

namespace certbridge::provincial_platform {
namespace {

using namespace testing;
using sql::Backend;

std::string tables_file(const std::string& generation, const std::string& suffix) {
  return "config/registration/message-tables-" + generation + suffix;
}

sql::QueriesSettings shipped_queries(const std::string& generation) {
  const std::string file = tables_file(generation, ".xml");
  return {sql::parse_queries(source_text(file), file).value()};
}

// A database with the tables of one generation, the adapter that reads them, and the processor that
// makes bookings of what it reads.
class TablesWorld {
 public:
  TablesWorld(Backend backend, const std::string& generation)
      : profile(shipped_profile(generation)),
        database_(backend, tables_file(generation, ".sql")),
        pool_(database_.settings(), 2),
        records_(shipped_queries(generation), pool_, clock_),
        writer_(sql::open_connection(database_.settings()).value()) {
    context_.lend("records", records_);
    bookings_ = make_bookings(context_).value();
  }

  void write(const std::string& table, const std::string& case_no, const std::string& booking,
             int place, const Record& row) {
    if (!writing_) {
      ASSERT_TRUE(writer_->begin_write());
    }
    writing_ = true;
    Record fields = row;
    fields.set("case_no", case_no);
    fields.set("booking", booking);
    if (place > 0) fields.set("row_no", std::to_string(place));
    std::string columns;
    std::string values;
    for (const auto& [name, value] : fields.fields) {
      columns += (columns.empty() ? "" : ", ") + name;
      values += (values.empty() ? ":" : ", :") + name;
    }
    const auto done = writer_->execute(
        "INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")", fields);
    ASSERT_TRUE(done) << table << ": " << done.error().message;
  }
  // All rows of one booking; those of a table in their order.
  void write(const std::vector<RecordSet>& facts, const std::string& case_no,
             const std::string& booking) {
    for (const RecordSet& set : facts) {
      const bool head = set.name == "head";
      int place = 0;
      for (const Record& row : set.records) {
        write(head ? "mw_booked_message" : lower_case(set.name), case_no, booking,
              head ? 0 : ++place, row);
      }
    }
  }
  // What was written before is there.
  Result<std::vector<Message>> read(const std::string& case_no) {
    commit();
    Message event;
    event.id = "m1";
    event.headers["case-no"] = case_no;
    event.order_keys = {{"case", case_no}};
    return bookings_->process(event, call());
  }
  BookedDay booked_on(const std::string& area, std::chrono::year_month_day day,
                      const std::string& next) {
    commit();
    const AreaDay of{area, day};
    Record parameters;
    parameters.set("day", of.day_text());
    parameters.set("next_day", next);
    parameters.set("area", area);
    const auto answer = records_.answer(question_of("booked-day", parameters), call());
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().message);
    return booked_day_of(of, parse_records(body_of(answer.value())).value()).value();
  }
  void run_file(const std::string& path) {
    for (const std::string& statement : sql::testing::statements_of(path)) database_.run(statement);
  }
  std::string value(const std::string& sql) { return database_.value(sql); }

  const Profile profile;

 private:
  void commit() {
    if (!writing_) return;
    EXPECT_TRUE(writer_->commit());
    writing_ = false;
  }
  Call call() {
    Call call = call_of("m1/bookings", 60s);
    call.deadline = clock_.steady() + 60s;
    return call;
  }

  sql::testing::TestDatabase database_;
  sql::ConnectionPool pool_;
  certbridge::testing::FakeClock clock_{};
  sql::QueriesResponder records_;
  std::unique_ptr<sql::Connection> writer_;
  bool writing_ = false;
  FakeContext context_ = context_of("bookings", {{"bookings", "province"}});
  std::unique_ptr<Processor> bookings_{};
};

class MessageTables : public ::testing::TestWithParam<std::tuple<Backend, const char*>> {
 protected:
  TablesWorld world_{std::get<0>(GetParam()), std::get<1>(GetParam())};
  const Profile& profile_ = world_.profile;
  Maker maker_{profile_, {}};
};

TEST_P(MessageTables, EachRecTypeComesOutAsItsGoldenFile) {
  for (const auto& [rec_type, rule] : profile_.messages) {
    world_.write(sample_facts(profile_, rec_type), "C" + rec_type, "b");
  }
  for (const auto& [rec_type, rule] : profile_.messages) {
    const auto messages = world_.read("C" + rec_type);
    ASSERT_TRUE(messages) << rec_type << ": " << messages.error().message;
    ASSERT_EQ(messages.value().size(), 1) << rec_type;
    const auto made = maker_.make(body_of(messages.value()[0]));
    ASSERT_TRUE(made) << rec_type << ": " << made.error().message;
    expect_golden(profile_.name + "/" + rec_type + ".xml", made.value().text);
  }
}

// Each attribute that a message of the generation can have, and each table: none was forgotten.
TEST_P(MessageTables, EachAttributeOfEachTableIsRead) {
  for (const TableRule& table : profile_.tables) {
    Record row;
    for (const AttributeRule& rule : table.attributes) row.set(lower_case(rule.name), rule.name);
    world_.write(lower_case(table.name), "C1", "b", 1, row);
  }
  world_.write("mw_booked_message", "C1", "b", 0, Record{});
  const auto messages = world_.read("C1");
  ASSERT_TRUE(messages) << messages.error().message;
  const auto sets = parse_records(body_of(messages.value().at(0))).value();
  ASSERT_EQ(sets.size(), profile_.tables.size() + 1);
  for (std::size_t i = 0; i < profile_.tables.size(); ++i) {
    EXPECT_EQ(sets[i + 1].name, profile_.tables[i].name);
    for (const AttributeRule& rule : profile_.tables[i].attributes) {
      EXPECT_EQ(sets[i + 1].records.at(0).text_or_empty(lower_case(rule.name)), rule.name);
    }
  }
}

// What is the same in both generations.
class MessageTablesRows : public ::testing::TestWithParam<Backend> {
 protected:
  TablesWorld world_{GetParam(), "v1"};
  const Profile& profile_ = world_.profile;
};

Record named(const char* name) {
  Record row;
  row.set("qlrmc", name);
  return row;
}

TEST_P(MessageTablesRows, EachBookingHasItsRowsInTheirOrderAndThoseOfTheCase) {
  for (const char* booking : {"b1", "b2"}) {
    std::vector<RecordSet> facts = sample_facts(profile_, "2000402");
    drop_set(facts, "ZTT_GY_QLR");
    if (std::string(booking) == "b2") drop_set(facts, "KTT_FW_H");
    world_.write(facts, "C1", booking);
  }
  world_.write("ztt_gy_qlr", "C1", "b2", 2, named("乙"));
  world_.write("ztt_gy_qlr", "C1", "b2", 1, named("甲"));
  world_.write("ztt_gy_qlr", "C1", "", 1, named("丙"));
  world_.write("ztt_gy_qlr", "C2", "b2", 1, named("of another case"));
  const auto messages = world_.read("C1");
  ASSERT_TRUE(messages) << messages.error().message;
  ASSERT_EQ(messages.value().size(), 2);
  const auto first = parse_booked(body_of(messages.value()[0])).value();
  const auto second = parse_booked(body_of(messages.value()[1])).value();
  EXPECT_EQ(first.head.text_or_empty("recflowid"), "20240318000123-1");
  EXPECT_EQ(first.rows("ZTT_GY_QLR").size(), 1);
  EXPECT_EQ(first.rows("KTT_FW_H").size(), 2);
  EXPECT_EQ(second.rows("KTT_FW_H").size(), 0);
  ASSERT_EQ(second.rows("ZTT_GY_QLR").size(), 3);
  for (const auto& [place, name] : {std::pair{0, "丙"}, {1, "甲"}, {2, "乙"}}) {
    EXPECT_EQ(second.rows("ZTT_GY_QLR")[static_cast<std::size_t>(place)].text_or_empty("qlrmc"),
              name);
  }
}

TEST_P(MessageTablesRows, WithoutARowOfTheIndexTheCaseIsNotCompleteYet) {
  world_.write("ztt_gy_qlr", "C1", "b", 1, named("甲"));
  EXPECT_EQ(world_.read("C1").error().code, "provincial.incomplete");
}

// The database takes what is wrong, so that the transaction of the case stands; the report is
// refused with the place.
TEST_P(MessageTablesRows, AWrongValueIsRefusedWithItsPlace) {
  std::vector<RecordSet> facts = sample_facts(profile_, "2000402");
  change(facts, "QLT_FW_FDCQ_YZ", "szc", "1-3层");
  world_.write(facts, "C1", "b");
  const auto made = Maker(profile_, {}).make(body_of(world_.read("C1").value().at(0)));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("QLT_FW_FDCQ_YZ row 1, attribute SZC"), std::string::npos)
      << made.error().message;
}

Record booked_at(const std::string& unit, const std::string& time) {
  Record head;
  head.set("estatenum", unit);
  head.set("createdate", time);
  head.set("regtype", "100");
  head.set("righttype", "3");
  head.set("zszmh", "证" + time);
  return head;
}

TEST_P(MessageTablesRows, TheRegisterOfADayIsThatOfTheAreaWithoutWhatIsClassified) {
  const std::string unit = "990101001001GB00001W00000000";
  world_.write("mw_booked_message", "C1", "b2", 0, booked_at(unit, "2026-12-01 00:00:00"));
  world_.write("mw_booked_message", "C1", "b1", 0, booked_at(unit, "2026-12-01T23:59:59"));
  world_.write("mw_booked_message", "C2", "b", 0, booked_at(unit, "2026-12-02 00:00:00"));
  world_.write("mw_booked_message", "C3", "b", 0, booked_at(unit, "2026-11-30 23:59:59"));
  world_.write("mw_booked_message", "C4", "b", 0, booked_at("990102" + unit, "2026-12-01 10:00"));
  Record secret = booked_at(unit, "2026-12-01 10:00:00");
  secret.set("classified", "1");
  world_.write("mw_booked_message", "C5", "b", 0, secret);
  const BookedDay day = world_.booked_on("990101", *parse_day("2026-12-01"), "2026-12-02");
  ASSERT_EQ(day.registered.size(), 2);
  for (const auto& [name, value] : {std::pair<std::string, std::string>{"ywh", "C1"},
                                    {"djlx", "100"},
                                    {"qllx", "3"},
                                    {"bdcdyh", unit},
                                    {"zszmh", "证2026-12-01T23:59:59"}}) {
    EXPECT_EQ(day.registered[0].text_or_empty(name), value);
  }
  EXPECT_EQ(world_.read("C5").error().code, "provincial.incomplete") << "nothing of it is told";
}

class MessageTablesGuide : public ::testing::TestWithParam<Backend> {};

TEST_P(MessageTablesGuide, ItsCaseBecomesAMessage) {
  TablesWorld world(GetParam(), "v2");
  world.run_file("config/registration/intermediate.sql");
  world.run_file("docs/guides/message-tables.md");
  EXPECT_EQ(world.value("SELECT event_id FROM mw_case_outbox"), "DENGBU:20261124000007:1");
  const auto messages = world.read("20261124000007");
  ASSERT_TRUE(messages) << messages.error().message;
  ASSERT_EQ(messages.value().size(), 1);
  const auto made = Maker(world.profile, {}).make(body_of(messages.value()[0]));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made.value().rec_type, "1000301");
  for (const char* part : {"ZDMJ=\"820.50\"", "SYQMJ=\"820.50\"", "JG=\"1200000.0000\"",
                           "YZB=\"38412050.50\"", "CertCount>1<", "XH=\"2\""}) {
    EXPECT_NE(made.value().text.find(part), std::string::npos) << part;
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, MessageTablesRows,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql));

INSTANTIATE_TEST_SUITE_P(Databases, MessageTablesGuide,
                         ::testing::Values(Backend::kSqlite, Backend::kPostgresql));

INSTANTIATE_TEST_SUITE_P(Databases, MessageTables,
                         ::testing::Combine(::testing::Values(Backend::kSqlite,
                                                              Backend::kPostgresql),
                                            ::testing::Values("v1", "v2")));

}  // namespace
}  // namespace certbridge::provincial_platform

// What is asked often is answered from an index: picking, what falls due, alarms, retention, facts.
#include "journal/queries.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "journal/register.h"
#include "store_contract.h"

namespace certbridge::host::testing {
namespace {

class QueryPlan : public ::testing::Test {
 protected:
  void SetUp() override {
    StoreSettings settings = sqlite_settings(folder_.path(), clock_);
    auto store = open_sqlite_store(settings);
    ASSERT_TRUE(store.ok()) << store.error().message;
    store.value()->close();
    ASSERT_EQ(sqlite3_open((folder_.path() + "/journal.db").c_str(), &database_), SQLITE_OK);
  }
  void TearDown() override { sqlite3_close(database_); }

  // The steps of SQLite's plan, one a line.
  std::string plan(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database_, ("explain query plan " + sql).c_str(), -1, &statement,
                                 nullptr),
              SQLITE_OK)
        << sqlite3_errmsg(database_);
    std::string steps;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      steps += reinterpret_cast<const char*>(sqlite3_column_text(statement, 3));
      steps += "\n";
    }
    sqlite3_finalize(statement);
    return steps;
  }
  // A scan of a partial index reads only what the index is about.
  void expect_indexed(const std::string& sql, const std::string& index) {
    const std::string steps = plan(sql);
    EXPECT_NE(steps.find("INDEX " + index), std::string::npos) << sql << "\n" << steps;
    for (const char* table : {"SCAN d\n", "SCAN m\n", "SCAN deliveries\n", "SCAN messages\n"}) {
      EXPECT_EQ(steps.find(table), std::string::npos) << sql << "\n" << steps;
    }
  }

  ScratchFolder folder_{};
  StandingClock clock_{};
  sqlite3* database_ = nullptr;
};

TEST_F(QueryPlan, TheRegisterIsReadByItsKey) {
  const std::string steps = plan(kCertificateQuery);
  EXPECT_NE(steps.find("SEARCH certificates USING PRIMARY KEY (key=?)"), std::string::npos)
      << steps;
}

TEST_F(QueryPlan, PickingReadsIndexesOnly) {
  expect_indexed(kReadyMessagesQuery, "messages_ready (lane<?)");
  expect_indexed(kIncompleteMessagesQuery, "messages_incomplete (lane=? AND next_at<?)");
  expect_indexed(kReadyRouteQuery, "deliveries_ready (endpoint=? AND route>?)");
  expect_indexed(kReadyDeliveriesQuery, "deliveries_ready (endpoint=? AND route=? AND lane<?)");
  expect_indexed(kDueRouteQuery, "deliveries_due (endpoint=? AND route>?)");
  expect_indexed(kDueDeliveriesQuery,
                 "deliveries_due (endpoint=? AND route=? AND lane=? AND next_at<?)");
  expect_indexed(kUrgentDeliveriesQuery, "deliveries_urgent (endpoint=?)");
  expect_indexed(kWatchedDeliveriesQuery, "deliveries_watched (next_at<?)");
  expect_indexed(kNextMessageQuery, "messages_incomplete (lane=? AND next_at>?)");
  expect_indexed(kNextDeliveryQuery, "deliveries_next");
  expect_indexed(kNextDeliveryQuery, "deliveries_watched (next_at>?)");
  for (const std::string& query :
       {std::string(kReadyRouteQuery), std::string(kReadyDeliveriesQuery),
        std::string(kDueRouteQuery), std::string(kDueDeliveriesQuery),
        std::string(kUrgentDeliveriesQuery), std::string(kReadyMessagesQuery),
        std::string(kIncompleteMessagesQuery)}) {
    EXPECT_EQ(plan(query).find("TEMP B-TREE"), std::string::npos) << plan(query);
  }
}

// However much waits, a start reads what was being sent.
TEST_F(QueryPlan, AStartReadsIndexesOnly) {
  expect_indexed(kSendingQuery, "deliveries_sending");
  expect_indexed(kSendingUnknownQuery, "deliveries_sending");
}

// Of keys that thousands wait for, only what stands before the revocation is read.
TEST_F(QueryPlan, LendingReadsTheRowsOfTheKeyOnly) {
  const std::string messages = plan(kEarlierMessagesQuery);
  EXPECT_NE(messages.find("SEARCH k USING PRIMARY KEY (digest=? AND tried=? AND order_number>? AND "
                          "order_number<?)"),
            std::string::npos)
      << messages;
  const std::string deliveries = plan(kEarlierDeliveriesQuery);
  EXPECT_NE(deliveries.find("SEARCH k USING PRIMARY KEY (digest=? AND endpoint=? AND "
                            "order_number>? AND order_number<?)"),
            std::string::npos)
      << deliveries;
}

// A million that wait cost as much as one, but for counting them, which is bounded.
TEST_F(QueryPlan, WaitingIsReadInTheOrderOfAge) {
  expect_indexed(kWaitingEndpointQuery, "deliveries_waiting (endpoint>?)");
  expect_indexed(kWaitingDeliveriesQuery, "deliveries_waiting (endpoint=? AND accepted<?)");
  expect_indexed(kCountWaitingDeliveriesQuery, "deliveries_waiting (endpoint=? AND accepted<?)");
  expect_indexed(kWaitingMessagesQuery, "messages_waiting (accepted<?)");
  expect_indexed(kCountWaitingMessagesQuery, "messages_waiting (accepted<?)");
  // What is counted is in the index itself.
  for (const char* query : {kCountWaitingDeliveriesQuery, kCountWaitingMessagesQuery}) {
    EXPECT_NE(plan(query).find("COVERING INDEX"), std::string::npos) << plan(query);
  }
  for (const char* query :
       {kWaitingEndpointQuery, kWaitingDeliveriesQuery, kWaitingMessagesQuery}) {
    EXPECT_EQ(plan(query).find("TEMP B-TREE"), std::string::npos) << plan(query);
  }
}

TEST_F(QueryPlan, ParkedVerdictsReadIndexesOnly) {
  expect_indexed(kUnknownVerdictsQuery, "verdicts_unmatched (endpoint=? AND received<?)");
  expect_indexed(kUnknownVerdictsQuery, "deliveries_unknown (endpoint=? AND began<?)");
  expect_indexed(kParkedVerdictsQuery, "verdicts_parked");
  expect_indexed(kCountParkedVerdictsQuery, "verdicts_parked");
}

TEST_F(QueryPlan, AlarmsAndRetentionReadIndexesOnly) {
  expect_indexed(kOverdueQuery, "deliveries_open");
  expect_indexed(kUnmatchedQuery, "verdicts_unmatched");
  expect_indexed(kEndedQuery, "messages_ended");
}

TEST_F(QueryPlan, WhatPeopleLookAtReadsIndexesOnly) {
  expect_indexed(kParkedMessagesQuery, "messages_parked");
  expect_indexed(kParkedDeliveriesQuery, "deliveries_set_aside");
  expect_indexed(kCountParkedMessagesQuery, "messages_parked");
  expect_indexed(kCountParkedDeliveriesQuery, "deliveries_set_aside");
  expect_indexed(kActionsOfTargetQuery, "actions_target");
  expect_indexed(kActionsOfPersonQuery, "actions_person");
  expect_indexed(kRunningReplaysQuery, "replay_jobs_running");
  expect_indexed(kReplayItemsQuery, "replay_items_state");
}

TEST_F(QueryPlan, ChangesAndTermsAreReadFromIndexes) {
  expect_indexed(kLinkedSetsOfStateQuery, "linked_sets_state (state=? AND opened<?)");
  expect_indexed(kHalfDoneQuery, "linked_sets_state (state=? AND opened<?)");
  expect_indexed(kTermsQuery, "certificates_ending (ends_on>? AND ends_on<?)");
  expect_indexed(kUntreatedTermsQuery, "certificates_untreated (ends_on>? AND ends_on<?)");
  for (const char* query : {kTermsQuery, kUntreatedTermsQuery, kLinkedSetsOfStateQuery}) {
    EXPECT_EQ(plan(query).find("TEMP B-TREE"), std::string::npos) << plan(query);
  }
}

TEST_F(QueryPlan, SearchesReadIndexesOnly) {
  EXPECT_NE(plan(kSearchEntriesQuery).find("m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
            std::string::npos);
  EXPECT_NE(plan(kSearchHeadQuery).find("USING INTEGER PRIMARY KEY (rowid=?)"), std::string::npos);
  for (int value = 1; value <= static_cast<int>(MessageState::kDiscarded); ++value) {
    const auto state = static_cast<MessageState>(value);
    const std::string steps = plan(search_numbers_query(state));
    const char* expected = state == MessageState::kDone
                               ? "m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
                               : "INDEX messages_unfinished (state=? AND number>? AND number<?)";
    EXPECT_NE(steps.find(expected), std::string::npos) << to_text(state) << "\n" << steps;
    EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << to_text(state) << "\n" << steps;
  }
  EXPECT_NE(plan(search_numbers_query({})).find("m USING INTEGER PRIMARY KEY"), std::string::npos);
}

TEST_F(QueryPlan, FactsAreAnsweredFromAnIndexWhateverNarrowsThem) {
  FactsQuery facts;
  expect_indexed(facts_query(facts, "count(*)", ""), "deliveries_accepted");
  facts.type = "certificate.issue";
  expect_indexed(facts_query(facts, "count(*)", ""), "deliveries_accepted");
  facts = {};
  facts.area = "411302";
  expect_indexed(facts_query(facts, "count(*)", ""), "deliveries_accepted");
  facts = {};
  facts.endpoint = "library";
  expect_indexed(facts_query(facts, "count(*)", ""), "deliveries_accepted");
  facts = {};
  facts.order_key = OrderKey{"case", "C-1"};
  expect_indexed(facts_query(facts, "count(*)", ""), "deliveries_message");
}

}  // namespace
}  // namespace certbridge::host::testing

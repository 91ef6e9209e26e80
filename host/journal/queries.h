// The SQL of what is asked often, in one place so that a test can hold each to an index
// (tests/host/journal/query_plan_test.cpp). Partial indexes serve constants only: states are
// written out.
#pragma once

#include <string>

#include "journal/store.h"

namespace certbridge::host {

std::string message_query(const std::string& rest);   // joined with its contents
std::string delivery_query(const std::string& rest);  // joined with its message

extern const char* const kReadyMessagesQuery;       // down to which lane, limit
extern const char* const kIncompleteMessagesQuery;  // lane, now, limit
const std::string& one_message_query();             // number
const std::string& one_delivery_query();            // id
extern const char* const kReadyRouteQuery;          // endpoint, after which route
extern const char* const kReadyDeliveriesQuery;     // endpoint, route, down to which lane, limit
extern const char* const kDueRouteQuery;            // endpoint, after which route
extern const char* const kDueDeliveriesQuery;       // endpoint, route, lane, now, limit
extern const char* const kUrgentDeliveriesQuery;    // endpoint, now
extern const char* const kWatchedDeliveriesQuery;   // endpoint, now
extern const char* const kNextMessageQuery;         // after
extern const char* const kNextDeliveryQuery;        // after
extern const char* const kSendingQuery;
extern const char* const kSendingUnknownQuery;  // now; of a start
extern const char* const kOverdueQuery;         // now
extern const char* const kUnmatchedQuery;
extern const char* const kCountParkedVerdictsQuery;
extern const char* const kUnknownVerdictsQuery;         // endpoint, received until
extern const char* const kParkedVerdictsQuery;          // after, limit
extern const char* const kEarlierMessagesQuery;         // key, tried, order from, before, limit
extern const char* const kEarlierDeliveriesQuery;       // key, endpoint, order from, before, limit
extern const char* const kWaitingEndpointQuery;         // after which endpoint
extern const char* const kWaitingDeliveriesQuery;       // endpoint, accepted until, limit
extern const char* const kCountWaitingDeliveriesQuery;  // endpoint, accepted until, limit
extern const char* const kWaitingMessagesQuery;         // accepted until, limit
extern const char* const kCountWaitingMessagesQuery;    // accepted until, limit
extern const char* const kParkedMessagesQuery;          // route, code, from, until, after, limit
extern const char* const
    kParkedDeliveriesQuery;  // route, code, from, until, after, limit, endpoint
extern const char* const kCountParkedMessagesQuery;    // route, code, from, until
extern const char* const kCountParkedDeliveriesQuery;  // route, code, from, until, endpoint
extern const char* const kRunningReplaysQuery;
extern const char* const kActionsQuery;            // nothing, before, limit
extern const char* const kActionsOfTargetQuery;    // target, before, limit
extern const char* const kActionsOfPersonQuery;    // person, before, limit
extern const char* const kReplayJobsQuery;         // limit
extern const char* const kReplayJobQuery;          // id
extern const char* const kReplayItemsQuery;        // job, state, limit
extern const char* const kLinkedSetsQuery;         // before, limit
extern const char* const kLinkedSetsOfStateQuery;  // state, before, limit
extern const char* const kLinkedMembersQuery;      // set, limit
extern const char* const kHalfDoneQuery;           // before, limit
extern const char* const kTermsQuery;              // first day, last day, area, type, limit
extern const char* const kUntreatedTermsQuery;     // the same
extern const char* const kSearchEntriesQuery;      // first, last, limit
extern const char* const kSearchHeadQuery;         // number
extern const char* const kEndedQuery;  // before, limit: messages whose body may be dropped

// Parameters 1 to 6: digest of the order key, endpoint, area, type, accepted from, accepted before;
// a text that does not narrow the question is bound and not looked at.
std::string facts_query(const FactsQuery& query, const char* columns, const char* tail);
// To be added to a question about messages `m`. Written out and in the words of the partial index
// messages_unfinished, which serves every state but `done`.
std::string state_condition(MessageState state);
// Parameters: first, last, stored from, stored before, limit. Newest first.
std::string search_numbers_query(std::optional<MessageState> state);
// To be added to a question about messages `m`; parameter 7 is now.
std::string overdue_condition(bool narrows);

}  // namespace certbridge::host

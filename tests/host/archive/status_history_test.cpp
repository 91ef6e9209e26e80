// How a certificate came to stand as it does, from the messages that the journal has.
#include "archive/status_history.h"

#include <gtest/gtest.h>

namespace certbridge::host::archive_test {
namespace {

DossierMessage entered(const std::string& id,
                       std::map<std::string, std::string, std::less<>> headers,
                       DeliveryState state) {
  DossierMessage message;
  message.stored.message.id = id;
  message.stored.message.headers = std::move(headers);
  StoredDelivery delivery;
  delivery.endpoint = "library";
  delivery.state = state;
  message.deliveries.push_back(delivery);
  return message;
}

TEST(StatusHistory, IsWhatTheRegisterEnteredInOrder) {
  Dossier dossier;
  dossier.messages.push_back(entered("m-1", {{"event-type", "DENGBU"}}, DeliveryState::kDelivered));
  dossier.messages.push_back(
      entered("m-1/1", {{"life-effect", "issued"}, {"case-no", "C-1"}}, DeliveryState::kDelivered));
  dossier.messages.push_back(entered("m-2",
                                     {{"life-effect", "changed"},
                                      {"life-event", "restrict"},
                                      {"status-word", "suspended"},
                                      {"status-before", "valid"},
                                      {"life-reason", "查封"},
                                      {"restriction-kind", "seizure"},
                                      {"restriction-case", "CF-1"},
                                      {"occurred-at", "2026-11-24T08:00:00.000Z"}},
                                     DeliveryState::kWaiting));
  const auto rows = status_history(dossier);
  ASSERT_EQ(rows.size(), 2U) << "what it came from is no change of the certificate";
  EXPECT_EQ(rows[0].event, "issue");
  EXPECT_EQ(rows[0].effect, "issued");
  EXPECT_EQ(rows[0].case_no, "C-1");
  ASSERT_EQ(rows[0].told.size(), 1U);
  EXPECT_EQ(rows[0].told[0].endpoint, "library");
  EXPECT_EQ(rows[0].told[0].state, "delivered");
  EXPECT_EQ(rows[1].event, "restrict");
  EXPECT_EQ(rows[1].word, "suspended");
  EXPECT_EQ(rows[1].before, "valid");
  EXPECT_EQ(rows[1].reason, "查封");
  EXPECT_EQ(rows[1].restriction, "seizure CF-1");
  EXPECT_EQ(rows[1].occurred, "2026-11-24T08:00:00.000Z");
  EXPECT_EQ(rows[1].told[0].state, "waiting");
  EXPECT_TRUE(status_history({}).empty());
}

}  // namespace
}  // namespace certbridge::host::archive_test

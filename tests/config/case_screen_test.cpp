// What a person sees of a case: all of it, and no more than a screen.
#include "cli/case_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace certbridge::host {
namespace {

using testing::HasSubstr;
using testing::Not;

CaseMessage event(const std::string& id, const std::string& type) {
  CaseMessage message;
  message.stored.message.id = id;
  message.stored.message.type = "registration.event";
  message.stored.message.area = "411302";
  message.stored.message.headers = {{"event-type", type}, {"holder", "Li Lei of Nanyang"}};
  message.stored.route = "issue";
  message.stored.state = MessageState::kDone;
  return message;
}

StoredDelivery delivery(const std::string& name, const std::string& endpoint) {
  StoredDelivery made;
  made.name = name;
  made.endpoint = endpoint;
  made.state = DeliveryState::kDelivered;
  made.attempts = 1;
  made.receipt = Receipt{};
  made.receipt->remote_id = "remote-" + name;
  return made;
}

CaseMessage certificate(const std::string& id, const std::string& serial) {
  CaseMessage message = event(id, "SHANZHENG");
  message.stored.message.type = "certificate.issue";
  message.stored.message.headers["identifier"] = "1.2.156.3005.2." + serial;
  message.stored.message.headers["version"] = "1";
  for (const char* step : {"validate", "compose", "seal", "gate", "deliver library"}) {
    message.trace.push_back({id, {}, step, "ok", "", {}});
  }
  message.deliveries = {delivery("report-sealed", "reporter"), delivery("library", "library"),
                        delivery("report-collected", "reporter")};
  return message;
}

std::string shown(const std::vector<CaseMessage>& messages) {
  std::ostringstream text;
  Screen screen(text, false);
  show_case("202611230001", messages, screen);
  return text.str();
}

TEST(CaseScreen, OneCertificate) {
  EXPECT_EQ(
      shown({event("m-1", "DENGBU"), certificate("m-2/0", "X")}),
      "case 202611230001, area 411302: 2 messages, 3 deliveries\n"
      "message  type                state  changed                   route  about\n"
      "m-1      registration.event  done   1970-01-01T00:00:00.000Z  issue  DENGBU\n"
      "m-2/0    certificate.issue   done   1970-01-01T00:00:00.000Z  issue  1.2.156.3005.2.X, "
      "version 1\n"
      "message  steps\n"
      "m-2/0    validate ok, compose ok, seal ok, gate ok\n"
      "message  delivery          endpoint  state      attempts  changed                   receipt "
      "or error\n"
      "m-2/0    report-sealed     reporter  delivered  1         1970-01-01T00:00:00.000Z  settled "
      "remote-report-sealed\n"
      "m-2/0    library           library   delivered  1         1970-01-01T00:00:00.000Z  settled "
      "remote-library\n"
      "m-2/0    report-collected  reporter  delivered  1         1970-01-01T00:00:00.000Z  settled "
      "remote-report-collected\n"
      "more about one message: certbridge messages show MESSAGE\n");
}

TEST(CaseScreen, FiveCertificatesStillFit) {
  std::vector<CaseMessage> messages{event("m-1", "DENGBU"), event("m-2", "SHANZHENG")};
  for (int i = 0; i < 5; ++i) {
    messages.push_back(certificate("m-2/" + std::to_string(i), std::to_string(i)));
  }
  messages.push_back(event("m-3", "BANJIE"));
  const std::string text = shown(messages);
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 40);
  EXPECT_THAT(text, Not(HasSubstr("Li Lei")));
}

TEST(CaseScreen, ErrorsRepetitionsAndWhatWaits) {
  CaseMessage message = certificate("m-2/0", "X");
  message.stored.state = MessageState::kParked;
  message.stored.error_code = "seal.refused";
  message.stored.error_message = "the seal is not of this issuer";
  const TraceEntry late{"m-2/0", {}, "seal", "seal.timeout", "", {}};
  message.trace = {late, late, late, {"m-2/0", {}, "seal", "ok", "", {}}};
  message.deliveries[1].receipt->state = Receipt::State::kOpen;
  message.deliveries[0].error_code = "library.busy";
  message.deliveries[0].error_message = "come later";
  message.deliveries[2].receipt.reset();
  message.deliveries[2].waits_for = "parked message m-0000000012";
  const std::string text = shown({message});
  EXPECT_THAT(text, HasSubstr("m-2/0  seal.refused: the seal is not of this issuer\n"));
  EXPECT_THAT(text, HasSubstr("seal seal.timeout 3 times, seal ok\n"));
  EXPECT_THAT(text, HasSubstr("library.busy: come later\n"));
  EXPECT_THAT(text, HasSubstr("open remote-library\n"));
  EXPECT_THAT(text, HasSubstr("waits for parked message m-0000000012\n"));
}

}  // namespace
}  // namespace certbridge::host

#include "certbridge/encoding.h"

#include <gtest/gtest.h>

#include "certbridge/testing/memory_content.h"

namespace certbridge {
namespace {

Message sample_message() {
  Message message = testing::message_of("certificate.issue", "text/plain", "body 𠮷");
  message.id = "m1/2";
  message.source_key = "e-1";
  message.classified = true;
  message.order_keys = {{"case", "1"}, {"unit", "2"}};
  message.order_number = 1ULL << 60U;
  message.created = Timestamp(std::chrono::milliseconds(-1));
  message.area = "411300";
  message.headers = {{"a", ""}, {"b", std::string("\0x", 2)}};
  message.attachments = {testing::attachment_of("certificate.ofd", "application/ofd", "PK")};
  return message;
}

TEST(Encoding, MessageRoundTrip) {
  const Message message = sample_message();
  const auto read = decode_message(encode_message(message));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(encode_message(read.value()), encode_message(message));
  EXPECT_EQ(read.value().order_keys, message.order_keys);
  EXPECT_EQ(read.value().headers, message.headers);
  EXPECT_EQ(read.value().created, message.created);
  EXPECT_EQ(testing::body_of(read.value()), "body 𠮷");
  EXPECT_EQ(read.value().attachments[0].digest, testing::sm3_of("PK"));
}

TEST(Encoding, NoBodyIsNotAnEmptyBody) {
  EXPECT_EQ(decode_message(encode_message(Message{})).value().body, nullptr);
  const auto empty = decode_message(encode_message(testing::message_of("t", "m", "")));
  ASSERT_NE(empty.value().body, nullptr);
  EXPECT_EQ(empty.value().body->size(), 0U);
}

TEST(Encoding, LargeContentGoesInChunks) {
  const std::string large(kLargestContentInMemory * 2 + 17, 'x');
  const auto read = decode_message(encode_message(testing::message_of("t", "m", large)));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(testing::body_of(read.value()), large);
}

class BrokenContent final : public Content {
 public:
  std::uint64_t size() const override { return 10; }
  Result<std::size_t> read(std::uint64_t, std::span<std::byte>) const override {
    return Error::fault("content.damaged", "the tag does not fit");
  }
};

TEST(Encoding, ContentThatCannotBeReadStaysSo) {
  Message message;
  message.body = std::make_shared<BrokenContent>();
  const auto read = decode_message(encode_message(message));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read_all(*read.value().body, 100).error().code, "content.damaged");
}

TEST(Encoding, EveryTruncationAndEveryExtraByteIsRefused) {
  const std::string bytes = encode_message(sample_message());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto read = decode_message(std::string_view(bytes).substr(0, length));
    ASSERT_FALSE(read.ok()) << length;
    EXPECT_EQ(read.error().code, "encoding.damaged");
  }
  EXPECT_FALSE(decode_message(bytes + "x").ok());
}

TEST(Encoding, NoChangedByteCrashes) {
  const std::string bytes = encode_message(sample_message());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      const auto read = decode_message(changed);
      if (read.ok()) {
        EXPECT_EQ(encode_message(read.value()).size(), changed.size());
      }
    }
  }
}

TEST(Encoding, OneKindIsNeverReadAsAnother) {
  EXPECT_FALSE(decode_receipt(encode_message(Message{})).ok());
  EXPECT_FALSE(decode_message(encode_receipt(Receipt{})).ok());
  EXPECT_FALSE(decode_error(encode_receipt(Receipt{})).has_value());
}

TEST(Encoding, SmallValues) {
  Error error = Error::retryable("http.timeout", "late");
  error.retry_after = std::chrono::milliseconds(1500);
  const auto read_error = decode_error(encode_error(error));
  ASSERT_TRUE(read_error.has_value());
  EXPECT_EQ(read_error->code, "http.timeout");
  EXPECT_EQ(read_error->severity, Severity::kRetryable);
  EXPECT_EQ(read_error->retry_after, error.retry_after);

  Receipt receipt{Receipt::State::kOpen, "r", "c", Timestamp(std::chrono::milliseconds(5)),
                  Timestamp()};
  EXPECT_EQ(encode_receipt(decode_receipt(encode_receipt(receipt)).value()),
            encode_receipt(receipt));
  Confirmation confirmation{Confirmation::State::kDifferent, receipt, "digest"};
  const auto confirmed = decode_confirmation(encode_confirmation(confirmation));
  ASSERT_TRUE(confirmed.ok());
  EXPECT_EQ(confirmed.value().state, Confirmation::State::kDifferent);
  EXPECT_EQ(confirmed.value().receipt->correlation, "c");
  Acceptance acceptance{Acceptance::Verdict::kRefused, "m1", "code", "text",
                        std::chrono::milliseconds(7)};
  EXPECT_EQ(encode_acceptance(decode_acceptance(encode_acceptance(acceptance)).value()),
            encode_acceptance(acceptance));
  Outcome outcome{Outcome::Verdict::kWithdrawn, "r", "c", "m",
                  Timestamp(std::chrono::milliseconds(9))};
  EXPECT_EQ(encode_outcome(decode_outcome(encode_outcome(outcome)).value()),
            encode_outcome(outcome));
}

TEST(Encoding, CallKeepsItsDeadlineAndEarlierDeliveries) {
  Call call = testing::call_of("m1/seal", std::chrono::milliseconds(250));
  call.attempt = 3;
  call.earlier = {
      {"library", "municipal", "delivered", "r1", "", "", Timestamp(std::chrono::milliseconds(1))}};
  const auto read = decode_call(encode_call(call));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().deadline, call.deadline);
  EXPECT_EQ(read.value().attempt, 3);
  EXPECT_EQ(read.value().earlier[0].endpoint, "municipal");
  EXPECT_FALSE(read.value().stop.stop_possible());
}

}  // namespace
}  // namespace certbridge

#include "plugin_test.h"

#include "booking/bookings.h"

namespace certbridge::provincial_platform::testing {

std::string plugin_file(const std::string& name) {
  return std::string(CERTBRIDGE_SOURCE_DIR) + "/plugins/provincial_platform/" + name;
}

FakeContext context_of(const std::string& kind, Options options) {
  return {plugin_file("plugin.xml"), kind, std::move(options)};
}

const TestKey& sample_key() {
  static const TestKey key = make_key(1024);
  return key;
}

Message rows_message(const std::vector<RecordSet>& sets) {
  Message message;
  message.media_type = kRecordsMediaType;
  message.body = content_of(write_records(sets));
  return message;
}

Message question_of(const std::string& group, const Record& parameters) {
  Message question = rows_message({{"parameters", {parameters}}});
  question.type = group;
  return question;
}

Message booked_message(const std::string& rows) {
  Message message;
  message.type = kBookedType;
  message.media_type = kRecordsMediaType;
  message.body = content_of(rows);
  return message;
}

RowsTest::RowsTest(const std::string& kind, Options options)
    : context_(plugin_file("plugin.xml"), kind, std::move(options)) {
  records_.answers_with([this](const Message& question, const Call&) -> Result<Message> {
    asked_ = question.type + " " + body_of(question);
    return rows_message(rows_);
  });
  context_.lend("records", records_);
}

}  // namespace certbridge::provincial_platform::testing

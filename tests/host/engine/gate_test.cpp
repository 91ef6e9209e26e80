// The seal gate: no certificate file leaves without a verdict on its digest.
#include "engine_fixture.h"

namespace certbridge::host {
namespace {

// Whatever tells that it is a certificate's file: its media type, or its name.
TEST_F(EngineTest, AFileWithoutAVerdictOfTheGateNeverLeaves) {
  auto& library = add_sink("library");
  add_route("issue", "SHANZHENG", {deliver("library")});
  const std::pair<const char*, const char*> files[] = {
      {"certificate.ofd", "application/ofd"},
      {"certificate.ofd", "application/octet-stream"},
      {"copy", "application/ofd"}};
  start();
  int number = 0;
  for (const auto& [name, media_type] : files) {
    const std::string case_no = "C" + std::to_string(++number);
    Message message = event("e" + std::to_string(number), "SHANZHENG", case_no);
    Attachment file;
    file.name = name;
    file.media_type = media_type;
    file.content = content_of("a file");
    file.size = 6;
    file.digest[0] = 1;
    message.attachments.push_back(file);
    const std::string id = accept(message).id;
    ASSERT_TRUE(delivery_becomes(id, "library", DeliveryState::kParked)) << name << media_type;
    EXPECT_EQ(delivery(id, "library")->error_code, "gate.no_verdict");
  }
  EXPECT_TRUE(library.sent().empty());
}

// The verdict is on a digest: what a later step puts in the file's place has none, whatever digest
// it claims.
TEST_F(EngineTest, AFileThatChangesBehindTheGateNeverLeaves) {
  const auto file_of = [this](const std::string& bytes) {
    auto writer = store_->spool();
    auto stored = certbridge::store(*writer.value(), bytes);
    Attachment file;
    file.name = "certificate.ofd";
    file.media_type = "application/ofd";
    file.size = stored.value().size;
    file.digest = stored.value().digest;
    file.content = stored.value().content;
    return file;
  };
  auto& library = add_sink("library");
  add_processor("seal").on_process = [&](const Message& message, const Call&) {
    Message sealed = message;
    sealed.attachments = {file_of("sealed")};
    return Result<std::vector<Message>>(std::vector<Message>{sealed});
  };
  add_processor("gate");
  add_processor("later").on_process = [&](const Message& message, const Call&) {
    Message changed = message;
    if (message.source_key != "good") changed.attachments = {file_of("forged")};
    if (message.source_key == "claims")
      changed.attachments[0].digest = message.attachments[0].digest;
    return Result<std::vector<Message>>(std::vector<Message>{changed});
  };
  Step gate = process("gate");
  gate.gives_verdict = true;
  add_route("issue", "SHANZHENG", {process("seal"), gate, process("later"), deliver("library")});
  start();
  const std::string good = accept(event("good", "SHANZHENG", "C1")).id + "/0";
  ASSERT_TRUE(delivery_becomes(good, "library", DeliveryState::kDelivered));
  for (const char* key : {"changed", "claims"}) {
    const std::string bad = accept(event(key, "SHANZHENG", key)).id + "/0";
    ASSERT_TRUE(delivery_becomes(bad, "library", DeliveryState::kParked)) << key;
    EXPECT_EQ(delivery(bad, "library")->error_code, "gate.no_verdict");
  }
  EXPECT_EQ(library.sent(), std::vector<std::string>{good});
}

}  // namespace
}  // namespace certbridge::host

#include "engine/housekeeping.h"

#include "engine_fixture.h"

namespace certbridge::host {
namespace {

using std::chrono::milliseconds;

TEST_F(EngineTest, BodiesAreDroppedAfterTheirRetentionAndNotBefore) {
  add_route("noted", "", {});
  start();
  const std::string id = accept(event("e1")).id;
  ASSERT_TRUE(message_becomes(id, MessageState::kDone));
  const auto body = [&] {
    auto read = read_all(*message(id).message.body, 1000);
    return read ? read.value() : read.error().code;
  };
  { const Housekeeping patient(*store_, clock_, *logger_, std::chrono::hours(1), milliseconds(1)); }
  EXPECT_EQ(body(), "row e1");
  const Housekeeping prompt(*store_, clock_, *logger_, milliseconds(1), milliseconds(1));
  EXPECT_TRUE(eventually([&] { return body() == "content.dropped"; }));
}

}  // namespace
}  // namespace certbridge::host

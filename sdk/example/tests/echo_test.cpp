#include <dlfcn.h>
#include <gtest/gtest.h>

#include "certbridge/testing/contracts.h"

namespace certbridge::testing {
namespace {

// The plugin as the host gets it: through its door.
class EchoTest : public ::testing::TestWithParam<Through> {
 protected:
  EchoTest() : plugin_(descriptor().create(), descriptor().destroy) {}

  // The alias is a pointer to the descriptor. Libraries are never unloaded, here as in the host.
  static const PluginDescriptor& descriptor() {
    void* library = ::dlopen(ECHO_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error(::dlerror());
    void* alias = ::dlsym(library, "certbridge_plugin_v1");
    if (alias == nullptr) throw std::runtime_error("the library has no door");
    return **static_cast<const PluginDescriptor* const*>(alias);
  }

  std::unique_ptr<Plugin, void (*)(Plugin*) noexcept> plugin_;
  FakeContext context_{ECHO_MANIFEST, "echo", {{"greeting", "good morning"}}};
};

TEST_P(EchoTest, KeepsTheContract) {
  const Message good = message_of("certificate.issue", "text/plain", "body");
  check_processor_contract({*plugin_, context_, "echo"}, good, GetParam());
  context_.expect_all_options_read();
}

TEST_P(EchoTest, GivesBackWithTheGreeting) {
  Stage stage(*plugin_, context_, GetParam());
  auto echo = stage.make_processor("echo");
  ASSERT_TRUE(echo.ok());
  const Message message = message_of("certificate.issue", "text/plain", "𠮷");
  const auto children = echo.value()->process(message, call_of("m1/echo", std::chrono::seconds(1)));
  ASSERT_TRUE(children.ok());
  ASSERT_EQ(children.value().size(), 1U);
  EXPECT_EQ(children.value()[0].headers.at("echo-greeting"), "good morning");
  EXPECT_EQ(body_of(children.value()[0]), "𠮷");
}

TEST_P(EchoTest, RefusesAMessageWithoutBody) {
  Stage stage(*plugin_, context_, GetParam());
  auto echo = stage.make_processor("echo");
  const auto refused =
      echo.value()->process(Message{}, call_of("m1/echo", std::chrono::seconds(1)));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "echo.no_body");
  EXPECT_EQ(plugin_->make_processor("other", context_).error().code, "plugin.no_such_kind");
}

INSTANTIATE_TEST_SUITE_P(PlainAndWire, EchoTest,
                         ::testing::Values(Through::kPlain, Through::kWire));

}  // namespace
}  // namespace certbridge::testing

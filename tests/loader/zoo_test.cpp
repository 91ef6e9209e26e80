// Every ill plugin gets its own verdict, word for word, and stops neither host nor the others.
#include "zoo.h"

namespace certbridge::host {
namespace {

std::string verdict_of(const std::string& plugin) {
  Zoo zoo({endpoint_of("ill", plugin, "sink"), endpoint_of("well", "well_behaved", "failing")});
  zoo.open();
  EXPECT_EQ(zoo.status("well").health, EndpointHealth::kUp) << zoo.reason("well");
  EXPECT_EQ(zoo.status("ill").health, EndpointHealth::kDown);
  EXPECT_TRUE(zoo.set->sink("well")->send(message_of("a"), Call{}).ok());
  const auto refused = zoo.set->sink("ill")->send(message_of("a"), Call{});
  EXPECT_FALSE(refused.ok());
  if (!refused.ok()) {
    EXPECT_EQ(refused.error().code, "endpoint.down");
    EXPECT_EQ(refused.error().severity, Severity::kRetryable);
    EXPECT_EQ(refused.error().message, "the endpoint `ill` is down: " + zoo.reason("ill"));
  }
  return zoo.reason("ill");
}

TEST(Zoo, NoDoor) {
  EXPECT_EQ(verdict_of("no_door"),
            "the library has no door certbridge_plugin_v1: it is no plugin of certbridge");
}
TEST(Zoo, OldAbiInManifest) {
  EXPECT_EQ(verdict_of("old_abi"), "the manifest says contract number 0, this host speaks 1");
}
TEST(Zoo, OtherAbiInDescriptor) {
  EXPECT_EQ(verdict_of("other_abi"),
            "the library was built for contract number 7, this host speaks 1");
}
TEST(Zoo, ShortDescriptor) {
  EXPECT_EQ(verdict_of("short_descriptor"),
            "the library's descriptor has 16 bytes, this host needs " +
                std::to_string(sizeof(PluginDescriptor)));
}
TEST(Zoo, OtherFingerprint) {
  EXPECT_EQ(verdict_of("other_fingerprint"),
            "built in another way: the plugin is certbridge1/gxx99/abi9/cxx11=0, the host "
            "is " CERTBRIDGE_FINGERPRINT);
}
TEST(Zoo, OtherName) {
  EXPECT_EQ(verdict_of("other_name"),
            "the library calls itself somebody_else 1.0.0, its manifest other_name 1.0.0");
}
TEST(Zoo, MissingLibrary) {
  EXPECT_EQ(verdict_of("missing_library"),
            "the library missing_library.so is missing in " + zoo_folder() + "/missing_library");
}
TEST(Zoo, NotALibrary) {
  EXPECT_EQ(verdict_of("not_a_library"), "the file is not a shared library");
}
TEST(Zoo, DuplicateName) {
  EXPECT_EQ(verdict_of("twin"),
            "the name twin is taken more than once, by the folders `twin_one` and `twin_two`; none "
            "of them is used");
}
TEST(Zoo, BrokenManifest) {
  EXPECT_EQ(verdict_of("broken_manifest"),
            "the manifest is broken: plugin.xml:3:31: <makes>: attribute `as`: `snik` is not "
            "`source`, `sink`, "
            "`responder` or `processor`; did you mean `sink`?");
}
TEST(Zoo, ThrowsInCreate) {
  EXPECT_EQ(verdict_of("throws_in_create"), "the library answered that it could not be set up");
}
TEST(Zoo, ThrowsInMake) {
  EXPECT_EQ(verdict_of("throws_in_make"), "the endpoint `ill` threw in making it: no sink today");
}
TEST(Zoo, MakesNothing) {
  EXPECT_EQ(verdict_of("makes_nothing"), "the library made nothing and said no error");
}
TEST(Zoo, NoSuchPlugin) {
  EXPECT_EQ(verdict_of("unicorn"), "there is no plugin of that name in " + zoo_folder());
}

TEST(Zoo, WrongDigest) {
  Zoo zoo({endpoint_of("ill", "wrong_digest", "sink")});
  zoo.configuration.pins.push_back({"wrong_digest", std::string(64, '0'), {}});
  zoo.open();
  EXPECT_THAT(
      zoo.reason("ill"),
      testing::MatchesRegex("the library's SHA-256 is [0-9a-f]{64}, the configuration pins 0{64}"));
}

TEST(Zoo, RightDigestIsTaken) {
  Zoo first({endpoint_of("pinned", "wrong_digest", "sink")});
  first.configuration.pins.push_back({"wrong_digest", std::string(64, '0'), {}});
  first.open();
  const std::string digest =
      first.reason("pinned").substr(std::string("the library's SHA-256 is ").size(), 64);
  Zoo second({endpoint_of("pinned", "wrong_digest", "sink")});
  second.configuration.pins.push_back({"wrong_digest", digest, {}});
  second.open();
  EXPECT_EQ(second.status("pinned").health, EndpointHealth::kUp) << second.reason("pinned");
}

TEST(Zoo, DoorMismatchStaysDown) {
  Zoo zoo({endpoint_of("ill", "no_door", "sink")});
  zoo.open();
  for (int i = 0; i < 10; ++i) {
    zoo.clock.pass(std::chrono::hours(1));
    zoo.set->probe();
  }
  EXPECT_EQ(zoo.status("ill").health, EndpointHealth::kDown);
}

TEST(Zoo, EveryAnimalTogetherDoesNotStopTheHost) {
  const Catalogue catalogue = scan_plugins(zoo_folder());
  std::vector<EndpointConfig> endpoints;
  for (const CatalogueEntry& entry : catalogue.entries) {
    const std::string name = entry.manifest ? entry.manifest->name : "broken_manifest";
    endpoints.push_back(
        endpoint_of("the-" + entry.folder.substr(entry.folder.rfind('/') + 1), name, "sink"));
  }
  ASSERT_EQ(endpoints.size(), 20U);
  Zoo zoo(endpoints);
  zoo.open();
  EXPECT_EQ(zoo.status("the-well_behaved").health, EndpointHealth::kUp);
  zoo.set->stop_sources();
  zoo.set->stop();
}

}  // namespace
}  // namespace certbridge::host

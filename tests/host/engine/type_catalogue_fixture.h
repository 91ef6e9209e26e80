// An engine with a catalogue of certificate types in a folder that a test writes.
#pragma once

#include "engine/catalogue_watch.h"
#include "engine_fixture.h"

namespace certbridge::host {

inline constexpr const char* kTitleCode = "11100000MB03271699001";
inline constexpr const char* kProofCode = "11100000MB03271699022";

class TypeCatalogueTest : public EngineTest {
 protected:
  TypeCatalogueTest();
  ~TypeCatalogueTest() override;

  // One <version>; `more` stands beside what each has.
  static std::string version(int number, const std::string& state, const std::string& effective,
                             const std::string& more = "");
  void write_type(const std::string& code, const std::string& versions);
  // With a catalogue that is looked at all the time.
  void start_watched();
  void stop_watched();
  // As a restart does; start_watched() goes on.
  void restart();
  // An event of a certificate of this type, booked then.
  static Message of_type(const std::string& key, const std::string& code,
                         const std::string& booked = "2026-11-01T00:00:00");
  static Step bind_version();
  std::vector<TypeLane> lanes();
  double alarms(const std::string& endpoint) const;

  std::filesystem::path types_folder_;
  std::unique_ptr<TypeCatalogue> catalogue_{};
  std::unique_ptr<TypeLanes> lanes_{};
  std::unique_ptr<CatalogueWatch> watch_{};
};

}  // namespace certbridge::host

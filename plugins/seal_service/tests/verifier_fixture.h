// A test authority with two issuers, and verifiers that trust it.
#pragma once

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "testing/corpus.h"
#include "verify_file.h"

namespace certbridge::seal_service {

using namespace testing;

inline const Timestamp kVerifiedAt =
    Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + std::chrono::hours(8);

struct Fixture {
  World world = [] {
    auto made = make_world({{"41130000000001", "南阳市自然资源和规划局", "nanyang"},
                            {"41132400000001", "镇平县自然资源局", "zhenping"}},
                           kVerifiedAt);
    return std::move(made).value();
  }();
  int verified = 0;
  TrustedSeals seals{read_trust(world.trust_pem, world.revocations_pem).value(),
                     [this](std::string_view, int count) { verified += count; }};
  TrustedSeals without_lists{read_trust(world.trust_pem, "").value(), [](std::string_view, int) {}};

  std::string sealed(bool closed) const {
    return seal_sample(sample_document(), sample_stamp(), world.good.front(), kVerifiedAt, closed);
  }
};

inline const Check& check_named(const Report& report, std::string_view name) {
  const auto found = std::find_if(report.checks.begin(), report.checks.end(),
                                  [&](const Check& check) { return check.name == name; });
  if (found == report.checks.end()) throw std::runtime_error("no check " + std::string(name));
  return *found;
}

inline bool any_is(const Report& report, CheckOutcome outcome) {
  return std::any_of(report.checks.begin(), report.checks.end(),
                     [&](const Check& check) { return check.outcome == outcome; });
}

inline const CorpusFile& named(const std::vector<CorpusFile>& corpus, std::string_view name) {
  const auto found = std::find_if(corpus.begin(), corpus.end(),
                                  [&](const CorpusFile& file) { return file.name == name; });
  if (found == corpus.end()) throw std::runtime_error("no file " + std::string(name));
  return *found;
}

}  // namespace certbridge::seal_service

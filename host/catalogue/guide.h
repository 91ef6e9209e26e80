// The guide (article 14 of the measures): which certificates an applicant need not bring to an
// item, because they are looked up, and which of these cannot be had now.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalogue/used_type.h"
#include "certbridge/items.h"

namespace certbridge::host {

// Which endpoints answer questions for which type, by the routes, and which of them do not now.
struct GuideSources {
  std::map<std::string, std::set<std::string>, std::less<>> by_type{};  // by type code
  std::set<std::string> for_every_type{};
  std::set<std::string> down{};
};

struct GuideMaterial {
  enum class Bring : std::uint8_t {
    kNotNeeded = 1,  // it is looked up, and must not be asked for on paper
    kNotNow = 2,     // as above, but nothing that has it answers now: paper is taken
    kPaper = 3,      // nothing supplies it electronically
  };
  std::string name{};
  std::string type_code{};  // empty: no certificate
  Bring bring = Bring::kPaper;
  std::string sentence{};  // of the type, where it need not be brought
  bool operator==(const GuideMaterial&) const = default;
};
std::string to_word(GuideMaterial::Bring bring);  // "not-needed", "not-now", "paper"

struct GuideItem {
  std::string code{};
  std::string name{};
  std::vector<GuideMaterial> materials{};
};

struct Guide {
  std::vector<GuideItem> items{};
  std::vector<std::string> not_now{};  // type codes that cannot be had now, sorted, each once
};

// Pure. A type that the catalogue does not have, or that no endpoint answers for, is paper.
Guide make_guide(const ItemDirectory& items, const UsedTypes& types, const GuideSources& sources);

// JSON, UTF-8, members in a fixed order: {"items": [{"code", "name", "materials": [{"name",
// "type", "bring", "sentence"}]}], "notNow": [type codes]}. "type" and "sentence" are left out
// where they are empty.
std::string guide_json(const Guide& guide);

}  // namespace certbridge::host

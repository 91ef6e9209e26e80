// Rules on units and the printed face: what the certificate says of the property.
#include <algorithm>
#include <array>
#include <string_view>

#include "validation_checks.h"

namespace certbridge {
namespace {

// Right types (权利类型 1, 2, 3, 5, 7, 15, 17) of land or sea alone.
constexpr std::array<std::string_view, 7> kLandRights{
    "集体土地所有权",     "国家土地所有权", "国有建设用地使用权", "宅基地使用权",
    "集体建设用地使用权", "海域使用权",     "无居民海岛使用权"};

bool is_land_right(std::string_view right) {
  return std::find(kLandRights.begin(), kLandRights.end(), right) != kLandRights.end();
}
bool is_building_right(std::string_view right) {
  return right.find("房屋") != std::string_view::npos ||
         right.find("筑物") != std::string_view::npos;
}

std::string numbered(std::size_t index) { return "units[" + std::to_string(index + 1) + "]"; }

void check_right_type(const Certificate& it, std::size_t index, FindingList& findings) {
  const std::string right = it.face_value("KZ_QLLX");
  const char feature = it.units[index].text()[19];
  if (is_land_right(right) && feature != 'W') {
    findings.add("unit.right-type", numbered(index),
                 "a right to land or sea alone, but position 20 of the unit number is not W");
  } else if (is_building_right(right) && feature != 'F') {
    findings.add("unit.right-type", numbered(index),
                 "a right to a building, but position 20 of the unit number is not F");
  }
}

// Stock data that was never matched to a parcel has such numbers; parcels of sea have no district.
bool is_unmatched(const std::string& unit) {
  return unit.substr(6, 6) == "000000" && unit[13] != 'H' && unit[13] != 'G';
}

void demand(const Certificate& it, const char* rule, const std::vector<const char*>& keys,
            FindingList& findings) {
  for (const char* key : keys) {
    if (it.face_value(key).find_first_not_of(" \t\r\n") != std::string::npos) continue;
    findings.add(rule, std::string("face.") + key, std::string(key) + " is empty or missing");
  }
}

}  // namespace

void check_units(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  if (it.units.empty()) findings.add("unit.present", "units", "there is no real-estate unit");
  for (std::size_t i = 0; i < it.units.size(); ++i) {
    if (auto strict = UnitCode::parse_strict(it.units[i].text()); !strict) {
      findings.add("unit.strict", numbered(i), strict.error().message);
    }
    if (is_unmatched(it.units[i].text())) {
      findings.add("unit.matched", numbered(i),
                   "positions 7 to 12 of the unit number are 000000: a number of stock data that "
                   "was not matched to its parcel yet");
    }
    if (it.units[i].area() != it.area) {
      findings.add("unit.area", numbered(i),
                   "the unit lies in " + it.units[i].area() + ", the certificate is of " + it.area);
    }
    check_right_type(it, i, findings);
  }
}

void check_face(const ValidationSubject& subject, FindingList& findings) {
  const Certificate& it = subject.certificate;
  if (it.kind == CertificateKind::kTitle) {
    demand(it, "face.required", {"KZ_ZL", "KZ_QLLX", "KZ_QLXZ", "KZ_YT", "KZ_MJ"}, findings);
    demand(it, "face.complete", {"KZ_SYQX", "KZ_QLQTZK"}, findings);
  } else {
    demand(it, "face.required", {"KZ_ZL", "KZ_ZMQLSX"}, findings);
    demand(it, "face.complete", {"KZ_QT"}, findings);
  }
}

}  // namespace certbridge

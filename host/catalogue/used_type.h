// The types of certificates that cases use, mostly other authorities': config/catalogue/used.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certbridge::host {

// Who holds certificates of a type.
enum class HolderClass : std::uint8_t { kPerson = 1, kCompany = 2, kBoth = 3 };
std::string to_word(HolderClass holder);  // "person", "company", "both"
// Whether a holder with a code of this type (GB/T 36903, Annex A) can have one.
bool may_hold(HolderClass holder, std::string_view code_type);

// A field of the face, as the source calls it.
struct UsedField {
  std::string name{};   // "KZ_ZL", "经营范围"
  std::string label{};  // for people
  bool personal = true;
};

// How long a copy of a certificate's file is kept here.
struct CopyRetention {
  enum class Until : std::uint8_t {
    kNoCopy = 1,  // it goes through and is not kept
    kCase = 2,    // with the case that it was used in
    kDays = 3,
  };
  Until until = Until::kNoCopy;
  std::chrono::days days{0};  // of kDays
};

struct UsedType {
  std::string code{};  // GB/T 36902, 21 characters
  std::string name{};
  std::string authority{};  // who issues it
  HolderClass holder = HolderClass::kBoth;
  std::vector<UsedField> fields{};
  // What may be disclosed where a purpose has no list of its own: names of fields of the face, and
  // of common_fields().
  std::vector<std::string> disclosed{};
  CopyRetention copies{};
  std::string guide{};                 // what an applicant is told who need not bring it
  std::vector<std::string> assumed{};  // what of it nobody has confirmed yet
  std::string first_day{};             // "2026-11-24" in Beijing, or empty: open; as the next one
  std::string last_day{};              // on which certificates of it are to be used
  std::string file{};                  // where it stands

  const UsedField* field(std::string_view field_name) const;  // null when the file has none
  // A field that the file does not name is data of unknown kind, and counts as personal.
  bool is_personal(std::string_view field_name) const;
};

// Names of what every certificate has: "number", "holder.name", "expires-on"…
const std::vector<std::string>& common_fields();

// Immutable. Sorted by code.
class UsedTypes {
 public:
  UsedTypes() = default;
  explicit UsedTypes(std::vector<UsedType> types);
  const std::vector<UsedType>& all() const { return types_; }
  const UsedType* by_code(std::string_view code) const;  // null when there is none

 private:
  std::vector<UsedType> types_{};
};

}  // namespace certbridge::host

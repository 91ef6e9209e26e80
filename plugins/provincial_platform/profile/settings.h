// Values that a province wants otherwise, as its patch says: they are put into a message that is
// built (message/transform.h).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "profile/profile.h"
#include "profile/profile_reader.h"

namespace certbridge::provincial_platform {

// A piece of a new value.
struct ValuePart {
  enum class Source : std::uint8_t {
    kText = 1,       // `name` itself
    kField = 2,      // the head field `name`
    kAttribute = 3,  // the attribute `name` of the same row
  };
  Source source = Source::kText;
  std::string name{};
  bool digits = false;    // only the digits of it
  std::size_t first = 0;  // only so many characters from the left; 0: all
  std::size_t last = 0;   // only so many from the right
  std::size_t width = 0;  // filled up to it with zeros from the left
};

// A value for a head field or an attribute.
struct Setting {
  std::string field{};      // of the head; empty: `attribute` of each row of `tables`
  std::string attribute{};  // by its name in the profile
  std::vector<std::string> tables{};
  std::set<std::string> rec_types{};  // empty: all
  std::optional<std::string> when{};  // only where this was built; empty: where nothing was
  std::vector<ValuePart> parts{};     // none: nothing is to stand there
};

// Reads <set>, which speaks of tables, head and RecTypes of `profile`.
Setting read_setting(ProfileReader& reader, const XmlElement& element, const Profile& profile);
// Of <leave-out>, whose tables have the attribute.
Setting left_out(const XmlElement& element);

// Whether a text of its own, which no rule of the profile has to know, may stand there.
bool sets_field(const Setting& setting, const std::string& field, const std::string& rec_type);
bool sets_attribute(const Setting& setting, const std::string& table, const std::string& attribute,
                    const std::string& rec_type);
// The text that is the same in every message; null when it is made of the message.
const std::string* fixed_text(const Setting& setting);

}  // namespace certbridge::provincial_platform

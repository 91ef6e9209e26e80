// Profiles as shipped, invented bookings for each of their RecTypes, and keys that nobody keeps.
#pragma once

#include <string>
#include <vector>

#include "certbridge/record.h"
#include "message/maker.h"

namespace certbridge::provincial_platform::testing {

std::string source_text(const std::string& path);   // below the root of the sources
std::string profile_text(const std::string& name);  // of a file in profiles/
Profile shipped_profile(const std::string& name);   // "v1" or "v2"

// The first generation as a province has it.
struct Province {
  Profile profile{};
  Patch patch{};
};
// By a patch file, whose path is below the plugin's folder.
Province patched(const std::string& path);

// Facts of one booking: each table of the RecType once, those of which there may be several twice;
// of each row what is required and some of the rest. The same for the same profile and RecType.
std::vector<RecordSet> sample_facts(const Profile& profile, const std::string& rec_type);
// The rows of such a booking as they travel, of the case of this number.
std::string sample_rows(const Profile& profile, const std::string& rec_type,
                        const std::string& case_number);
// Sets a field of the first row of a set.
void change(std::vector<RecordSet>& facts, const std::string& set, const std::string& field,
            const std::optional<std::string>& value);
void drop_set(std::vector<RecordSet>& facts, const std::string& set);

struct TestKey {
  std::string pem{};
  std::string base64{};  // PKCS#8 DER in one line
  std::string public_pem{};
};
// A fresh RSA key.
TestKey make_key(unsigned bits);

}  // namespace certbridge::provincial_platform::testing

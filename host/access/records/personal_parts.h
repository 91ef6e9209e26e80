// Seals what is personal of a record, and opens it again.
#pragma once

#include <string>

#include "access/records/record_body.h"

namespace certbridge::host {

// A record as it is read again.
struct OpenedRecord {
  AccessRecord record{};
  bool who_is_gone = false;    // the key was destroyed: `person` is empty
  bool about_is_gone = false;  // likewise: all other personal members are empty
};

// Throws Failure of PersonalKeys, and "access.damaged".
RecordBody seal_record(const AccessRecord& record, const std::string& node,
                       const std::string& month, const Key& index_key, PersonalKeys& keys);
OpenedRecord open_record(const RecordBody& body, const std::string& node, const PersonalKeys& keys);

// What is searched by (kCase: the number of the ground, a case or another; kKind: kObjectionTerm),
// and the key that digests of it are made with.
enum class AccessTerm : std::uint8_t {
  kPerson = 1,
  kHolder = 2,
  kCertificate = 3,
  kCase = 4,
  kKind = 5
};
// By it every objection, complaint and step of one is found, also where keys are gone.
inline constexpr const char* kObjectionTerm = "objection";
Key access_index_key(const Key& master);
// 16 bytes; says nothing without the key. Of a holder it is taken of comparable_code().
std::string access_digest(const Key& index_key, AccessTerm kind, const std::string& value);

}  // namespace certbridge::host

#include "message/maker.h"

#include <algorithm>

#include "message/builder.h"
#include "message/transform.h"

namespace certbridge::provincial_platform {
namespace {

constexpr std::size_t kAreaDigits = 6;

constexpr std::size_t kDayCharacters = 10;

std::string value_in_head(const Document& document, std::string_view field) {
  for (const auto& [name, value] : document.head) {
    if (name == field) return value;
  }
  return {};
}

BookingName booking_of(const Document& document) {
  return {value_in_head(document, "EstateNum"), value_in_head(document, "RecFlowID"),
          value_in_head(document, "CreateDate").substr(0, kDayCharacters)};
}

bool is_area(std::string_view text) {
  return text.size() == kAreaDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Maker::Maker(Profile profile, Patch patch)
    : profile_(std::move(profile)), patch_(std::move(patch)) {}

Result<Made> Maker::make(std::string_view facts) {
  const auto booked = parse_booked(facts);
  if (!booked) return booked.error();
  auto document = build_document(profile_, booked.value());
  if (!document) return document.error();
  Made made{document.value().rec_type,
            booking_of(document.value()),
            value_in_head(document.value(), "AreaCode"),
            {}};
  made.text = write_document(transformed(std::move(document).value(), patch_));
  const auto schema = schema_of(made.rec_type);
  if (!schema) return schema.error();
  std::vector<Finding> findings = schema.value()->check(made.text);
  if (!is_area(made.area)) findings.push_back({"head", 0, "AreaCode", "is not six digits"});
  if (findings.empty()) return made;
  return error_of("provincial.schema", "the message " + made.rec_type + " is not valid", findings);
}

Result<const MessageSchema*> Maker::schema_of(const std::string& rec_type) {
  const std::lock_guard lock(mutex_);
  auto found = schemas_.find(rec_type);
  if (found == schemas_.end()) {
    auto schema = MessageSchema::compile(schema_text(profile_, patch_, rec_type));
    if (!schema) return schema.error();
    found = schemas_.emplace(rec_type, std::move(schema).value()).first;
  }
  return &found->second;
}

}  // namespace certbridge::provincial_platform

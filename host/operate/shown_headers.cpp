#include "operate/shown_headers.h"

#include <algorithm>
#include <array>

namespace certbridge::host {

bool may_be_shown(std::string_view header) {
  constexpr std::array<std::string_view, 30> kShown{
      "event-type",     "event-id",          "case-no",           "case-id",
      "revision",       "registration-type", "right-type",        "occurred-at",
      "certificate-id", "identifier",        "issuer-code",       "type-code",
      "version",        "warnings",          "record-digest",     "file-digest",
      "seal-id",        "sealed-at",         "intake-error-code", "life-event",
      "refusal-code",   "refusal-step",      "checks-not-made",   "life-effect",
      "life-reason",    "restriction-kind",  "restriction-case",  "status-word",
      "status-before",  "issued-on"};
  return std::find(kShown.begin(), kShown.end(), header) != kShown.end();
}

}  // namespace certbridge::host

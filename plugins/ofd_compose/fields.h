// What a certificate says, by short name (GB/T 36903 and the KZ_ names of real estate).
#pragma once

#include <string>
#include <string_view>

#include "certbridge/certificate.h"

namespace certbridge::ofd_compose {

// As people read it: dates as 2026年11月24日, unit codes in groups, several units one on a line.
// Empty when the certificate has no such field. Line ends are single line feeds.
std::string shown_field(const Certificate& certificate, std::string_view name);
// As software reads it: dates as 2026-11-24, lists joined by 、.
std::string data_field(const Certificate& certificate, std::string_view name);
// What the QR code holds: identifier and first unit, joined by "&".
std::string code_text(const Certificate& certificate);

}  // namespace certbridge::ofd_compose

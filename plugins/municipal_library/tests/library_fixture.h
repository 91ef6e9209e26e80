// A certificate to collect, and messages about it.
#pragma once

#include <string>

#include "certbridge/certificate.h"
#include "certbridge/testing/memory_content.h"

namespace certbridge::municipal_library {

inline constexpr const char* kIssuerCode = "11411300MB1T000091";

// Three holders of three kinds, one of them outside the BMP; two units; a face text with a line
// break. `serial` is the seven digits of its number.
Certificate certificate_of(const std::string& serial, int version);
// A certificate.issue with a file of these bytes.
Message issue_of(const Certificate& certificate, const std::string& file);
Message void_of(const Certificate& certificate);

}  // namespace certbridge::municipal_library

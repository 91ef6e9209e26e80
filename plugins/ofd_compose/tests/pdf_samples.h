// PDF files and pictures for the tests of copies.
#pragma once

#include <string>

namespace certbridge::ofd_compose {

// Pages of A5 that say LICENCE PAGE and their number.
std::string sample_pdf(int pages);
// One page, with more entries in the catalogue.
std::string pdf_with_root(const std::string& entries);
// With everything that a copy may not have.
std::string active_pdf();
// A page of 150 by 200 that is turned by 90 degrees and scaled by two.
std::string turned_pdf();
std::string encrypted_pdf(const std::string& user_password);
// Some kilobytes that become 128 megabytes when they are read.
std::string bomb_pdf();
// 40 by 20 pixels; the JPEG has application data.
std::string sample_png();
std::string sample_jpeg();
// All of its objects in plain text.
std::string unpacked(const std::string& pdf);

}  // namespace certbridge::ofd_compose

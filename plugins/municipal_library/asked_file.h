// The file of a certificate that was found, as Base64 in an answer or at an address.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "addresses.h"
#include "caller.h"
#include "certbridge/query.h"

namespace certbridge::municipal_library {

struct FileSettings {
  std::vector<AddressRule> addresses{};
  std::uint64_t largest = 40'000'000;
  std::function<Result<std::unique_ptr<ContentWriter>>()> spool{};
};

// The file with its SM3, named by what its first bytes say: "certificate.ofd", ".pdf", ".jpg",
// ".png" or ".bin". Never whole in memory when it is large. Any thread. Codes: those of
// LibraryCaller::ask() and fetch(), path_of_address(), ContentWriter; "municipal.not_offered",
// "municipal.not_found", "municipal.garbled" (neither Base64 nor an address, empty, a page instead
// of a file, another certificate's), "municipal.file_damaged" (not the digest that the library
// states), "content.too_large".
Result<Attachment> fetch_file(LibraryCaller& caller, const FileSettings& settings,
                              const FileQuestion& question, const Call& call);

// "ofd", "pdf", "jpg", "png", or "bin" for all others.
std::string extension_of(std::string_view first_bytes);

}  // namespace certbridge::municipal_library

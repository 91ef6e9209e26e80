// Sealed files, good and altered, each with the verdict that a strict verifier must reach.
#pragma once

#include <string>
#include <vector>

#include "../package.h"
#include "../signature_files.h"
#include "world.h"

namespace certbridge::seal_service::testing {

struct CorpusFile {
  std::string name{};  // file name without extension
  std::string bytes{};
  std::string code{};  // empty: valid; "*": invalid for any reason; else the code of this plugin
  std::string note{};
};

// The identifier in the metadata of the sample, of issuer 11411300MB1T000091.
inline constexpr const char* kSampleIdentifier =
    "1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.20200000001.001.R";
// A document of one page with identifier, attachment and resource, for tests without a composer.
Package sample_document();
Stamp sample_stamp();

// Seals `document` with the first good seal of the world; throws std::runtime_error on failure.
std::string seal_sample(const Package& document, const Stamp& stamp, const Sealed& by,
                        Timestamp time, bool closed);
// The file with a second seal beside its first; the document must be open.
std::string seal_again(const std::string& file, const Sealed& by, Timestamp time);
// All cases: about fifty, and one flipped byte for each file of the package.
std::vector<CorpusFile> make_corpus(const World& world, const Package& document,
                                    const Stamp& stamp);

}  // namespace certbridge::seal_service::testing

// How the files of a document hang together.
#pragma once

#include <string>
#include <vector>

#include "certbridge/result.h"
#include "certbridge_ofd/package.h"

namespace certbridge::ofd {

// All files that OFD.xml leads to, itself included, in order of discovery: documents, resources,
// pages, layouts, annotations, attachments, tags, signatures and their values. All errors are
// permanent: "ofd.structure" (a file that is no XML, or not the expected element),
// "ofd.missing_file" (named but not there; also when only the letter case differs), "ofd.location".
Result<std::vector<std::string>> reachable_files(const Package& package);

struct PageFile {
  std::string id{};
  std::string file{};  // entry name
};
struct NamedFont {
  std::string id{};
  std::string family{};
  bool bold = false;
};
struct PictureFile {
  std::string id{};
  std::string file{};
};

// What is needed to draw the first document of a package.
struct Structure {
  std::vector<PageFile> pages{};
  std::vector<PageFile> layouts{};
  std::vector<NamedFont> fonts{};
  std::vector<PictureFile> pictures{};
  std::string page_box{};  // PhysicalBox of the document, as written
};
// Codes as above.
Result<Structure> read_structure(const Package& package);

// Where a signature wants its seal painted.
struct SealPlace {
  std::string page_id{};
  std::string box{};           // ST_Box as written
  std::string signed_value{};  // entry name
};
// Empty for a file without signatures. Codes as above.
Result<std::vector<SealPlace>> read_seal_places(const Package& package);

}  // namespace certbridge::ofd

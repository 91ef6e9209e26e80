// Writes an OFD document of the subset that certificates need (schema/subset.xsd).
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "certbridge_ofd/canvas.h"
#include "certbridge_ofd/package.h"

namespace certbridge::ofd {

struct DocumentInfo {
  std::string id{};  // 32 hexadecimal digits
  std::string title{};
  std::string author{};
  std::string subject{};
  std::string created{};  // 2026-11-24
  std::string creator{};
  std::string creator_version{};
  std::vector<std::pair<std::string, std::string>> custom_data{};  // name and value, in order
};

// A file that travels inside the document.
struct AttachedFile {
  std::string id{};      // xs:ID: "record"
  std::string name{};    // for people
  std::string format{};  // "xml"
  std::string file{};    // name below Doc_0/Attachs/
  std::string bytes{};
};

// Which objects show a field: the way from data to the face of the certificate (GB/T 36905).
struct FieldTag {
  std::string field{};  // an XML name: "KZ_ZL"
  struct Object {
    int page = 0;
    int object = 0;
  };
  std::vector<Object> objects{};  // in reading order
};

// One document. Parts get their IDs in the order in which they are added, so the order of the calls
// decides the bytes. One thread at a time.
class DocumentWriter {
 public:
  explicit DocumentWriter(DocumentInfo info);
  // Fonts are named, never embedded. Answers the font's ID.
  int add_font(const std::string& name, bool bold);
  // PNG ("PNG") or JPEG ("JPEG") bytes. Answers the picture's ID.
  int add_picture(const std::string& format, std::string bytes);
  // Drawn behind every page that names it. References stay valid until finish().
  Canvas& add_layout(Length width, Length height);
  // `layout` is a layout's ID, or 0.
  Canvas& add_page(Length width, Length height, int layout);
  void attach(AttachedFile file);
  // `name_space` and `root` are the tag file's own.
  void tag(std::string name_space, std::string root, std::vector<FieldTag> tags);
  // All files, OFD.xml first. Ends the writer's life.
  Package finish();

 private:
  std::string ofd_xml() const;
  std::string document_xml() const;
  std::string public_resources() const;
  std::string document_resources() const;
  void put_canvases(Package& package) const;
  void put_tags(Package& package) const;
  void put_attachments(Package& package);

  struct Font {
    int id = 0;
    std::string name{};
    bool bold = false;
  };
  struct Picture {
    int id = 0;
    std::string format{};
    std::string file{};
    std::string bytes{};
  };
  DocumentInfo info_;
  int next_id_ = 1;
  std::vector<Font> fonts_{};
  std::vector<Picture> pictures_{};
  std::deque<Canvas> layouts_{};
  std::deque<Canvas> pages_{};
  std::vector<AttachedFile> files_{};
  std::string tag_name_space_{};
  std::string tag_root_{};
  std::vector<FieldTag> tags_{};
};

}  // namespace certbridge::ofd

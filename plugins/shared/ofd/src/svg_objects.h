// Text, paths and images of a page as SVG.
#pragma once

#include <map>
#include <string>

#include "certbridge_ofd/package.h"
#include "certbridge_ofd/structure.h"
#include "svg.h"

namespace certbridge::ofd {

inline constexpr std::size_t kMostObjects = 200'000;  // of a document

// Appends objects to `svg`; what it does not know is left out. References outlive it.
class ObjectDrawing {
 public:
  ObjectDrawing(const Package& package, const Structure& structure, std::string& svg);

  // The layers of a page or of what stands behind it.
  void add_content(const XmlElement& page);
  std::size_t objects() const { return objects_; }

 private:
  struct Run {
    double x = 0;
    double y = 0;
    std::string text{};
    std::string places{};
  };
  void add_objects(const XmlElement& block);
  void add_text(const XmlElement& object, const Numbers& box);
  void append_font(const XmlElement& object);
  void add_code(const XmlElement& code, double size);
  void add_run(const Run& run);
  void add_path(const XmlElement& object, const Numbers& box);
  void add_image(const XmlElement& object, const Numbers& box);

  const Package& package_;
  std::map<std::string, const NamedFont*, std::less<>> fonts_{};
  std::map<std::string, std::string, std::less<>> pictures_{};
  std::string& svg_;
  std::size_t objects_ = 0;
};

}  // namespace certbridge::ofd

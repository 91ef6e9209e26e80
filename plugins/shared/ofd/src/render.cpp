#include "certbridge_ofd/render.h"

#include <algorithm>
#include <map>

#include "certbridge_ofd/structure.h"
#include "parts.h"
#include "render_values.h"
#include "svg_objects.h"
#include "xml_text.h"

namespace certbridge::ofd {
namespace {

constexpr double kGap = 6;  // between pages, mm

class Drawing {
 public:
  Drawing(const Package& package, const Structure& structure)
      : package_(package), objects_(package, structure, out_) {
    for (const PageFile& layout : structure.layouts) layouts_.emplace(layout.id, layout.file);
  }

  // Adds a page at `top`; answers its height.
  Result<double> add_page(const PageFile& page, const std::string& document_box, double top,
                          const std::vector<Stamp>& stamps) {
    auto root = parse_part(package_, page.file);
    if (!root) return root.error();
    const Numbers box = page_box(root.value(), document_box);
    width_ = std::max(width_, box[2]);
    out_ += "<g transform=\"translate(0 ";
    append_number(out_, top);
    out_ += ")\"><rect";
    append_attribute(out_, "width", box[2]);
    append_attribute(out_, "height", box[3]);
    out_ += " fill=\"#fff\"/>";
    if (auto drawn = add_layouts(root.value()); !drawn) return drawn.error();
    objects_.add_content(root.value());
    for (const Stamp& stamp : stamps) {
      if (stamp.page_id == page.id) add_stamp(stamp);
    }
    out_ += "</g>";
    if (objects_.objects() > kMostObjects || out_.size() > kLargestPicture) {
      return Error::permanent("ofd.too_large",
                              "the document has too much on its pages to be shown");
    }
    return box[3];
  }

  std::string finish(double height) const {
    std::string svg =
        std::string(kXmlHead) +
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";
    const auto size = [&](const char* name, double value) {
      svg += ' ';
      svg += name;
      svg += "=\"";
      append_number(svg, value);
      svg += "mm\"";
    };
    size("width", width_);
    size("height", height);
    svg += " viewBox=\"0 0 ";
    append_number(svg, width_);
    svg += ' ';
    append_number(svg, height);
    return svg + "\"><rect width=\"100%\" height=\"100%\" fill=\"#d8d8d8\"/>" + out_ + "</svg>\n";
  }

 private:
  static Numbers page_box(const XmlElement& page, const std::string& document_box) {
    const XmlElement* area = page.child("Area");
    auto box = parse_box(area == nullptr ? document_box : child_text(*area, "PhysicalBox"));
    if (!box || (*box)[2] < 1 || (*box)[3] < 1) box = parse_box(document_box);
    if (!box || (*box)[2] < 1 || (*box)[3] < 1) return {0, 0, 210, 297};
    return *box;
  }

  Result<void> add_layouts(const XmlElement& page) {
    for (const XmlElement* reference : page.children_named("Template")) {
      const auto found = layouts_.find(reference->attribute_or_empty("TemplateID"));
      if (found == layouts_.end()) continue;
      auto layout = parse_part(package_, found->second);
      if (!layout) return layout.error();
      objects_.add_content(layout.value());
    }
    return {};
  }

  void add_stamp(const Stamp& stamp) {
    const auto box = parse_box(stamp.box);
    if (!box) return;
    out_ += "<g style=\"mix-blend-mode:multiply\" transform=\"translate(";
    append_number(out_, (*box)[0]);
    out_ += ' ';
    append_number(out_, (*box)[1]);
    out_ += ")\">";
    append_picture(out_, stamp.picture, (*box)[2], (*box)[3]);
    out_ += "</g>";
  }

  const Package& package_;
  std::map<std::string, std::string, std::less<>> layouts_{};
  std::string out_{};
  ObjectDrawing objects_;
  double width_ = 1;
};

}  // namespace

Result<std::string> render_document(const Package& package, const std::vector<Stamp>& stamps) {
  const auto structure = read_structure(package);
  if (!structure) return structure.error();
  Drawing drawing(package, structure.value());
  double top = 0;
  for (const PageFile& page : structure.value().pages) {
    if (top > 0) top += kGap;
    auto height = drawing.add_page(page, structure.value().page_box, top, stamps);
    if (!height) return height.error();
    top += height.value();
  }
  return drawing.finish(top);
}

}  // namespace certbridge::ofd

#include "certbridge_ofd/render.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "certbridge_ofd/structure.h"
#include "parts.h"
#include "render_values.h"
#include "text.h"
#include "xml_text.h"

namespace certbridge::ofd {
namespace {

constexpr std::size_t kMostObjects = 200'000;
constexpr std::size_t kLargestPicture = 128 * 1024 * 1024;
constexpr double kGap = 6;  // between pages, mm

using Numbers = std::vector<double>;

void append_attribute(std::string& out, const char* name, double value) {
  out += ' ';
  out += name;
  out += "=\"";
  append_number(out, value);
  out += '"';
}

double number_or(const XmlElement& element, std::string_view name, double otherwise) {
  const auto numbers = parse_numbers(element.attribute_or_empty(name), 1);
  return numbers && numbers->size() == 1 ? numbers->front() : otherwise;
}

class Drawing {
 public:
  Drawing(const Package& package, const Structure& structure) : package_(package) {
    for (const NamedFont& font : structure.fonts) fonts_.emplace(font.id, &font);
    for (const PictureFile& picture : structure.pictures)
      pictures_.emplace(picture.id, picture.file);
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
    add_content(root.value());
    for (const Stamp& stamp : stamps) {
      if (stamp.page_id == page.id) add_stamp(stamp);
    }
    out_ += "</g>";
    if (objects_ > kMostObjects || out_.size() > kLargestPicture) {
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
      add_content(layout.value());
    }
    return {};
  }

  void add_content(const XmlElement& page) {
    const XmlElement* content = page.child("Content");
    if (content == nullptr) return;
    for (const XmlElement* layer : content->children_named("Layer")) add_objects(*layer);
  }

  void add_objects(const XmlElement& block) {
    for (const XmlElement& object : block.children) {
      if (++objects_ > kMostObjects) return;
      if (object.name == "PageBlock") add_objects(object);
      if (object.attribute_or_empty("Visible") == "false") continue;
      const auto box = parse_box(object.attribute_or_empty("Boundary"));
      if (!box) continue;
      if (object.name == "TextObject") add_text(object, *box);
      if (object.name == "PathObject") add_path(object, *box);
      if (object.name == "ImageObject") add_image(object, *box);
    }
  }

  void open_group(const XmlElement& object, const Numbers& box) {
    out_ += "<g transform=\"translate(";
    append_number(out_, box[0]);
    out_ += ' ';
    append_number(out_, box[1]);
    out_ += ')';
    const auto matrix = parse_numbers(object.attribute_or_empty("CTM"), 6);
    if (matrix && matrix->size() == 6) {
      out_ += " matrix(";
      for (std::size_t i = 0; i < 6; ++i) {
        if (i > 0) out_ += ' ';
        append_matrix((*matrix)[i]);
      }
      out_ += ')';
    }
    out_ += '"';
    const double alpha = number_or(object, "Alpha", 255);
    if (alpha >= 0 && alpha < 255) append_attribute(out_, "opacity", alpha / 255);
    out_ += '>';
  }

  // Four digits: the factors of a turn are small and are multiplied by the size of the page.
  void append_matrix(double factor) {
    std::string digits = std::to_string(static_cast<long long>(std::abs(factor) * 10'000 + 0.5));
    if (digits.size() < 5) digits.insert(0, 5 - digits.size(), '0');
    digits.insert(digits.size() - 4, ".");
    out_ += (factor < 0 ? "-" : "") + digits;
  }

  void append_colour(const char* name, const XmlElement* colour, const char* otherwise) {
    const auto values =
        colour == nullptr ? std::nullopt : parse_numbers(colour->attribute_or_empty("Value"), 3);
    out_ += ' ';
    out_ += name;
    out_ += "=\"";
    if (values && values->size() == 3) {
      out_ += "rgb(";
      for (std::size_t i = 0; i < 3; ++i) {
        if (i > 0) out_ += ',';
        out_ += std::to_string(static_cast<int>(std::clamp((*values)[i], 0.0, 255.0)));
      }
      out_ += ')';
    } else {
      out_ += otherwise;
    }
    out_ += '"';
    const double alpha = colour == nullptr ? 255 : number_or(*colour, "Alpha", 255);
    if (alpha < 255)
      append_attribute(out_, (std::string(name) + "-opacity").c_str(), std::max(alpha, 0.0) / 255);
  }

  void append_font(const XmlElement& object) {
    const auto font = fonts_.find(object.attribute_or_empty("Font"));
    const std::string family = font == fonts_.end() ? std::string() : font->second->family;
    std::string quoted;
    for (const char c : family) {
      if (c != '\'' && c != '\\') quoted.push_back(c);
    }
    out_ += " font-family=\"'" + escaped(quoted) +
            "',SimSun,'AR PL SungtiL GB','Noto Serif CJK SC',serif\"";
    if (font != fonts_.end() && font->second->bold) out_ += " font-weight=\"bold\"";
  }

  void add_text(const XmlElement& object, const Numbers& box) {
    const double size = number_or(object, "Size", 0);
    if (size <= 0 || size > 1000) return;
    open_group(object, box);
    out_ += "<g xml:space=\"preserve\"";
    append_attribute(out_, "font-size", size);
    append_font(object);
    append_colour("fill", object.child("FillColor"), "#000");
    out_ += '>';
    for (const XmlElement* code : object.children_named("TextCode")) add_code(*code, size);
    out_ += "</g></g>";
  }

  // Some SVG programs take only the first of a list of places, so a new element begins wherever a
  // character does not stand where the one before it ends.
  void add_code(const XmlElement& code, double size) {
    const Numbers along = parse_advances(code.attribute_or_empty("DeltaX")).value_or(Numbers());
    const Numbers down = parse_advances(code.attribute_or_empty("DeltaY")).value_or(Numbers());
    Run run{number_or(code, "X", 0), number_or(code, "Y", 0), {}, {}};
    double x = run.x;
    std::string_view rest = code.text;
    for (std::size_t i = 0; !rest.empty(); ++i) {
      const char32_t character = take_code_point(rest);
      append_utf8(run.text, character);
      if (!run.places.empty()) run.places.push_back(' ');
      append_number(run.places, x);
      const double natural = character < 0x100 ? size / 2 : size;
      const double advance = i < along.size() ? along[i] : natural;
      const double drop = i < down.size() ? down[i] : 0;
      x += advance;
      if (std::abs(advance - natural) < size / 100 && drop == 0 && character <= 0xffff) continue;
      add_run(run);
      run = {x, run.y + drop, {}, {}};
    }
    add_run(run);
  }

  struct Run {
    double x = 0;
    double y = 0;
    std::string text{};
    std::string places{};
  };
  void add_run(const Run& run) {
    if (run.text.empty()) return;
    out_ += "<text x=\"" + run.places + '"';
    append_attribute(out_, "y", run.y);
    out_ += '>';
    append_escaped(out_, run.text);
    out_ += "</text>";
  }

  void add_path(const XmlElement& object, const Numbers& box) {
    const std::string path = to_svg_path(child_text(object, "AbbreviatedData"));
    if (path.empty()) return;
    open_group(object, box);
    out_ += "<path d=\"" + path + '"';
    if (object.attribute_or_empty("Fill") == "true") {
      append_colour("fill", object.child("FillColor"), "#000");
    } else {
      out_ += " fill=\"none\"";
    }
    if (object.attribute_or_empty("Rule") == "Even-Odd") out_ += " fill-rule=\"evenodd\"";
    if (object.attribute_or_empty("Stroke") != "false") {
      append_colour("stroke", object.child("StrokeColor"), "#000");
      append_attribute(out_, "stroke-width",
                       std::clamp(number_or(object, "LineWidth", 0.353), 0.0, 1000.0));
    }
    out_ += "/></g>";
  }

  void append_picture(const std::string& bytes, double width, double height) {
    const std::string_view type = picture_type(bytes);
    if (type.empty() || out_.size() + bytes.size() * 4 / 3 > kLargestPicture) return;
    out_ += "<image preserveAspectRatio=\"none\"";
    append_attribute(out_, "width", width);
    append_attribute(out_, "height", height);
    out_ += " xlink:href=\"data:" + std::string(type) + ";base64," + base64(bytes) + "\"/>";
  }

  void add_image(const XmlElement& object, const Numbers& box) {
    const auto found = pictures_.find(object.attribute_or_empty("ResourceID"));
    const Entry* entry = found == pictures_.end() ? nullptr : package_.find(found->second);
    if (entry == nullptr) return;
    open_group(object, box);
    append_picture(entry->bytes, 1, 1);
    out_ += "</g>";
  }

  void add_stamp(const Stamp& stamp) {
    const auto box = parse_box(stamp.box);
    if (!box) return;
    out_ += "<g style=\"mix-blend-mode:multiply\" transform=\"translate(";
    append_number(out_, (*box)[0]);
    out_ += ' ';
    append_number(out_, (*box)[1]);
    out_ += ")\">";
    append_picture(stamp.picture, (*box)[2], (*box)[3]);
    out_ += "</g>";
  }

  const Package& package_;
  std::map<std::string, const NamedFont*, std::less<>> fonts_{};
  std::map<std::string, std::string, std::less<>> pictures_{};
  std::map<std::string, std::string, std::less<>> layouts_{};
  std::string out_{};
  std::size_t objects_ = 0;
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

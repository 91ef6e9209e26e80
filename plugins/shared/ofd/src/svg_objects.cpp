#include "svg_objects.h"
#include "certbridge/xml.h"

#include <algorithm>
#include <cmath>

#include "parts.h"
#include "render_values.h"
#include "text.h"

namespace certbridge::ofd {

ObjectDrawing::ObjectDrawing(const Package& package, const Structure& structure, std::string& svg)
    : package_(package), svg_(svg) {
  for (const NamedFont& font : structure.fonts) fonts_.emplace(font.id, &font);
  for (const PictureFile& picture : structure.pictures) pictures_.emplace(picture.id, picture.file);
}

void ObjectDrawing::add_content(const XmlElement& page) {
  const XmlElement* content = page.child("Content");
  if (content == nullptr) return;
  for (const XmlElement* layer : content->children_named("Layer")) add_objects(*layer);
}

void ObjectDrawing::add_objects(const XmlElement& block) {
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

void ObjectDrawing::add_text(const XmlElement& object, const Numbers& box) {
  const double size = number_or(object, "Size", 0);
  if (size <= 0 || size > 1000) return;
  open_group(svg_, object, box);
  svg_ += "<g xml:space=\"preserve\"";
  append_attribute(svg_, "font-size", size);
  append_font(object);
  append_colour(svg_, "fill", object.child("FillColor"), "#000");
  svg_ += '>';
  for (const XmlElement* code : object.children_named("TextCode")) add_code(*code, size);
  svg_ += "</g></g>";
}

void ObjectDrawing::append_font(const XmlElement& object) {
  const auto font = fonts_.find(object.attribute_or_empty("Font"));
  const std::string family = font == fonts_.end() ? std::string() : font->second->family;
  std::string quoted;
  for (const char c : family) {
    if (c != '\'' && c != '\\') quoted.push_back(c);
  }
  svg_ += " font-family=\"'" + xml_escape(quoted) +
          "',SimSun,'AR PL SungtiL GB','Noto Serif CJK SC',serif\"";
  if (font != fonts_.end() && font->second->bold) svg_ += " font-weight=\"bold\"";
}

// Some SVG programs take only the first of a list of places, so a new element begins wherever a
// character does not stand where the one before it ends.
void ObjectDrawing::add_code(const XmlElement& code, double size) {
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

void ObjectDrawing::add_run(const Run& run) {
  if (run.text.empty()) return;
  svg_ += "<text x=\"" + run.places + '"';
  append_attribute(svg_, "y", run.y);
  svg_ += '>';
  append_xml_escaped(svg_, run.text);
  svg_ += "</text>";
}

void ObjectDrawing::add_path(const XmlElement& object, const Numbers& box) {
  const std::string path = to_svg_path(child_text(object, "AbbreviatedData"));
  if (path.empty()) return;
  open_group(svg_, object, box);
  svg_ += "<path d=\"" + path + '"';
  if (object.attribute_or_empty("Fill") == "true") {
    append_colour(svg_, "fill", object.child("FillColor"), "#000");
  } else {
    svg_ += " fill=\"none\"";
  }
  if (object.attribute_or_empty("Rule") == "Even-Odd") svg_ += " fill-rule=\"evenodd\"";
  if (object.attribute_or_empty("Stroke") != "false") {
    append_colour(svg_, "stroke", object.child("StrokeColor"), "#000");
    append_attribute(svg_, "stroke-width",
                     std::clamp(number_or(object, "LineWidth", 0.353), 0.0, 1000.0));
  }
  svg_ += "/></g>";
}

void ObjectDrawing::add_image(const XmlElement& object, const Numbers& box) {
  const auto found = pictures_.find(object.attribute_or_empty("ResourceID"));
  const Entry* entry = found == pictures_.end() ? nullptr : package_.find(found->second);
  if (entry == nullptr) return;
  open_group(svg_, object, box);
  append_picture(svg_, entry->bytes, 1, 1);
  svg_ += "</g>";
}

}  // namespace certbridge::ofd

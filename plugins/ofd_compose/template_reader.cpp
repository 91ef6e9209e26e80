#include <map>

#include "certbridge/text.h"
#include "certbridge/xml.h"
#include "template.h"
#include "template_numbers.h"

namespace certbridge::ofd_compose {
namespace {

constexpr std::string_view kNameSpace = "urn:certbridge:template:1";

// Reads one document; the first mistake ends it. The reader's functions answer anything after that.
class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}
  Result<Template> read(const XmlElement& root);

 private:
  void fail(const XmlElement& element, const std::string& why);
  std::string need(const XmlElement& element, const char* name);
  void allow(const XmlElement& element, std::initializer_list<std::string_view> names);
  ofd::Length length(const XmlElement& element, const char* name);
  ofd::Box box(const XmlElement& element, const char* name);
  ofd::Colour colour(const XmlElement& element);
  int whole(const XmlElement& element, const char* name, int least, int most, int otherwise);
  std::size_t style(const XmlElement& element, const char* name);
  Align align(const XmlElement& element);
  void read_fonts_and_styles(const XmlElement& root);
  void read_metadata(const XmlElement& root);
  void read_items(const XmlElement& parent, std::vector<Item>& items);
  void read_item(const XmlElement& element, std::vector<Item>& items);
  void read_table(const XmlElement& element, std::vector<Item>& items);
  Label read_label(const XmlElement& element);
  ValueBox read_value(const XmlElement& element);
  void read_pages(const XmlElement& root);
  void check_pages(const XmlElement& root);

  std::string file_;
  Template template_{};
  std::optional<Error> error_{};
};

void Reader::fail(const XmlElement& element, const std::string& why) {
  if (error_) return;
  error_ = Error::fault("ofd_compose.template", file_ + ":" + std::to_string(element.line) + ":" +
                                                    std::to_string(element.column) + ": <" +
                                                    element.name + "> " + shortened(why));
}

std::string Reader::need(const XmlElement& element, const char* name) {
  const XmlAttribute* attribute = element.attribute(name);
  if (attribute == nullptr || attribute->value.empty()) {
    fail(element, "needs the attribute \"" + std::string(name) + "\"");
    return {};
  }
  return attribute->value;
}

void Reader::allow(const XmlElement& element, std::initializer_list<std::string_view> names) {
  for (const XmlAttribute& attribute : element.attributes) {
    bool known = false;
    for (const std::string_view name : names) known = known || attribute.name == name;
    if (!known) fail(element, "has no attribute \"" + attribute.name + "\"");
  }
}

ofd::Length Reader::length(const XmlElement& element, const char* name) {
  const auto value = parse_length(need(element, name));
  if (!value || *value <= 0)
    fail(element, "\"" + std::string(name) + "\" must be millimetres above 0");
  return value.value_or(1);
}

ofd::Box Reader::box(const XmlElement& element, const char* name) {
  const auto values = parse_lengths(need(element, name), 4);
  if (!values || (*values)[2] < 0 || (*values)[3] < 0) {
    fail(element, "\"" + std::string(name) + "\" must be \"x y width height\" in millimetres");
    return {};
  }
  return {(*values)[0], (*values)[1], (*values)[2], (*values)[3]};
}

ofd::Colour Reader::colour(const XmlElement& element) {
  if (element.attribute("colour") == nullptr) return {};
  const auto value = parse_colour(element.attribute_or_empty("colour"));
  if (!value) fail(element, "\"colour\" must be \"red green blue\", each from 0 to 255");
  return value.value_or(ofd::Colour{});
}

int Reader::whole(const XmlElement& element, const char* name, int least, int most, int otherwise) {
  if (element.attribute(name) == nullptr) return otherwise;
  const auto value = parse_whole(element.attribute_or_empty(name), least, most);
  if (!value) {
    fail(element, "\"" + std::string(name) + "\" must be a whole number from " +
                      std::to_string(least) + " to " + std::to_string(most));
  }
  return value.value_or(otherwise);
}

std::size_t Reader::style(const XmlElement& element, const char* name) {
  const std::string wanted = need(element, name);
  for (std::size_t i = 0; i < template_.styles.size(); ++i) {
    if (template_.styles[i].name == wanted) return i;
  }
  fail(element, "names the style \"" + wanted + "\", which the template does not have");
  return 0;
}

Align Reader::align(const XmlElement& element) {
  static const std::map<std::string, Align> kWords{{"", Align::kLeft},
                                                   {"left", Align::kLeft},
                                                   {"centre", Align::kCentre},
                                                   {"right", Align::kRight},
                                                   {"spread", Align::kSpread}};
  const auto found = kWords.find(element.attribute_or_empty("align"));
  if (found != kWords.end()) return found->second;
  fail(element, "\"align\" must be left, centre, right or spread");
  return Align::kLeft;
}

void Reader::read_fonts_and_styles(const XmlElement& root) {
  for (const XmlElement* font : root.children_named("font")) {
    allow(*font, {"name", "family", "bold"});
    template_.fonts.push_back(
        {need(*font, "name"), need(*font, "family"), font->attribute_or_empty("bold") == "yes"});
  }
  for (const XmlElement* it : root.children_named("style")) {
    allow(*it, {"name", "font", "size", "least", "colour"});
    Style made{need(*it, "name"), template_.fonts.size(), length(*it, "size"), 0, colour(*it)};
    made.least = it->attribute("least") == nullptr ? made.size : length(*it, "least");
    if (made.least > made.size) fail(*it, "\"least\" is above \"size\"");
    const std::string font = need(*it, "font");
    for (std::size_t i = 0; i < template_.fonts.size(); ++i) {
      if (template_.fonts[i].name == font) made.font = i;
    }
    if (made.font == template_.fonts.size())
      fail(*it, "names the font \"" + font + "\", which the template does not have");
    template_.styles.push_back(std::move(made));
  }
}

void Reader::read_metadata(const XmlElement& root) {
  const XmlElement* metadata = root.child("metadata");
  if (metadata == nullptr) return fail(root, "needs <metadata>");
  for (const XmlElement& data : metadata->children) {
    if (data.name != "data") return fail(data, "may not stand in <metadata>");
    allow(data, {"name", "value"});
    template_.metadata.push_back({need(data, "name"), data.attribute_or_empty("value")});
  }
}

Label Reader::read_label(const XmlElement& element) {
  allow(element, {"box", "style", "align", "alpha", "turn"});
  if (element.text.empty()) fail(element, "needs text");
  return {box(element, "box"),
          style(element, "style"),
          align(element),
          element.text,
          whole(element, "alpha", 1, 255, 255),
          whole(element, "turn", -90, 90, 0)};
}

ValueBox Reader::read_value(const XmlElement& element) {
  allow(element, {"box", "style", "align", "vertical", "field", "label", "before"});
  ValueBox value;
  value.box = box(element, "box");
  value.style = style(element, "style");
  value.align = align(element);
  value.middle = element.attribute_or_empty("vertical") == "middle";
  value.field = need(element, "field");
  value.label = need(element, "label");
  value.before = element.attribute_or_empty("before");
  return value;
}

// A table is lines, labels and values: nothing else knows of it.
void Reader::read_table(const XmlElement& element, std::vector<Item>& items) {
  allow(element, {"box", "label-width", "padding", "line", "colour", "label-style", "style"});
  const ofd::Box frame = box(element, "box");
  const ofd::Length label_width = length(element, "label-width");
  const ofd::Length padding = length(element, "padding");
  const ofd::Length line = length(element, "line");
  const ofd::Colour ink = colour(element);
  const std::size_t label_style = style(element, "label-style");
  const std::size_t value_style = style(element, "style");
  const ofd::Length value_x = frame.x + label_width;
  const ofd::Length value_width = frame.width - label_width - 2 * padding;
  items.push_back(RectangleShape{frame, line, ink});
  items.push_back(LineShape{{value_x, frame.y, 0, frame.height}, line, ink});
  ofd::Length y = frame.y;
  for (const XmlElement& row : element.children) {
    if (row.name != "row") return fail(row, "may not stand in <table>");
    allow(row, {"field", "label", "height", "vertical"});
    const ofd::Length height = length(row, "height");
    const std::string label = need(row, "label");
    if (y > frame.y) items.push_back(LineShape{{frame.x, y, frame.width, 0}, line, ink});
    items.push_back(Label{{frame.x + 2 * padding, y, label_width - 4 * padding, height},
                          label_style,
                          Align::kSpread,
                          label});
    items.push_back(ValueBox{{value_x + padding, y + padding, value_width, height - 2 * padding},
                             value_style,
                             Align::kLeft,
                             row.attribute_or_empty("vertical") != "top",
                             need(row, "field"),
                             label,
                             {}});
    y += height;
  }
  if (y != frame.y + frame.height) {
    fail(element, "is " + ofd::print_length(frame.height) + " mm high, but its rows add up to " +
                      ofd::print_length(y - frame.y) + " mm");
  }
}

void Reader::read_item(const XmlElement& element, std::vector<Item>& items) {
  if (element.name == "rectangle" || element.name == "line") {
    allow(element, {"box", "line", "colour"});
    const ofd::Box place = box(element, "box");
    const ofd::Length width = length(element, "line");
    if (element.name == "line") {
      items.push_back(LineShape{place, width, colour(element)});
    } else {
      items.push_back(RectangleShape{place, width, colour(element)});
    }
  } else if (element.name == "label") {
    items.push_back(read_label(element));
  } else if (element.name == "value") {
    items.push_back(read_value(element));
  } else if (element.name == "table") {
    read_table(element, items);
  } else if (element.name == "code") {
    items.push_back(CodeBox{box(element, "box")});
  } else if (element.name == "seal") {
    items.push_back(SealBox{box(element, "box")});
  } else if (element.name == "plan") {
    items.push_back(PlanBox{box(element, "box")});
  } else if (element.name == "flow") {
    items.push_back(
        FlowBox{box(element, "box"), style(element, "heading-style"), style(element, "style")});
  } else {
    fail(element, "may not stand here");
  }
}

void Reader::read_items(const XmlElement& parent, std::vector<Item>& items) {
  for (const XmlElement& element : parent.children) read_item(element, items);
}

void Reader::read_pages(const XmlElement& root) {
  static const std::map<std::string, PageTemplate::Repeat> kWords{
      {"", PageTemplate::Repeat::kOnce},
      {"plans", PageTemplate::Repeat::kPlans},
      {"continuation", PageTemplate::Repeat::kContinuation}};
  for (const XmlElement* element : root.children_named("page")) {
    allow(*element, {"name", "repeat"});
    const auto repeat = kWords.find(element->attribute_or_empty("repeat"));
    if (repeat == kWords.end()) return fail(*element, "\"repeat\" must be plans or continuation");
    PageTemplate page{repeat->second, {}};
    read_items(*element, page.items);
    template_.pages.push_back(std::move(page));
  }
  if (const XmlElement* backdrop = root.child("backdrop"))
    read_items(*backdrop, template_.backdrop);
  const XmlElement* sample = root.child("sample");
  if (sample == nullptr) return fail(root, "needs <sample>: what marks pages outside production");
  read_items(*sample, template_.sample);
}

template <class T>
std::size_t count_of(const std::vector<Item>& items) {
  std::size_t count = 0;
  for (const Item& item : items) count += std::holds_alternative<T>(item) ? 1 : 0;
  return count;
}

// What the composer relies on: one seal, a place for text that is too long, and one for plans.
void Reader::check_pages(const XmlElement& root) {
  std::size_t seals = 0;
  std::size_t flows = 0;
  std::size_t plans = 0;
  for (const PageTemplate& page : template_.pages) {
    const bool continuation = page.repeat == PageTemplate::Repeat::kContinuation;
    const bool plan = page.repeat == PageTemplate::Repeat::kPlans;
    if (page.repeat == PageTemplate::Repeat::kOnce) seals += count_of<SealBox>(page.items);
    if (count_of<FlowBox>(page.items) != (continuation ? 1u : 0u) ||
        count_of<PlanBox>(page.items) != (plan ? 1u : 0u)) {
      fail(root, "has <flow> or <plan> on a page that does not repeat for it");
    }
    flows += continuation ? 1 : 0;
    plans += plan ? 1 : 0;
  }
  if (seals != 1) fail(root, "must have exactly one <seal>");
  if (flows != 1 || plans != 1)
    fail(root, "must have one page for plans and one for continuations");
  if (template_.sample.empty()) fail(root, "has an empty <sample>");
  for (const auto* items : {&template_.sample, &template_.backdrop}) {
    if (count_of<Label>(*items) + count_of<RectangleShape>(*items) + count_of<LineShape>(*items) !=
        items->size()) {
      fail(root, "may have only labels, rectangles and lines in <backdrop> and <sample>");
    }
  }
}

Result<Template> Reader::read(const XmlElement& root) {
  if (root.name != "template" || root.name_space != kNameSpace) {
    fail(root, "is not a template of " + std::string(kNameSpace));
  }
  allow(root, {"kind", "title", "subject", "continued", "width", "height"});
  const std::string kind = need(root, "kind");
  if (kind != "title" && kind != "proof") fail(root, "\"kind\" must be title or proof");
  template_.kind = kind == "proof" ? CertificateKind::kProof : CertificateKind::kTitle;
  template_.title = need(root, "title");
  template_.subject = root.attribute_or_empty("subject");
  template_.continued = need(root, "continued");
  template_.width = length(root, "width");
  template_.height = length(root, "height");
  read_fonts_and_styles(root);
  if (!error_ && template_.styles.empty()) fail(root, "needs <font> and <style>");
  if (!error_) read_metadata(root);
  if (!error_) read_pages(root);
  if (!error_) check_pages(root);
  if (error_) return *error_;
  return std::move(template_);
}

}  // namespace

Result<Template> parse_template(std::string_view xml, std::string_view file) {
  XmlLimits limits;
  limits.depth = 8;
  limits.elements = 5'000;
  auto root = parse_xml(xml, file, limits);
  if (!root) return Error::fault("ofd_compose.template", root.error().message);
  return Reader(file).read(root.value());
}

}  // namespace certbridge::ofd_compose

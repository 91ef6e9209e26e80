#include "template_items.h"

namespace certbridge::ofd_compose {
namespace {

// What the rows of a table share.
struct Grid {
  ofd::Box frame{};
  ofd::Length label_width = 0;
  ofd::Length padding = 0;
  ofd::Length line = 0;
  ofd::Colour ink{};
  std::size_t label_style = 0;
  std::size_t value_style = 0;
};

class ItemReader {
 public:
  ItemReader(ElementReader& reader, const std::vector<Style>& styles)
      : reader_(reader), styles_(styles) {}
  void read_item(const XmlElement& element);
  std::vector<Item> finish() { return std::move(items_); }

 private:
  Label read_label(const XmlElement& element);
  ValueBox read_value(const XmlElement& element);
  void read_shape(const XmlElement& element);
  ofd::Box read_place(const XmlElement& element);
  FlowBox read_flow(const XmlElement& element);
  void read_table(const XmlElement& element);
  ofd::Length read_row(const XmlElement& row, const Grid& grid, ofd::Length y);

  ElementReader& reader_;
  const std::vector<Style>& styles_;
  std::vector<Item> items_{};
};

Label ItemReader::read_label(const XmlElement& element) {
  reader_.allow(element, {"box", "style", "align", "alpha", "turn"});
  if (element.text.empty()) reader_.fail(element, "needs text");
  return {reader_.box(element, "box"),
          style_of(reader_, element, "style", styles_),
          reader_.align(element),
          element.text,
          reader_.whole(element, "alpha", 1, 255, 255),
          reader_.whole(element, "turn", -90, 90, 0)};
}

ValueBox ItemReader::read_value(const XmlElement& element) {
  reader_.allow(element, {"box", "style", "align", "vertical", "field", "label", "before"});
  ValueBox value;
  value.box = reader_.box(element, "box");
  value.style = style_of(reader_, element, "style", styles_);
  value.align = reader_.align(element);
  value.middle = reader_.vertical_middle(element, false);
  value.field = reader_.need(element, "field");
  value.label = reader_.need(element, "label");
  value.before = element.attribute_or_empty("before");
  return value;
}

// A table is lines, labels and values: nothing else knows of it.
void ItemReader::read_table(const XmlElement& element) {
  reader_.allow(element,
                {"box", "label-width", "padding", "line", "colour", "label-style", "style"});
  const Grid grid{reader_.box(element, "box"),
                  reader_.length(element, "label-width"),
                  reader_.length(element, "padding"),
                  reader_.length(element, "line"),
                  reader_.colour(element),
                  style_of(reader_, element, "label-style", styles_),
                  style_of(reader_, element, "style", styles_)};
  const ofd::Box& frame = grid.frame;
  items_.push_back(RectangleShape{frame, grid.line, grid.ink});
  items_.push_back(
      LineShape{{frame.x + grid.label_width, frame.y, 0, frame.height}, grid.line, grid.ink});
  ofd::Length y = frame.y;
  for (const XmlElement& row : element.children) {
    if (row.name != "row") return reader_.fail(row, "may not stand in <table>");
    if (y > frame.y) items_.push_back(LineShape{{frame.x, y, frame.width, 0}, grid.line, grid.ink});
    y += read_row(row, grid, y);
  }
  if (y != frame.y + frame.height) {
    reader_.fail(element, "is " + ofd::print_length(frame.height) +
                              " mm high, but its rows add up to " + ofd::print_length(y - frame.y) +
                              " mm");
  }
}

// Answers the row's height.
ofd::Length ItemReader::read_row(const XmlElement& row, const Grid& grid, ofd::Length y) {
  reader_.allow(row, {"field", "label", "height", "vertical"});
  const ofd::Length height = reader_.length(row, "height");
  const std::string label = reader_.need(row, "label");
  const ofd::Length gap = grid.padding;
  items_.push_back(Label{{grid.frame.x + 2 * gap, y, grid.label_width - 4 * gap, height},
                         grid.label_style,
                         Align::kSpread,
                         label});
  items_.push_back(ValueBox{{grid.frame.x + grid.label_width + gap, y + gap,
                             grid.frame.width - grid.label_width - 2 * gap, height - 2 * gap},
                            grid.value_style,
                            Align::kLeft,
                            reader_.vertical_middle(row, true),
                            reader_.need(row, "field"),
                            label,
                            {}});
  return height;
}

void ItemReader::read_shape(const XmlElement& element) {
  reader_.allow(element, {"box", "line", "colour"});
  const ofd::Box place = reader_.box(element, "box");
  const ofd::Length width = reader_.length(element, "line");
  if (element.name == "line") {
    items_.push_back(LineShape{place, width, reader_.colour(element)});
  } else {
    items_.push_back(RectangleShape{place, width, reader_.colour(element)});
  }
}

// Where something is put that is not the template's own: a code, a seal, a plan.
ofd::Box ItemReader::read_place(const XmlElement& element) {
  reader_.allow(element, {"box"});
  return reader_.box(element, "box");
}

FlowBox ItemReader::read_flow(const XmlElement& element) {
  reader_.allow(element, {"box", "heading-style", "style"});
  return {reader_.box(element, "box"), style_of(reader_, element, "heading-style", styles_),
          style_of(reader_, element, "style", styles_)};
}

void ItemReader::read_item(const XmlElement& element) {
  const std::string& name = element.name;
  if (name == "rectangle" || name == "line") return read_shape(element);
  if (name == "table") return read_table(element);
  if (name == "label") return items_.push_back(read_label(element));
  if (name == "value") return items_.push_back(read_value(element));
  if (name == "code") return items_.push_back(CodeBox{read_place(element)});
  if (name == "seal") return items_.push_back(SealBox{read_place(element)});
  if (name == "plan") return items_.push_back(PlanBox{read_place(element)});
  if (name == "flow") return items_.push_back(read_flow(element));
  reader_.fail(element, "may not stand here");
}

}  // namespace

std::size_t style_of(ElementReader& reader, const XmlElement& element, const char* name,
                     const std::vector<Style>& styles) {
  const std::string wanted = reader.need(element, name);
  for (std::size_t i = 0; i < styles.size(); ++i) {
    if (styles[i].name == wanted) return i;
  }
  reader.fail(element, "names the style \"" + wanted + "\", which the template does not have");
  return 0;
}

std::vector<Item> read_items(ElementReader& reader, const XmlElement& parent,
                             const std::vector<Style>& styles) {
  ItemReader items(reader, styles);
  for (const XmlElement& element : parent.children) items.read_item(element);
  return items.finish();
}

}  // namespace certbridge::ofd_compose

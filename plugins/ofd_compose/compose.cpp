#include "compose.h"

#include <algorithm>
#include <set>

#include "certbridge_sm/sm3.h"
#include "characters.h"
#include "fields.h"

namespace certbridge::ofd_compose {
namespace {

constexpr int kMostPages = 200;

// The part of a value that goes to the continuation pages.
struct Continued {
  std::string label{};
  std::string field{};
  std::u32string text{};
};

ofd::DocumentInfo info_of(const Template& layout, const Certificate& certificate) {
  ofd::DocumentInfo info;
  info.id = to_hex(sm::sm3(certificate.identifier.text())).substr(0, 32);
  info.title = layout.title;
  info.author = certificate.issuer_name;
  info.subject = layout.subject;
  info.created = data_field(certificate, "ZZBFRQ");
  info.creator = "CertBridge";
  info.creator_version = "1.0";
  for (const DataRow& row : layout.metadata) {
    std::string value = row.value.empty() ? data_field(certificate, row.name) : row.value;
    if (!value.empty()) info.custom_data.emplace_back(row.name, std::move(value));
  }
  return info;
}

// One document being composed.
class Composer {
 public:
  Composer(const Template& layout, const Certificate& certificate, const ComposeSettings& settings)
      : layout_(layout),
        certificate_(certificate),
        settings_(settings),
        writer_(info_of(layout, certificate)),
        fonts_(add_fonts()),
        painter_(layout_, fonts_, settings.glyphs, settings.missing) {}

  Result<Composition> run(const std::string& record, const std::vector<Plan>& plans) {
    add_backdrop();
    for (const PageTemplate& page : layout_.pages) {
      if (page.repeat == PageTemplate::Repeat::kOnce) draw(page, new_page());
    }
    for (const Plan& plan : plans) draw_plan(plan);
    collect_unshown();
    draw_continuations();
    mark_samples();
    if (painter_.error()) return *painter_.error();
    if (pages_ > kMostPages) {
      return Error::permanent("ofd_compose.too_long", "the certificate would have more than " +
                                                          std::to_string(kMostPages) + " pages");
    }
    writer_.tag("urn:certbridge:tags:1", "Certificate", painter_.tags());
    writer_.attach({"record", "证照记录", "xml", "certificate.xml", record});
    composition_.file = ofd::write_package(writer_.finish());
    return std::move(composition_);
  }

 private:
  std::vector<int> add_fonts() {
    std::vector<int> ids;
    for (const FontName& font : layout_.fonts)
      ids.push_back(writer_.add_font(font.family, font.bold));
    return ids;
  }

  void add_backdrop() {
    if (layout_.backdrop.empty()) return;
    ofd::Canvas& canvas = writer_.add_layout(layout_.width, layout_.height);
    backdrop_ = canvas.id();
    draw_shapes(layout_.backdrop, canvas);
  }

  ofd::Canvas& new_page() {
    ++pages_;
    canvases_.push_back(&writer_.add_page(layout_.width, layout_.height, backdrop_));
    return *canvases_.back();
  }

  // Last of all, so that nothing on a page hides it: a plan is a picture without holes.
  void mark_samples() {
    if (!settings_.sample) return;
    for (ofd::Canvas* canvas : canvases_) draw_shapes(layout_.sample, *canvas);
  }

  void draw_shapes(const std::vector<Item>& items, ofd::Canvas& canvas) {
    for (const Item& item : items) draw_item(item, canvas);
  }

  void draw(const PageTemplate& page, ofd::Canvas& canvas) { draw_shapes(page.items, canvas); }

  void draw_item(const Item& item, ofd::Canvas& canvas) {
    if (const auto* rectangle = std::get_if<RectangleShape>(&item))
      painter_.shape(canvas, *rectangle);
    if (const auto* line = std::get_if<LineShape>(&item)) painter_.shape(canvas, *line);
    if (const auto* label = std::get_if<Label>(&item)) painter_.label(canvas, *label);
    if (const auto* value = std::get_if<ValueBox>(&item)) draw_value(*value, canvas);
    if (const auto* code = std::get_if<CodeBox>(&item)) {
      painter_.code(canvas, code->box, code_text(certificate_));
    }
    if (const auto* seal = std::get_if<SealBox>(&item)) {
      composition_.seal_page = canvas.id();
      composition_.seal_box = seal->box;
    }
  }

  void draw_value(const ValueBox& box, ofd::Canvas& canvas) {
    shown_.insert(box.field);
    std::u32string text = to_code_points(shown_field(certificate_, box.field));
    if (text.empty()) return;
    ValueBox place = box;
    if (!box.before.empty()) {
      const Style& style = layout_.styles[box.style];
      const std::u32string before = to_code_points(box.before);
      const ofd::Length width = width_of(before, style.size);
      ofd::Box at = box.box;
      if (box.align == Align::kRight) at.width -= std::min(at.width, width_of(text, style.size));
      at.height = line_height(style.size);
      painter_.line(canvas, at, style, {before, width, before.size()}, box.align, {});
      if (box.align == Align::kLeft) {
        place.box.x += width;
        place.box.width -= width;
      }
    }
    std::u32string rest = painter_.value(canvas, place, text);
    if (!rest.empty()) continued_.push_back({box.label + "（续）", box.field, std::move(rest)});
  }

  void draw_plan(const Plan& plan) {
    for (const PageTemplate& page : layout_.pages) {
      if (page.repeat != PageTemplate::Repeat::kPlans) continue;
      const int picture = writer_.add_picture(plan.format, plan.bytes);
      ofd::Canvas& canvas = new_page();
      draw(page, canvas);
      for (const Item& item : page.items) {
        const auto* box = std::get_if<PlanBox>(&item);
        if (box != nullptr) canvas.image(fitted(box->box, plan), picture);
      }
    }
  }

  // The largest box of the picture's proportions, centred.
  static ofd::Box fitted(const ofd::Box& box, const Plan& plan) {
    ofd::Box inner = box;
    const std::int64_t by_width = std::int64_t{box.width} * plan.height / plan.width;
    if (by_width <= box.height) {
      inner.height = std::max(1, static_cast<ofd::Length>(by_width));
    } else {
      inner.width = std::max(
          1, static_cast<ofd::Length>(std::int64_t{box.height} * plan.width / plan.height));
    }
    inner.x += (box.width - inner.width) / 2;
    inner.y += (box.height - inner.height) / 2;
    return inner;
  }

  // Face items that the template has no place for are shown all the same.
  void collect_unshown() {
    for (const FaceItem& item : certificate_.face) {
      if (item.value.empty() || !shown_.insert(item.key).second) continue;
      continued_.push_back(
          {item.key, item.key, to_code_points(shown_field(certificate_, item.key))});
    }
  }

  void draw_continuations() {
    for (const PageTemplate& page : layout_.pages) {
      if (page.repeat == PageTemplate::Repeat::kContinuation && !continued_.empty())
        flow_over(page);
    }
  }

  void flow_over(const PageTemplate& page) {
    page_ = &page;
    for (const Item& item : page.items) {
      if (const auto* flow = std::get_if<FlowBox>(&item)) flow_ = flow;
    }
    const Style& heading = layout_.styles[flow_->heading];
    const Style& style = layout_.styles[flow_->style];
    for (const Continued& part : continued_) {
      const std::u32string label = to_code_points(part.label);
      next_line(line_height(heading.size) + line_height(style.size), heading,
                {label, width_of(label, heading.size), label.size()}, {});
      for (const WrappedLine& line : wrap(part.text, flow_->box.width, style.size)) {
        next_line(line_height(style.size), style, line, part.field);
        if (pages_ > kMostPages) return;
      }
      y_ += line_height(style.size) / 2;
    }
  }

  // Draws the line where `room` is left, on a new page otherwise.
  void next_line(ofd::Length room, const Style& style, const WrappedLine& line,
                 const std::string& field) {
    if (flow_canvas_ == nullptr || y_ + room > flow_->box.y + flow_->box.height) {
      flow_canvas_ = &new_page();
      draw(*page_, *flow_canvas_);
      y_ = flow_->box.y;
    }
    const ofd::Length height = line_height(style.size);
    painter_.line(*flow_canvas_, {flow_->box.x, y_, flow_->box.width, height}, style, line,
                  Align::kLeft, field);
    y_ += height;
  }

  const Template& layout_;
  const Certificate& certificate_;
  const ComposeSettings& settings_;
  ofd::DocumentWriter writer_;
  std::vector<int> fonts_;
  Painter painter_;
  Composition composition_{};
  std::set<std::string, std::less<>> shown_{};
  std::vector<Continued> continued_{};
  int backdrop_ = 0;
  int pages_ = 0;
  std::vector<ofd::Canvas*> canvases_{};  // of the writer
  const PageTemplate* page_ = nullptr;
  const FlowBox* flow_ = nullptr;
  ofd::Canvas* flow_canvas_ = nullptr;
  ofd::Length y_ = 0;
};

}  // namespace

Result<Composition> compose(const Template& layout, const Certificate& certificate,
                            const std::string& record, const std::vector<Plan>& plans,
                            const ComposeSettings& settings) {
  return Composer(layout, certificate, settings).run(record, plans);
}

}  // namespace certbridge::ofd_compose

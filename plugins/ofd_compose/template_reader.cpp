#include <map>

#include "template.h"
#include "template_element.h"
#include "template_items.h"

namespace certbridge::ofd_compose {
namespace {

constexpr std::string_view kNameSpace = "urn:certbridge:template:1";

// Reads one document; the first mistake ends it.
class Reader {
 public:
  explicit Reader(std::string_view file) : reader_(file) {}
  Result<Template> read(const XmlElement& root);

 private:
  void read_fonts_and_styles(const XmlElement& root);
  void read_metadata(const XmlElement& root);
  void read_pages(const XmlElement& root);
  void check_pages(const XmlElement& root);

  ElementReader reader_;
  Template template_{};
};

void Reader::read_fonts_and_styles(const XmlElement& root) {
  for (const XmlElement* font : root.children_named("font")) {
    reader_.allow(*font, {"name", "family", "bold"});
    template_.fonts.push_back({reader_.need(*font, "name"), reader_.need(*font, "family"),
                               font->attribute_or_empty("bold") == "yes"});
  }
  for (const XmlElement* it : root.children_named("style")) {
    reader_.allow(*it, {"name", "font", "size", "least", "colour"});
    Style made{reader_.need(*it, "name"), template_.fonts.size(), reader_.length(*it, "size"), 0,
               reader_.colour(*it)};
    made.least = it->attribute("least") == nullptr ? made.size : reader_.length(*it, "least");
    if (made.least > made.size) reader_.fail(*it, "\"least\" is above \"size\"");
    const std::string font = reader_.need(*it, "font");
    for (std::size_t i = 0; i < template_.fonts.size(); ++i) {
      if (template_.fonts[i].name == font) made.font = i;
    }
    if (made.font == template_.fonts.size())
      reader_.fail(*it, "names the font \"" + font + "\", which the template does not have");
    template_.styles.push_back(std::move(made));
  }
}

void Reader::read_metadata(const XmlElement& root) {
  const XmlElement* metadata = root.child("metadata");
  if (metadata == nullptr) return reader_.fail(root, "needs <metadata>");
  for (const XmlElement& data : metadata->children) {
    if (data.name != "data") return reader_.fail(data, "may not stand in <metadata>");
    reader_.allow(data, {"name", "value"});
    template_.metadata.push_back({reader_.need(data, "name"), data.attribute_or_empty("value")});
  }
}

void Reader::read_pages(const XmlElement& root) {
  static const std::map<std::string, PageTemplate::Repeat> kWords{
      {"", PageTemplate::Repeat::kOnce},
      {"plans", PageTemplate::Repeat::kPlans},
      {"continuation", PageTemplate::Repeat::kContinuation}};
  for (const XmlElement* element : root.children_named("page")) {
    reader_.allow(*element, {"name", "repeat"});
    const auto repeat = kWords.find(element->attribute_or_empty("repeat"));
    if (repeat == kWords.end())
      return reader_.fail(*element, "\"repeat\" must be plans or continuation");
    PageTemplate page{repeat->second, {}};
    page.items = read_items(reader_, *element, template_.styles);
    template_.pages.push_back(std::move(page));
  }
  if (const XmlElement* backdrop = root.child("backdrop"))
    template_.backdrop = read_items(reader_, *backdrop, template_.styles);
  const XmlElement* sample = root.child("sample");
  if (sample == nullptr)
    return reader_.fail(root, "needs <sample>: what marks pages outside production");
  template_.sample = read_items(reader_, *sample, template_.styles);
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
      reader_.fail(root, "has <flow> or <plan> on a page that does not repeat for it");
    }
    flows += continuation ? 1 : 0;
    plans += plan ? 1 : 0;
  }
  if (seals != 1) reader_.fail(root, "must have exactly one <seal>");
  if (flows != 1 || plans != 1)
    reader_.fail(root, "must have one page for plans and one for continuations");
  if (template_.sample.empty()) reader_.fail(root, "has an empty <sample>");
  for (const auto* items : {&template_.sample, &template_.backdrop}) {
    if (count_of<Label>(*items) + count_of<RectangleShape>(*items) + count_of<LineShape>(*items) !=
        items->size()) {
      reader_.fail(root, "may have only labels, rectangles and lines in <backdrop> and <sample>");
    }
  }
}

Result<Template> Reader::read(const XmlElement& root) {
  if (root.name != "template" || root.name_space != kNameSpace) {
    reader_.fail(root, "is not a template of " + std::string(kNameSpace));
  }
  reader_.allow(root, {"kind", "title", "subject", "continued", "width", "height"});
  const std::string kind = reader_.need(root, "kind");
  if (kind != "title" && kind != "proof") reader_.fail(root, "\"kind\" must be title or proof");
  template_.kind = kind == "proof" ? CertificateKind::kProof : CertificateKind::kTitle;
  template_.title = reader_.need(root, "title");
  template_.subject = root.attribute_or_empty("subject");
  template_.continued = reader_.need(root, "continued");
  template_.width = reader_.length(root, "width");
  template_.height = reader_.length(root, "height");
  read_fonts_and_styles(root);
  if (!reader_.error() && template_.styles.empty()) reader_.fail(root, "needs <font> and <style>");
  if (!reader_.error()) read_metadata(root);
  if (!reader_.error()) read_pages(root);
  if (!reader_.error()) check_pages(root);
  if (reader_.error()) return *reader_.error();
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

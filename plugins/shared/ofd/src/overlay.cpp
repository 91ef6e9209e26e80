#include "certbridge_ofd/overlay.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <set>

#include "certbridge/xml.h"
#include "certbridge_ofd/location.h"
#include "certbridge_ofd/structure.h"
#include "element_text.h"
#include "parts.h"
#include "render_values.h"
#include "xml_text.h"

namespace certbridge::ofd {
namespace {

constexpr int kLargestId = 1'000'000'000;
constexpr double kLargestPage = 2000;  // mm, as far as it is drawn on

using Names = std::initializer_list<std::string_view>;

XmlElement made(const XmlElement& like, const char* name, std::string text) {
  XmlElement element;
  element.name = name;
  element.name_space = like.name_space;
  element.text = std::move(text);
  return element;
}

XmlElement* find_child(XmlElement& element, std::string_view name) {
  const auto found = std::find_if(element.children.begin(), element.children.end(),
                                  [&](const XmlElement& child) { return child.name == name; });
  return found == element.children.end() ? nullptr : &*found;
}

void drop(XmlElement& element, Names names) {
  std::erase_if(element.children, [&](const XmlElement& child) {
    return std::find(names.begin(), names.end(), child.name) != names.end();
  });
}

// Behind the last child of these names: the schema has an order.
XmlElement& put_behind(XmlElement& element, Names names, XmlElement child) {
  const auto last =
      std::find_if(element.children.rbegin(), element.children.rend(), [&](const XmlElement& one) {
        return std::find(names.begin(), names.end(), one.name) != names.end();
      });
  return *element.children.insert(last.base(), std::move(child));
}

void set_text(XmlElement& element, const char* name, const std::string& text, Names before) {
  if (XmlElement* found = find_child(element, name)) {
    found->text = text;
    return;
  }
  put_behind(element, before, made(element, name, text));
}

int largest_id(const XmlElement& element) {
  int largest = 0;
  const std::string own =
      element.name == "MaxUnitID" ? trimmed(element.text) : element.attribute_or_empty("ID");
  std::from_chars(own.data(), own.data() + own.size(), largest);
  for (const XmlElement& child : element.children) {
    largest = std::max(largest, largest_id(child));
  }
  return largest;
}

std::vector<double> box_of(const XmlElement& page, const std::string& document_box) {
  const XmlElement* area = page.child("Area");
  auto box = parse_box(area == nullptr ? document_box : child_text(*area, "PhysicalBox"));
  if (!box) box = parse_box(document_box);
  return box.value_or(std::vector<double>{0, 0, 210, 297});
}

// From the origin to the far edge, so that a page that begins elsewhere is covered as well.
Length reach(double from, double size) {
  return static_cast<Length>(std::lround(std::clamp(from + size, 1.0, kLargestPage) * 1000));
}

class Overlayer {
 public:
  Overlayer(Package original, const Overlay& overlay)
      : package_(std::move(original)), overlay_(overlay) {}

  Result<Package> run() {
    auto structure = read_structure(package_);
    if (!structure) return structure.error();
    if (auto read = rewrite_root(); !read) return read.error();
    if (auto read = open_document(); !read) return read.error();
    add_font();
    for (const PageFile& page : structure.value().pages) {
      if (auto drawn = draw_on(page.file, structure.value().page_box); !drawn) {
        return drawn.error();
      }
    }
    close_document();
    return what_is_led_to();
  }

 private:
  Result<void> rewrite_root() {
    auto root = parse_part(package_, "OFD.xml");
    if (!root) return root.error();
    XmlElement first = *root.value().child("DocBody");  // read_structure has seen it
    drop(first, {"Signatures", "Versions"});
    XmlElement* info = find_child(first, "DocInfo");
    if (info == nullptr) {
      info = &*first.children.insert(first.children.begin(), made(first, "DocInfo", {}));
    }
    set_text(*info, "DocID", overlay_.id, {});
    set_text(*info, "ModDate", overlay_.modified,
             {"DocID", "Title", "Author", "Subject", "Abstract", "CreationDate"});
    set_custom_data(*info);
    drop(root.value(), {"DocBody"});
    root.value().children.push_back(std::move(first));
    document_name_ =
        resolve_location("OFD.xml", child_text(root.value().children.back(), "DocRoot")).value();
    package_.put("OFD.xml", file_of(root.value()));
    return {};
  }

  void set_custom_data(XmlElement& info) const {
    XmlElement* list = find_child(info, "CustomDatas");
    if (list == nullptr) {
      info.children.push_back(made(info, "CustomDatas", {}));
      list = &info.children.back();
    }
    for (const auto& [name, value] : overlay_.custom_data) {
      std::erase_if(list->children, [&name = name](const XmlElement& one) {
        return one.attribute_or_empty("Name") == name;
      });
      XmlElement data = made(info, "CustomData", value);
      data.attributes.push_back({"Name", name});
      list->children.push_back(std::move(data));
    }
  }

  // IDs begin above every one that any file of the document has.
  Result<void> open_document() {
    const auto files = reachable_files(package_);
    if (!files) return files.error();
    int largest = 0;
    for (const std::string& name : files.value()) {
      const Entry* entry = package_.find(name);
      if (entry == nullptr) return parse_part(package_, name).error();
      if (!name.ends_with(".xml") || entry->bytes.find("ofdspec.org") == std::string::npos) {
        continue;
      }
      const auto part = parse_part(package_, name);
      if (!part) return part.error();
      largest = std::max(largest, largest_id(part.value()));
    }
    if (largest >= kLargestId) {
      return Error::permanent("ofd.structure", "the document's IDs leave no room for another");
    }
    next_id_ = largest + 1;
    auto document = parse_part(package_, document_name_);
    if (!document) return document.error();
    document_ = std::move(document).value();
    drop(document_, {"Actions", "Bookmarks", "Attachments", "Extensions"});
    return {};
  }

  void add_font() {
    font_ = next_id_++;
    const std::string folder = folder_of(document_name_);
    std::string name = "OverlayRes.xml";
    for (int i = 2; package_.find(folder + name) != nullptr; ++i) {
      name = "OverlayRes_" + std::to_string(i) + ".xml";
    }
    const std::string font = xml_escape(overlay_.font);
    package_.put(folder + name,
                 std::string(kXmlHead) +
                     "<ofd:Res xmlns:ofd=\"http://www.ofdspec.org/2016\" BaseLoc=\"Res\">"
                     "<ofd:Fonts><ofd:Font ID=\"" +
                     std::to_string(font_) + "\" FontName=\"" + font + "\" FamilyName=\"" + font +
                     "\"/></ofd:Fonts></ofd:Res>");
    XmlElement& common = *find_child(document_, "CommonData");
    put_behind(common, {"MaxUnitID", "PageArea", "PublicRes"}, made(common, "PublicRes", name));
  }

  Result<void> draw_on(const std::string& file, const std::string& document_box) {
    if (!drawn_.insert(file).second) return {};
    auto page = parse_part(package_, file);
    if (!page) return page.error();
    const std::vector<double> box = box_of(page.value(), document_box);
    Canvas canvas(next_id_, reach(box[0], box[2]), reach(box[1], box[3]), 0, next_id_);
    overlay_.draw(canvas, font_);
    auto layer = layer_of(canvas);
    if (!layer) return layer.error();
    XmlElement* content = find_child(page.value(), "Content");
    if (content == nullptr) {
      content = &put_behind(page.value(), {"Template", "PageRes", "Area"},
                            made(page.value(), "Content", {}));
    }
    content->children.push_back(std::move(layer).value());
    package_.put(file, file_of(page.value()));
    return {};
  }

  // What was drawn, as the standard's layer above the page's own.
  static Result<XmlElement> layer_of(const Canvas& canvas) {
    XmlLimits limits;
    limits.bytes = 16UL * 1024 * 1024;
    auto drawn = parse_xml(canvas.content(), "overlay", limits);
    if (!drawn) return drawn;
    XmlElement layer = drawn.value().child("Content")->children.front();
    for (XmlAttribute& one : layer.attributes) {
      if (one.name == "Type") one.value = "Foreground";
    }
    return layer;
  }

  void close_document() {
    XmlElement& common = *find_child(document_, "CommonData");
    set_text(common, "MaxUnitID", std::to_string(next_id_ - 1), {});
    package_.put(document_name_, file_of(document_));
  }

  Result<Package> what_is_led_to() {
    const auto names = reachable_files(package_);
    if (!names) return names.error();
    const std::set<std::string> kept(names.value().begin(), names.value().end());
    std::erase_if(package_.entries, [&](const Entry& entry) { return !kept.contains(entry.name); });
    return std::move(package_);
  }

  Package package_;
  const Overlay& overlay_;
  std::string document_name_{};
  XmlElement document_{};
  int next_id_ = 1;
  int font_ = 0;
  std::set<std::string> drawn_{};
};

}  // namespace

Result<Package> overlaid(Package original, const Overlay& overlay) {
  return Overlayer(std::move(original), overlay).run();
}

}  // namespace certbridge::ofd

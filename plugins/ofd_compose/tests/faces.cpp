#include "faces.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "certbridge/xml.h"
#include "characters.h"

namespace certbridge::ofd_compose {
namespace {

constexpr char32_t kOutlined = 0xfffc;

XmlElement parsed(const ofd::Package& package, const std::string& name) {
  const ofd::Entry* entry = package.find(name);
  EXPECT_NE(entry, nullptr) << name;
  XmlLimits limits;
  limits.bytes = 16 * 1024 * 1024;
  auto root = parse_xml(entry == nullptr ? "" : entry->bytes, name, limits);
  EXPECT_TRUE(root.ok()) << (root ? "" : root.error().message);
  return root ? root.value() : XmlElement{};
}

// Text of every object, by its ID; paths show one outlined character.
std::map<std::string, std::u32string> objects_of(const ofd::Package& package) {
  std::map<std::string, std::u32string> objects;
  for (const ofd::Entry& entry : package.entries) {
    if (!entry.name.ends_with("/Content.xml")) continue;
    const XmlElement page = parsed(package, entry.name);
    for (const XmlElement& layer : page.child("Content")->children) {
      for (const XmlElement& object : layer.children) {
        const XmlElement* code = object.child("TextCode");
        objects[object.attribute_or_empty("ID")] =
            code == nullptr ? std::u32string(1, kOutlined) : to_code_points(code->text);
      }
    }
  }
  return objects;
}

}  // namespace

std::string read_source(const std::string& path) {
  std::ifstream file(std::string(CERTBRIDGE_SOURCE_DIR) + "/" + path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Template load_template(const std::string& name) {
  auto layout = parse_template(read_source("config/templates/" + name), name);
  EXPECT_TRUE(layout.ok()) << (layout ? "" : layout.error().message);
  return layout ? std::move(layout).value() : Template{};
}

std::map<std::string, std::u32string> faces_of(const ofd::Package& package) {
  const auto objects = objects_of(package);
  std::map<std::string, std::u32string> faces;
  for (const XmlElement& field : parsed(package, "Doc_0/Tags/CustomTag.xml").children) {
    for (const XmlElement& reference : field.children) {
      const auto object = objects.find(reference.text);
      EXPECT_NE(object, objects.end()) << field.name << " " << reference.text;
      if (object != objects.end()) faces[field.name] += comparable(object->second);
    }
  }
  return faces;
}

std::u32string comparable(std::u32string_view text) {
  std::u32string kept;
  for (const char32_t code : text) {
    if (is_blank(code) || code == '\n' || code == '\r') continue;
    kept.push_back(is_common(code) ? code : kOutlined);
  }
  return kept;
}

std::string page_text(const ofd::Package& package, int page) {
  const XmlElement root =
      parsed(package, "Doc_0/Pages/Page_" + std::to_string(page) + "/Content.xml");
  std::string text;
  for (const XmlElement& layer : root.child("Content")->children) {
    for (const XmlElement& object : layer.children) {
      if (const XmlElement* code = object.child("TextCode")) text += code->text + "\n";
    }
  }
  return text;
}

ofd::Package composed(const Certificate& certificate, const std::vector<Plan>& plans,
                      const ComposeSettings& settings) {
  static const Template kTitle = load_template("title.xml");
  static const Template kProof = load_template("proof.xml");
  const Template& layout = certificate.kind == CertificateKind::kProof ? kProof : kTitle;
  auto made = compose(layout, certificate, write_certificate(certificate), plans, settings);
  EXPECT_TRUE(made.ok()) << (made ? "" : made.error().message);
  if (!made) return {};
  auto package = ofd::read_package(made.value().file, {});
  EXPECT_TRUE(package.ok()) << (package ? "" : package.error().message);
  return package ? std::move(package).value() : ofd::Package{};
}

}  // namespace certbridge::ofd_compose

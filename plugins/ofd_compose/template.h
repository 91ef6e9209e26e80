// A certificate's layout as config/templates/*.xml describe it (urn:certbridge:template:1).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "certbridge/certificate.h"
#include "certbridge_ofd/measure.h"

namespace certbridge::ofd_compose {

enum class Align : std::uint8_t { kLeft = 1, kCentre = 2, kRight = 3, kSpread = 4 };

struct Style {
  std::string name{};
  std::size_t font = 0;  // index in Template::fonts
  ofd::Length size = 0;
  ofd::Length least = 0;  // text shrinks to this size before it is continued elsewhere
  ofd::Colour colour{};
};

struct FontName {
  std::string name{};    // as styles call it
  std::string family{};  // as viewers know it: 宋体
  bool bold = false;
};

// Boxes are in page coordinates.
struct RectangleShape {
  ofd::Box box{};
  ofd::Length line = 0;
  ofd::Colour colour{};
};
struct LineShape {
  ofd::Box box{};  // from the corner to the opposite corner
  ofd::Length line = 0;
  ofd::Colour colour{};
};
struct Label {
  ofd::Box box{};
  std::size_t style = 0;
  Align align = Align::kLeft;
  std::string text{};
  int alpha = 255;
  int turn = 0;  // degrees counter-clockwise
};
// Shows a field of the certificate; what does not fit goes to the continuation pages.
struct ValueBox {
  ofd::Box box{};
  std::size_t style = 0;
  Align align = Align::kLeft;
  bool middle = false;  // centred from top to bottom
  std::string field{};
  std::string label{};   // by which a continuation names it
  std::string before{};  // stands in front of the value when there is one
};
struct CodeBox {
  ofd::Box box{};  // QR code
};
struct SealBox {
  ofd::Box box{};
};
struct PlanBox {
  ofd::Box box{};
};
struct FlowBox {
  ofd::Box box{};
  std::size_t heading = 0;  // style
  std::size_t style = 0;
};
using Item =
    std::variant<RectangleShape, LineShape, Label, ValueBox, CodeBox, SealBox, PlanBox, FlowBox>;

struct PageTemplate {
  enum class Repeat : std::uint8_t { kOnce = 1, kPlans = 2, kContinuation = 3 };
  Repeat repeat = Repeat::kOnce;
  std::vector<Item> items{};
};

// One row of the metadata (GB/T 36903): a field of the certificate, or a fixed value.
struct DataRow {
  std::string name{};
  std::string value{};  // empty: the field of this name
};

struct Template {
  CertificateKind kind = CertificateKind::kTitle;
  std::string title{};
  std::string subject{};
  std::string continued{};  // "（转附页）": closes a value that goes on elsewhere
  ofd::Length width = 0;
  ofd::Length height = 0;
  std::vector<FontName> fonts{};
  std::vector<Style> styles{};
  std::vector<DataRow> metadata{};
  std::vector<Item> backdrop{};  // behind every page
  std::vector<Item> sample{};    // on every page outside production
  std::vector<PageTemplate> pages{};
};

// Strict; an error names file, line and column. Code: "ofd_compose.template" (fault).
Result<Template> parse_template(std::string_view xml, std::string_view file);

}  // namespace certbridge::ofd_compose

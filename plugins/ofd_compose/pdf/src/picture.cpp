#include "pdf/src/picture.h"

#include <png.h>
#include <qpdf/Pl_Count.hh>
#include <qpdf/Pl_DCT.hh>
#include <qpdf/Pl_Discard.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QUtil.hh>

#include <algorithm>
#include <utility>

#include "compose.h"

namespace certbridge::ofd_compose {
namespace {

constexpr std::int64_t kMostPixels = 60'000'000;  // A4 at 600 dots per inch has 35 million
constexpr double kShortSide = 595.28;             // A4 in points
constexpr double kLongSide = 841.89;

Error not_whole() {
  return Error::permanent("ofd_compose.picture", "the file is not a whole PNG or JPEG picture");
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

struct Jpeg {
  std::string bytes{};
  unsigned components = 0;
  bool adobe = false;  // inks are written inverted
};

bool is_frame(unsigned marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// Application data but JFIF's and Adobe's, and comments.
bool is_left_out(unsigned marker) {
  return (marker > 0xe0 && marker <= 0xef && marker != 0xee) || marker == 0xfe;
}

// The end of what is coded behind the head of a scan: the next marker that is none of its own.
std::size_t end_of_scan(std::string_view bytes, std::size_t at) {
  while (at + 1 < bytes.size()) {
    const unsigned next = byte_at(bytes, at + 1);
    if (byte_at(bytes, at) == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
      break;
    }
    ++at;
  }
  return at;
}

Result<Jpeg> without_extras(std::string_view bytes) {
  Jpeg jpeg;
  jpeg.bytes = "\xff\xd8";
  for (std::size_t at = 2; at + 4 <= bytes.size() && byte_at(bytes, at) == 0xff;) {
    const unsigned marker = byte_at(bytes, at + 1);
    if (marker == 0xff) {
      ++at;
      continue;
    }
    const std::size_t length = byte_at(bytes, at + 2) << 8 | byte_at(bytes, at + 3);
    std::size_t end = at + 2 + length;
    if (length < 2 || end > bytes.size()) return not_whole();
    if (is_frame(marker) && length >= 8) jpeg.components = byte_at(bytes, at + 9);
    if (marker == 0xee) jpeg.adobe = true;
    if (marker == 0xda) end = end_of_scan(bytes, end);
    if (!is_left_out(marker)) jpeg.bytes += bytes.substr(at, end - at);
    at = end;
    if (bytes.substr(at, 2) == "\xff\xd9") {
      jpeg.bytes += "\xff\xd9";
      return jpeg;
    }
  }
  return not_whole();
}

// A picture that breaks off in the middle has an end all the same: its pixels are counted.
bool decodes(const Jpeg& jpeg, std::int64_t pixels) {
  Pl_Discard nothing;
  Pl_Count counter("pixels", &nothing);
  Pl_DCT decoder("jpeg", &counter);
  try {
    decoder.write(reinterpret_cast<const unsigned char*>(jpeg.bytes.data()), jpeg.bytes.size());
    decoder.finish();
  } catch (const std::exception&) {
    return false;
  }
  return counter.getCount() == pixels * jpeg.components;
}

Result<QPDFObjectHandle> jpeg_image(QPDF& pdf, const Plan& plan) {
  const auto jpeg = without_extras(plan.bytes);
  if (!jpeg) return jpeg.error();
  const unsigned components = jpeg.value().components;
  if (components != 1 && components != 3 && components != 4) return not_whole();
  if (!decodes(jpeg.value(), std::int64_t{plan.width} * plan.height)) return not_whole();
  QPDFObjectHandle image = QPDFObjectHandle::newStream(&pdf);
  image.replaceStreamData(jpeg.value().bytes, QPDFObjectHandle::newName("/DCTDecode"),
                          QPDFObjectHandle::newNull());
  const char* colours = components == 1   ? "/DeviceGray"
                        : components == 3 ? "/DeviceRGB"
                                          : "/DeviceCMYK";
  image.getDict().replaceKey("/ColorSpace", QPDFObjectHandle::newName(colours));
  if (components == 4 && jpeg.value().adobe) {
    image.getDict().replaceKey("/Decode", QPDFObjectHandle::parse("[1 0 1 0 1 0 1 0]"));
  }
  return image;
}

Result<QPDFObjectHandle> pixels_image(QPDF& pdf, const Plan& plan) {
  png_image picture{};
  picture.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&picture, plan.bytes.data(), plan.bytes.size()) == 0) {
    return not_whole();
  }
  picture.format = PNG_FORMAT_RGB;
  std::string pixels(PNG_IMAGE_SIZE(picture), '\0');
  const png_color white{255, 255, 255};
  if (png_image_finish_read(&picture, &white, pixels.data(), 0, nullptr) == 0) return not_whole();
  QPDFObjectHandle image = QPDFObjectHandle::newStream(&pdf, pixels);
  image.getDict().replaceKey("/ColorSpace", QPDFObjectHandle::newName("/DeviceRGB"));
  return image;
}

void describe(QPDFObjectHandle dictionary, const Plan& plan) {
  dictionary.replaceKey("/Type", QPDFObjectHandle::newName("/XObject"));
  dictionary.replaceKey("/Subtype", QPDFObjectHandle::newName("/Image"));
  dictionary.replaceKey("/Width", QPDFObjectHandle::newInteger(plan.width));
  dictionary.replaceKey("/Height", QPDFObjectHandle::newInteger(plan.height));
  dictionary.replaceKey("/BitsPerComponent", QPDFObjectHandle::newInteger(8));
}

void add_page(QPDF& pdf, const Plan& plan, const QPDFObjectHandle& image) {
  const bool wide = plan.width > plan.height;
  const double width = wide ? kLongSide : kShortSide;
  const double height = wide ? kShortSide : kLongSide;
  const double scale = std::min(width / plan.width, height / plan.height);
  const auto number = [](double value) { return QUtil::double_to_string(value, 3); };
  const std::string content = "q " + number(plan.width * scale) + " 0 0 " +
                              number(plan.height * scale) + ' ' +
                              number((width - plan.width * scale) / 2) + ' ' +
                              number((height - plan.height * scale) / 2) + " cm /Picture Do Q";
  QPDFObjectHandle page =
      QPDFObjectHandle::parse("<< /Type /Page /Resources << /XObject << >> >> /MediaBox [0 0 " +
                              number(width) + ' ' + number(height) + "] >>");
  page.getKey("/Resources").getKey("/XObject").replaceKey("/Picture", image);
  page.replaceKey("/Contents", QPDFObjectHandle::newStream(&pdf, content));
  QPDFPageDocumentHelper(pdf).addPage(QPDFPageObjectHelper(pdf.makeIndirectObject(page)), false);
}

}  // namespace

bool is_picture(std::string_view file) {
  return file.starts_with("\xff\xd8\xff") || file.starts_with("\x89PNG\r\n\x1a\n");
}

Result<void> put_picture(QPDF& pdf, const std::string& picture) {
  const auto plan = read_plan(picture, "file");
  if (!plan) return not_whole();
  if (std::int64_t{plan.value().width} * plan.value().height > kMostPixels) {
    return Error::permanent("ofd_compose.copy_limits", "the picture has too many pixels");
  }
  const auto image = plan.value().format == "PNG" ? pixels_image(pdf, plan.value())
                                                  : jpeg_image(pdf, plan.value());
  if (!image) return image.error();
  describe(QPDFObjectHandle(image.value()).getDict(), plan.value());
  add_page(pdf, plan.value(), image.value());
  return {};
}

}  // namespace certbridge::ofd_compose

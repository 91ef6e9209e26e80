#include "pdf/annotated.h"

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>
#include <qpdf/QUtil.hh>

#include <algorithm>
#include <utility>

#include "copy_marks.h"
#include "pdf/drawn_marks.h"
#include "pdf/src/cleaner.h"
#include "pdf/src/picture.h"

namespace certbridge::ofd_compose {
namespace {

constexpr std::size_t kMostPages = 200;
constexpr double kLeastSide = 20;        // points
constexpr double kLargestSide = 14'400;  // ISO 32000-1, annex C

Error refused(const char* code, const std::string& reason) {
  return Error::permanent(code, reason);
}

Error damaged() { return refused("ofd_compose.pdf_damaged", "the PDF file is damaged"); }

bool is_pdf(std::string_view file) { return file.starts_with("%PDF-"); }

// What is painted depends on more than the pages' content.
Result<void> check_painted(QPDF& pdf) {
  const QPDFObjectHandle root = pdf.getRoot();
  QPDFObjectHandle form = QPDFObjectHandle(root).getKey("/AcroForm");
  if (form.isDictionary()) {
    const QPDFObjectHandle needed = form.getKey("/NeedAppearances");
    if (form.hasKey("/XFA") ||
        (QPDFObjectHandle(needed).isBool() && QPDFObjectHandle(needed).getBoolValue())) {
      return refused("ofd_compose.pdf_form", "the PDF is a form whose fields are not painted yet");
    }
  }
  QPDFObjectHandle layers = QPDFObjectHandle(root).getKey("/OCProperties");
  if (!layers.isDictionary()) return {};
  QPDFObjectHandle usual = layers.getKey("/D");
  const bool some_hidden =
      !usual.isDictionary() || usual.hasKey("/BaseState") || usual.hasKey("/AS") ||
      (usual.getKey("/OFF").isArray() && usual.getKey("/OFF").getArrayNItems() > 0);
  if (some_hidden || layers.hasKey("/Configs")) {
    return refused("ofd_compose.pdf_layers", "the PDF has layers that a viewer shows or hides");
  }
  return {};
}

Result<void> open_pdf(QPDF& pdf, const std::string& file) {
  try {
    pdf.processMemoryFile("original", file.data(), file.size());
  } catch (const QPDFExc& error) {
    if (error.getErrorCode() == qpdf_e_password || error.getErrorCode() == qpdf_e_unsupported) {
      return refused("ofd_compose.pdf_encrypted", "the PDF file is encrypted");
    }
    return damaged();
  }
  if (pdf.isEncrypted()) return refused("ofd_compose.pdf_encrypted", "the PDF file is encrypted");
  if (auto painted = check_painted(pdf); !painted) return painted;
  // Seals and stamps are painted by annotations as a rule.
  QPDFPageDocumentHelper(pdf).flattenAnnotations(0, an_invisible | an_hidden | an_no_view);
  return {};
}

Result<void> open_original(QPDF& pdf, const std::string& file) {
  pdf.setSuppressWarnings(true);
  pdf.setAttemptRecovery(false);
  if (is_pdf(file)) return open_pdf(pdf, file);
  if (!is_picture(file)) {
    return refused("ofd_compose.no_copy", "copies are made of OFD, PDF, JPEG and PNG files only");
  }
  pdf.emptyPDF();
  return put_picture(pdf, file);
}

// A page of the original as something that is painted, and where.
struct PaintedPage {
  QPDFObjectHandle form{};
  double left = 0;
  double bottom = 0;
  PageSize size{};
};

PaintedPage painted_page(QPDF& copy, QPDFPageObjectHelper page) {
  // What is shown is the crop box, whatever is trimmed after printing.
  page.getObjectHandle().replaceKey("/TrimBox", page.getCropBox());
  PaintedPage painted;
  painted.form = copy.copyForeignObject(page.getFormXObjectForPage());
  Cleaner().clean_form(painted.form);
  const QPDFObjectHandle dictionary = painted.form.getDict();
  QPDFMatrix matrix;
  if (QPDFObjectHandle(dictionary).getKey("/Matrix").isArray()) {
    matrix = QPDFMatrix(QPDFObjectHandle(dictionary).getKey("/Matrix").getArrayAsMatrix());
  }
  const auto box =
      matrix.transformRectangle(QPDFObjectHandle(dictionary).getKey("/BBox").getArrayAsRectangle());
  painted.left = box.llx;
  painted.bottom = box.lly;
  painted.size = {box.urx - box.llx, box.ury - box.lly};
  return painted;
}

Result<std::vector<PaintedPage>> painted_pages(QPDF& copy, QPDF& original) {
  const auto pages = QPDFPageDocumentHelper(original).getAllPages();
  if (pages.empty()) return damaged();
  if (pages.size() > kMostPages) {
    return refused("ofd_compose.copy_limits", "the file has more than 200 pages");
  }
  std::vector<PaintedPage> painted;
  for (const QPDFPageObjectHelper& page : pages) {
    painted.push_back(painted_page(copy, page));
    const PageSize& size = painted.back().size;
    // Written so that what is no number is refused as well.
    if (!(size.width >= kLeastSide && size.width <= kLargestSide && size.height >= kLeastSide &&
          size.height <= kLargestSide)) {
      return refused("ofd_compose.copy_limits", "a page is too small or too large");
    }
  }
  return painted;
}

std::vector<PageSize> sizes_of(const std::vector<PaintedPage>& pages) {
  std::vector<PageSize> sizes;
  for (const PaintedPage& page : pages) {
    if (std::find(sizes.begin(), sizes.end(), page.size) == sizes.end()) {
      sizes.push_back(page.size);
    }
  }
  return sizes;
}

std::string points(double value) { return QUtil::double_to_string(value, 3); }

void add_copied_page(QPDF& copy, const PaintedPage& painted, const QPDFObjectHandle& marks) {
  const std::string content = "q 1 0 0 1 " + points(-painted.left) + ' ' + points(-painted.bottom) +
                              " cm /Original Do Q q /Marks Do Q";
  QPDFObjectHandle page = QPDFObjectHandle::parse(
      "<< /Type /Page /Resources << /XObject << >> >> /MediaBox [0 0 " +
      points(painted.size.width) + ' ' + points(painted.size.height) + "] >>");
  QPDFObjectHandle names = page.getKey("/Resources").getKey("/XObject");
  names.replaceKey("/Original", painted.form);
  names.replaceKey("/Marks", marks);
  page.replaceKey("/Contents", QPDFObjectHandle::newStream(&copy, content));
  QPDFPageDocumentHelper(copy).addPage(QPDFPageObjectHelper(copy.makeIndirectObject(page)), false);
}

// GB/T 36903, as in the custom data of an OFD copy.
void add_metadata(QPDF& copy, const PdfCopy& settings) {
  const CopyQuestion& question = settings.question;
  QPDFObjectHandle information = QPDFObjectHandle::newDictionary();
  const std::string maker = settings.maker.empty() ? question.unit : settings.maker;
  for (const auto& [name, value] :
       {std::pair<std::string, std::string>{"/JZJZZSJ", metadata_time(question.made)},
        {"/JZJZZZ", copy_text(maker)},
        {"/JZJZZSY", copy_text(question.cause)},
        {"/JZJYXQJZSJ", metadata_time(question.expires)}}) {
    information.replaceKey(name, QPDFObjectHandle::newUnicodeString(value));
  }
  copy.getTrailer().replaceKey("/Info", copy.makeIndirectObject(information));
}

Result<void> add_pages(QPDF& copy, QPDF& marks_pdf, const std::vector<PaintedPage>& pages,
                       const PdfCopy& settings, const std::string& marks) {
  marks_pdf.processMemoryFile("marks", marks.data(), marks.size());
  const auto marked = QPDFPageDocumentHelper(marks_pdf).getAllPages();
  const std::vector<PageSize> sizes = sizes_of(pages);
  std::vector<QPDFObjectHandle> forms;
  for (QPDFPageObjectHelper page : marked) {
    forms.push_back(copy.copyForeignObject(page.getFormXObjectForPage()));
  }
  for (const PaintedPage& page : pages) {
    const auto place = std::find(sizes.begin(), sizes.end(), page.size) - sizes.begin();
    add_copied_page(copy, page, forms.at(static_cast<std::size_t>(place)));
  }
  add_metadata(copy, settings);
  return {};
}

std::string written(QPDF& copy) {
  QPDFWriter writer(copy);
  writer.setOutputMemory();
  writer.setDeterministicID(true);
  writer.setDecodeLevel(qpdf_dl_none);
  writer.setCompressStreams(true);
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.write();
  const auto buffer = writer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

Result<std::string> annotated(const std::string& file, const PdfCopy& settings) {
  // Both lend their streams to the copy until it is written.
  QPDF original;
  QPDF marks_pdf;
  QPDF copy;
  if (auto opened = open_original(original, file); !opened) return opened.error();
  copy.setSuppressWarnings(true);
  copy.emptyPDF();
  const auto pages = painted_pages(copy, original);
  if (!pages) return pages.error();
  const auto marks = drawn_marks(sizes_of(pages.value()), settings.question, settings.font);
  if (!marks) return marks.error();
  if (auto added = add_pages(copy, marks_pdf, pages.value(), settings, marks.value()); !added) {
    return added.error();
  }
  std::string bytes = written(copy);
  // What it had to guess or leave out while it read is not what the original shows.
  if (original.anyWarnings() || copy.anyWarnings()) return damaged();
  return bytes;
}

}  // namespace

Result<std::string> annotated_as_pdf(const std::string& file, const PdfCopy& copy) {
  try {
    return annotated(file, copy);
  } catch (const TooMuch& error) {
    return refused("ofd_compose.copy_limits", error.what());
  } catch (const std::bad_alloc&) {
    return refused("ofd_compose.copy_limits", "the file takes more memory than a copy may");
  } catch (const std::exception&) {
    return damaged();
  }
}

}  // namespace certbridge::ofd_compose

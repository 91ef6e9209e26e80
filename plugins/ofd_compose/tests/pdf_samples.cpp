#include "pdf_samples.h"

#include <png.h>
#include <qpdf/Pl_Buffer.hh>
#include <qpdf/Pl_DCT.hh>
#include <qpdf/Pl_Flate.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>

#include <functional>
#include <vector>

namespace certbridge::ofd_compose {
namespace {

constexpr const char* kRoot = "<< /Type /Catalog /Pages 2 0 R ";
constexpr const char* kFont = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

std::string stream(const std::string& entries, const std::string& data) {
  return "<< " + entries + " /Length " + std::to_string(data.size()) + " >>\nstream\n" + data +
         "\nendstream";
}

std::string words(const std::string& text) { return "BT /F1 18 Tf 30 60 Td (" + text + ") Tj ET"; }

// Objects numbered from 1, the first of which is the catalogue.
std::string assembled(const std::vector<std::string>& objects) {
  std::string pdf = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
  std::string table = "0000000000 65535 f \n";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const std::string offset = std::to_string(pdf.size());
    table += std::string(10 - offset.size(), '0') + offset + " 00000 n \n";
    pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::string size = std::to_string(objects.size() + 1);
  return pdf + "xref\n0 " + size + "\n" + table + "trailer\n<< /Size " + size +
         " /Root 1 0 R /Info << /Author (WRITER OF THE ORIGINAL) >> >>\nstartxref\n" +
         std::to_string(pdf.size()) + "\n%%EOF\n";
}

std::string buffered(Pl_Buffer& buffer) {
  const auto bytes = buffer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(bytes->getBuffer()), bytes->getSize()};
}

std::string with_pages(int pages, const std::string& root_entries) {
  std::vector<std::string> objects{kRoot + root_entries + " >>", "", kFont};
  std::string kids;
  for (int page = 1; page <= pages; ++page) {
    const std::string number = std::to_string(objects.size() + 1);
    kids += number + " 0 R ";
    objects.push_back("<< /Type /Page /Parent 2 0 R /Contents " +
                      std::to_string(objects.size() + 2) +
                      " 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
    objects.push_back(stream("", words("LICENCE PAGE " + std::to_string(page))));
  }
  objects[1] = "<< /Type /Pages /MediaBox [0 0 420 595] /Count " + std::to_string(pages) +
               " /Kids [" + kids + "] >>";
  return assembled(objects);
}

std::string written(QPDF& pdf, const std::function<void(QPDFWriter&)>& set) {
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.setStaticID(true);
  set(writer);
  writer.write();
  const auto bytes = writer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(bytes->getBuffer()), bytes->getSize()};
}

std::string entry(int kind, std::size_t second, int third) {
  std::string bytes(1, static_cast<char>(kind));
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(second >> shift & 0xffU));
  }
  bytes.push_back(static_cast<char>(third));
  return bytes;
}

}  // namespace

std::string sample_pdf(int pages) { return with_pages(pages, ""); }

std::string pdf_with_root(const std::string& entries) { return with_pages(1, entries); }

std::string active_pdf() {
  const std::string script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";
  const std::string form =
      "/Type /XObject /Subtype /Form /BBox [0 0 400 100] "
      "/Resources << /Font << /F1 3 0 R >> >>";
  const std::string place = "/Type /Annot /Rect [0 200 400 300] ";
  return assembled(
      {kRoot + ("/OpenAction " + script + " /AA << /WC " + script + " >> /Metadata 8 0 R ") +
           "/Names << /JavaScript << /Names [(a) " + script +
           "] >> /EmbeddedFiles << /Names [(b) 7 0 R] >> >> /AcroForm << /Fields [13 0 R] >> >>",
       "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
       "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /AF [7 0 R] /Metadata 8 0 R >>",
       "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 5 0 R /AA << /O " + script +
           " >> /Annots [9 0 R 10 0 R 12 0 R 13 0 R] /Metadata 8 0 R /Resources << /Font << /F1 3 "
           "0 R >> /XObject << /X1 14 0 R /X2 15 0 R >> /Properties << /P1 7 0 R >> >> >>",
       stream("", words("PAINTED TEXT") + " /X1 Do /X2 Do"),
       stream("/Type /EmbeddedFile", "SECRET PAYLOAD"),
       "<< /Type /Filespec /F (x.exe) /EF << /F 6 0 R >> >>",
       stream("/Type /Metadata /Subtype /XML", "SECRET PAYLOAD"),
       "<< " + place + "/Subtype /Link /A << /S /URI /URI (http://a.example/) >> >>",
       "<< " + place + "/Subtype /Stamp /F 4 /AP << /N 11 0 R >> /A << /S /Launch /F (x.exe) >> >>",
       stream(form, words("SEAL OF AN ANNOTATION")),
       "<< " + place + "/Subtype /Stamp /F 2 /AP << /N 16 0 R >> >>",
       "<< " + place + "/Subtype /Widget /FT /Tx /T (t) /AA << /K " + script + " >> >>",
       stream(form + " /AF [7 0 R] /PieceInfo << /X << /Private 6 0 R >> >> /Metadata 8 0 R",
              words("FORM")),
       stream("/Type /XObject /Subtype /PS", "(PostScript) print"),
       stream(form, words("HIDDEN ANNOTATION"))});
}

std::string turned_pdf() {
  return assembled({std::string(kRoot) + " >>", "<< /Type /Pages /Count 1 /Kids [4 0 R] >>", kFont,
                    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 150 200] /Rotate 90 /UserUnit 2 "
                    "/Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
                    stream("", words("TURNED"))});
}

std::string encrypted_pdf(const std::string& user_password) {
  QPDF pdf;
  const std::string plain = sample_pdf(1);
  pdf.processMemoryFile("plain", plain.data(), plain.size());
  return written(pdf, [&](QPDFWriter& writer) {
    writer.setR6EncryptionParameters(user_password.c_str(), "owner", true, true, true, true, true,
                                     true, qpdf_r3p_full, true);
  });
}

std::string bomb_pdf() {
  Pl_Buffer packed("packed");
  Pl_Flate deflate("deflate", &packed, Pl_Flate::a_deflate);
  const std::string blanks(1 << 20, ' ');
  const std::string first = "7 0 << >>";
  deflate.write(reinterpret_cast<const unsigned char*>(first.data()), first.size());
  for (int i = 0; i < 128; ++i) {
    deflate.write(reinterpret_cast<const unsigned char*>(blanks.data()), blanks.size());
  }
  deflate.finish();
  std::vector<std::string> objects{
      std::string(kRoot) + " >>",
      "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
      kFont,
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 150 200] /Contents 5 0 R /Resources 7 0 R >>",
      stream("", words("BOMB")),
      stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", buffered(packed))};
  std::string pdf = "%PDF-1.7\n";
  std::string table = entry(0, 0, 0);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    table += entry(1, pdf.size(), 0);
    pdf += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  table += entry(2, 6, 0) + entry(1, pdf.size(), 0);
  return pdf + "8 0 obj\n" + stream("/Type /XRef /Size 9 /W [1 4 1] /Root 1 0 R", table) +
         "\nendobj\nstartxref\n" + std::to_string(pdf.size()) + "\n%%EOF\n";
}

std::string sample_png() {
  png_image picture{};
  picture.version = PNG_IMAGE_VERSION;
  picture.width = 40;
  picture.height = 20;
  picture.format = PNG_FORMAT_RGBA;
  const std::string pixels(PNG_IMAGE_SIZE(picture), '\x60');
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&picture, nullptr, &size, 0, pixels.data(), 0, nullptr);
  std::string png(size, '\0');
  png_image_write_to_memory(&picture, png.data(), &size, 0, pixels.data(), 0, nullptr);
  return png;
}

std::string sample_jpeg() {
  Pl_Buffer packed("packed");
  Pl_DCT encoder("jpeg", &packed, 40, 20, 3, JCS_RGB, nullptr);
  const std::string pixels(40UL * 20 * 3, '\x60');
  encoder.write(reinterpret_cast<const unsigned char*>(pixels.data()), pixels.size());
  encoder.finish();
  const std::string data = "Exif WHO TOOK IT WHERE";
  std::string jpeg = buffered(packed);
  return jpeg.insert(2, std::string("\xff\xe1") + '\0' + static_cast<char>(data.size() + 2) + data);
}

std::string unpacked(const std::string& bytes) {
  QPDF pdf;
  pdf.processMemoryFile("copy", bytes.data(), bytes.size());
  return written(pdf, [](QPDFWriter& writer) {
    writer.setQDFMode(true);
    writer.setSuppressOriginalObjectIDs(true);
  });
}

}  // namespace certbridge::ofd_compose

#include "corpus.h"

namespace certbridge::seal_service::testing {
namespace {

std::string ofd(const std::string& root, const std::string& attributes, const std::string& inside) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:" + root +
         " xmlns:ofd=\"http://www.ofdspec.org/2016\"" + attributes + ">" + inside +
         "</ofd:" + root + ">";
}

}  // namespace

Stamp sample_stamp() { return {"1", "130 200 40 40"}; }

Package sample_document() {
  Package document;
  const auto add = [&](const char* path, const std::string& bytes) {
    document.files.push_back({path, bytes});
  };
  add("OFD.xml", ofd("OFD", " Version=\"1.0\" DocType=\"OFD\"",
                     "<ofd:DocBody><ofd:DocInfo><ofd:DocID>0123456789abcdef0123456789abcdef</"
                     "ofd:DocID><ofd:CustomDatas>"
                     "<ofd:CustomData Name=\"证照标识\">" +
                         std::string(kSampleIdentifier) +
                         "</ofd:CustomData></ofd:CustomDatas></ofd:DocInfo>"
                         "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"));
  add("Doc_0/Document.xml",
      ofd("Document", "",
          "<ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 "
          "297"
          "</ofd:PhysicalBox></ofd:PageArea><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></"
          "ofd:CommonData>"
          "<ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages>"
          "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"));
  add("Doc_0/DocumentRes.xml", ofd("Res", " BaseLoc=\"Res\"",
                                   "<ofd:MultiMedias><ofd:MultiMedia ID=\"3\" Type=\"Image\" "
                                   "Format=\"PNG\"><ofd:MediaFile>plan.png"
                                   "</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>"));
  add("Doc_0/Res/plan.png", "not really a picture");
  add("Doc_0/Pages/Page_0/Content.xml",
      ofd("Page", "", "<ofd:Content><ofd:Layer ID=\"2\" Type=\"Body\"/></ofd:Content>"));
  add("Doc_0/Attachs/Attachments.xml",
      ofd("Attachments", "",
          "<ofd:Attachment ID=\"a1\" Name=\"record\" "
          "Format=\"xml\"><ofd:FileLoc>record.xml</ofd:FileLoc></ofd:Attachment>"));
  add("Doc_0/Attachs/record.xml", "<record/>");
  return document;
}

}  // namespace certbridge::seal_service::testing

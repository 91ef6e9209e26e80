#include "certbridge_ofd/document.h"

#include "certbridge/xml.h"
#include "xml_text.h"

namespace certbridge::ofd {
namespace {

std::string open_root(const char* name, std::string_view attributes) {
  return std::string(kXmlHead) + "<ofd:" + name + " xmlns:ofd=\"http://www.ofdspec.org/2016\"" +
         std::string(attributes) + ">";
}

std::string element(const char* name, std::string_view text) {
  return text.empty()
             ? std::string()
             : "<ofd:" + std::string(name) + ">" + xml_escape(text) + "</ofd:" + name + ">";
}

std::string numbered(const char* before, std::size_t number, const char* after) {
  return before + std::to_string(number) + after;
}

// Kilobytes with three digits behind the point: the schema wants a number, nobody computes with it.
std::string kilobytes(std::size_t bytes) { return print_length(static_cast<Length>(bytes)); }

}  // namespace

DocumentWriter::DocumentWriter(DocumentInfo info) : info_(std::move(info)) {}

int DocumentWriter::add_font(const std::string& name, bool bold) {
  fonts_.push_back({next_id_, name, bold});
  return next_id_++;
}

int DocumentWriter::add_picture(const std::string& format, std::string bytes) {
  const char* ending = format == "PNG" ? ".png" : ".jpg";
  pictures_.push_back(
      {next_id_, format, numbered("Image_", pictures_.size(), ending), std::move(bytes)});
  return next_id_++;
}

Canvas& DocumentWriter::add_layout(Length width, Length height) {
  const int id = next_id_++;
  return layouts_.emplace_back(id, width, height, 0, next_id_);
}

Canvas& DocumentWriter::add_page(Length width, Length height, int layout) {
  const int id = next_id_++;
  return pages_.emplace_back(id, width, height, layout, next_id_);
}

void DocumentWriter::attach(AttachedFile file) { files_.push_back(std::move(file)); }

void DocumentWriter::tag(std::string name_space, std::string root, std::vector<FieldTag> tags) {
  tag_name_space_ = std::move(name_space);
  tag_root_ = std::move(root);
  tags_ = std::move(tags);
}

std::string DocumentWriter::ofd_xml() const {
  std::string xml =
      open_root("OFD", " Version=\"1.0\" DocType=\"OFD\"") + "<ofd:DocBody><ofd:DocInfo>" +
      element("DocID", info_.id) + element("Title", info_.title) + element("Author", info_.author) +
      element("Subject", info_.subject) + element("CreationDate", info_.created) +
      element("Creator", info_.creator) + element("CreatorVersion", info_.creator_version);
  if (!info_.custom_data.empty()) {
    xml += "<ofd:CustomDatas>";
    for (const auto& [name, value] : info_.custom_data) {
      xml += "<ofd:CustomData Name=\"" + xml_escape(name) + "\">" + xml_escape(value) +
             "</ofd:CustomData>";
    }
    xml += "</ofd:CustomDatas>";
  }
  return xml +
         "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
}

std::string DocumentWriter::document_xml() const {
  const Canvas& first = pages_.front();
  std::string xml = open_root("Document", "") + "<ofd:CommonData><ofd:MaxUnitID>" +
                    std::to_string(next_id_ - 1) +
                    "</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>" +
                    print_box({0, 0, first.width(), first.height()}) +
                    "</ofd:PhysicalBox></ofd:PageArea>"
                    "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>";
  if (!pictures_.empty()) xml += "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>";
  for (std::size_t i = 0; i < layouts_.size(); ++i) {
    xml += "<ofd:TemplatePage ID=\"" + std::to_string(layouts_[i].id()) +
           numbered("\" BaseLoc=\"Tpls/Tpl_", i, "/Content.xml\"/>");
  }
  xml += "</ofd:CommonData><ofd:Pages>";
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    xml += "<ofd:Page ID=\"" + std::to_string(pages_[i].id()) +
           numbered("\" BaseLoc=\"Pages/Page_", i, "/Content.xml\"/>");
  }
  xml += "</ofd:Pages>";
  if (!tags_.empty()) xml += "<ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags>";
  if (!files_.empty()) xml += "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>";
  return xml + "</ofd:Document>";
}

std::string DocumentWriter::public_resources() const {
  std::string xml = open_root("Res", " BaseLoc=\"Res\"") + "<ofd:Fonts>";
  for (const Font& font : fonts_) {
    const std::string name = xml_escape(font.name);
    xml += "<ofd:Font ID=\"" + std::to_string(font.id) + "\" FontName=\"" + name +
           "\" FamilyName=\"" + name + (font.bold ? "\" Bold=\"true\"/>" : "\"/>");
  }
  return xml + "</ofd:Fonts></ofd:Res>";
}

std::string DocumentWriter::document_resources() const {
  std::string xml = open_root("Res", " BaseLoc=\"Res\"") + "<ofd:MultiMedias>";
  for (const Picture& picture : pictures_) {
    xml += "<ofd:MultiMedia ID=\"" + std::to_string(picture.id) + "\" Type=\"Image\" Format=\"" +
           xml_escape(picture.format) + "\"><ofd:MediaFile>" + picture.file +
           "</ofd:MediaFile></ofd:MultiMedia>";
  }
  return xml + "</ofd:MultiMedias></ofd:Res>";
}

void DocumentWriter::put_canvases(Package& package) const {
  for (std::size_t i = 0; i < layouts_.size(); ++i) {
    package.put(numbered("Doc_0/Tpls/Tpl_", i, "/Content.xml"), layouts_[i].content());
  }
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    package.put(numbered("Doc_0/Pages/Page_", i, "/Content.xml"), pages_[i].content());
  }
}

void DocumentWriter::put_tags(Package& package) const {
  const std::string space = xml_escape(tag_name_space_);
  package.put("Doc_0/Tags/CustomTags.xml",
              open_root("CustomTags", "") + "<ofd:CustomTag NameSpace=\"" + space +
                  "\"><ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>");
  std::string xml = std::string(kXmlHead) + "<t:" + tag_root_ + " xmlns:t=\"" + space +
                    "\" xmlns:ofd=\"http://www.ofdspec.org/2016\">";
  for (const FieldTag& tag : tags_) {
    xml += "<t:" + tag.field + ">";
    for (const FieldTag::Object& object : tag.objects) {
      xml += "<ofd:ObjectRef PageRef=\"" + std::to_string(object.page) + "\">" +
             std::to_string(object.object) + "</ofd:ObjectRef>";
    }
    xml += "</t:" + tag.field + ">";
  }
  package.put("Doc_0/Tags/CustomTag.xml", xml + "</t:" + tag_root_ + ">");
}

void DocumentWriter::put_attachments(Package& package) {
  std::string xml = open_root("Attachments", "");
  for (const AttachedFile& file : files_) {
    xml += "<ofd:Attachment ID=\"" + xml_escape(file.id) + "\" Name=\"" + xml_escape(file.name) +
           "\" Format=\"" + xml_escape(file.format) + "\" CreationDate=\"" + info_.created +
           "T00:00:00\" Size=\"" + kilobytes(file.bytes.size()) +
           "\" Visible=\"false\"><ofd:FileLoc>" + xml_escape(file.file) +
           "</ofd:FileLoc></ofd:Attachment>";
  }
  package.put("Doc_0/Attachs/Attachments.xml", xml + "</ofd:Attachments>");
  for (AttachedFile& file : files_) {
    package.put("Doc_0/Attachs/" + file.file, std::move(file.bytes));
  }
}

Package DocumentWriter::finish() {
  Package package;
  package.put("OFD.xml", ofd_xml());
  package.put("Doc_0/Document.xml", document_xml());
  package.put("Doc_0/PublicRes.xml", public_resources());
  if (!pictures_.empty()) package.put("Doc_0/DocumentRes.xml", document_resources());
  put_canvases(package);
  for (Picture& picture : pictures_)
    package.put("Doc_0/Res/" + picture.file, std::move(picture.bytes));
  if (!tags_.empty()) put_tags(package);
  if (!files_.empty()) put_attachments(package);
  return package;
}

}  // namespace certbridge::ofd

#include <charconv>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "certbridge/xml.h"
#include "journal/backup_parts.h"

namespace certbridge::host {
namespace {

constexpr char kName[] = "/manifest.xml";
constexpr char kNamespace[] = "urn:certbridge:backup:1";

Failure damaged(const std::string& folder, const std::string& why) {
  return Failure(
      Error::permanent("journal.backup_damaged", folder + " is no whole backup: " + why));
}

std::uint64_t number_of(const XmlElement& element, const std::string& name,
                        const std::string& folder) {
  const std::string text = element.attribute_or_empty(name);
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) {
    throw damaged(folder, "its manifest has no number `" + name + "`");
  }
  return number;
}

}  // namespace

void write_manifest(const BackupReport& report, const std::string& master_key_id,
                    const std::string& database_digest) {
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  XmlElement element;
  element.name = "backup";
  const auto add = [&](const std::string& name, const std::string& value) {
    XmlAttribute& attribute = element.attributes.emplace_back();
    attribute.name = name;
    attribute.value = value;
  };
  add("xmlns", kNamespace);
  add("made", number(static_cast<std::uint64_t>(report.made.time_since_epoch().count())));
  add("messages", number(report.messages));
  add("content-files", number(report.content_files));
  add("bytes", number(report.bytes));
  add("master-key", master_key_id);
  add("database-sm3", database_digest);
  const std::string part = report.folder + kName + ".part";
  std::ofstream(part) << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      << write_xml(element) << "\n";
  sync_file(part);
  if (std::rename(part.c_str(), (report.folder + kName).c_str()) != 0) {
    throw Failure(Error::permanent("journal.failed", part + " cannot be renamed"));
  }
  sync_folder(report.folder);
}

BackupManifest read_manifest(const std::string& folder) {
  std::ifstream in(folder + kName);
  if (!in) throw damaged(folder, "it has no manifest.xml");
  std::ostringstream text;
  text << in.rdbuf();
  const auto parsed = parse_xml(text.str(), folder + kName, XmlLimits{});
  if (!parsed) throw damaged(folder, parsed.error().message);
  const XmlElement& element = parsed.value();
  if (element.name != "backup" || element.name_space != kNamespace) {
    throw damaged(folder, "manifest.xml is not one of this program");
  }
  BackupManifest manifest;
  manifest.report.folder = folder;
  manifest.report.made = Timestamp(
      std::chrono::milliseconds(static_cast<std::int64_t>(number_of(element, "made", folder))));
  manifest.report.messages = number_of(element, "messages", folder);
  manifest.report.content_files = number_of(element, "content-files", folder);
  manifest.report.bytes = number_of(element, "bytes", folder);
  manifest.master_key_id = element.attribute_or_empty("master-key");
  manifest.database_digest = element.attribute_or_empty("database-sm3");
  return manifest;
}

}  // namespace certbridge::host

#include "archive/case_package.h"

#include <boost/json.hpp>

#include "archive/print_page.h"
#include "archive/record_json.h"
#include "archive/ustar.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

std::string folder_of_use(std::size_t index, const KeptUse& use) {
  return "uses/" + std::to_string(index + 1) + "-" + std::to_string(use.place.number) + "/";
}

std::string received_path(const std::string& folder, std::size_t index) {
  return folder + "received-" + std::to_string(index + 1) + ".xml";
}

// `name` is "file" or "copy".
std::string file_path(const std::string& folder, const char* name, const Attachment& file) {
  const char* ending = file.media_type == "application/ofd"   ? ".ofd"
                       : file.media_type == "application/pdf" ? ".pdf"
                                                              : ".bin";
  return folder + name + ending;
}

boost::json::object file_json(const std::string& folder, const char* name, const Attachment& file) {
  return {{"path", file_path(folder, name, file)},
          {"mediaType", file.media_type},
          {"bytes", file.size},
          {"sm3", to_hex(file.digest)}};
}

boost::json::object certificate_json(const std::string& path, const UsedCertificate& used) {
  boost::json::object json;
  json["received"] = path;
  json["source"] = used.source;
  if (used.as_of) json["asOf"] = to_iso8601(*used.as_of);
  json["type"] = used.found.type_code;
  json["number"] = used.found.number;
  json["identifier"] = used.found.identifier;
  json["status"] = used.found.status.empty() ? "unknown" : used.found.status;
  json["said"] = used.found.said;
  return json;
}

boost::json::object use_json(const std::string& folder, const KeptUse& use) {
  boost::json::object json;
  json["record"] = record_json(use.place, use.record);
  boost::json::array certificates;
  for (std::size_t i = 0; i < use.certificates.size(); ++i) {
    certificates.push_back(certificate_json(received_path(folder, i), use.certificates[i]));
  }
  json["certificates"] = std::move(certificates);
  if (use.missing) json["missing"] = true;
  if (!use.answer.empty()) json["answer"] = folder + "answer.part";
  if (use.file) json["file"] = file_json(folder, "file", *use.file);
  if (use.copy) json["copy"] = file_json(folder, "copy", *use.copy);
  return json;
}

void print_use(const KeptUse& use, PrintPage& page) {
  const AccessRecord& record = use.record;
  page.heading("访问记录 " + std::to_string(use.place.number));
  page.facts({{"种类", to_text(record.kind)},
              {"时间", to_iso8601(record.asked)},
              {"使用单位", record.unit},
              {"系统", record.system},
              {"经办人", record.person},
              {"用途", record.purpose},
              {"判定", record.code},
              {"结果", record.result},
              {"记录摘要 SM3", to_hex(use.place.hash)}});
  if (use.missing) page.line("本次使用的内容缺失：有访问记录，未留存所用证照。");
  for (const UsedCertificate& used : use.certificates) {
    page.facts({{"来源", used.source},
                {"证照类型", used.found.type_name},
                {"使用时状态", used.found.status.empty() ? "unknown" : used.found.status},
                {"来源所称状态", used.found.said},
                {"数据时间", used.as_of ? to_iso8601(*used.as_of) : std::string()}});
  }
  if (!use.answer.empty()) page.facts(rows_of_members(use.answer));
  if (use.file) {
    page.facts({{"文件", std::to_string(use.file->size) + " bytes"},
                {"文件摘要 SM3", to_hex(use.file->digest)}});
  }
  if (use.copy) page.facts({{"加注件摘要 SM3", to_hex(use.copy->digest)}});
}

std::string print_form(const PackageManifest& head, const std::vector<KeptUse>& uses) {
  PrintPage page("业务 " + head.subject + " 使用的电子证照");
  page.facts({{"制作单位节点", head.node},
              {"制作时间", to_iso8601(head.made)},
              {"制作的访问记录", std::to_string(head.record)}});
  if (uses.empty()) page.line("本业务未使用电子证照。");
  for (const KeptUse& use : uses) print_use(use, page);
  return page.finish();
}

Result<void> add_use(const std::string& folder, const KeptUse& use, PackageWriter& package) {
  for (std::size_t i = 0; i < use.certificates.size(); ++i) {
    const UsedCertificate& used = use.certificates[i];
    if (auto added = package.add_text(received_path(folder, i),
                                      write_find_answer({{used.found}, used.as_of}));
        !added) {
      return added;
    }
  }
  if (!use.answer.empty()) {
    if (auto added = package.add_text(folder + "answer.part", use.answer); !added) return added;
  }
  if (use.file) {
    if (auto added = package.add_content(file_path(folder, "file", *use.file), *use.file->content);
        !added) {
      return added;
    }
  }
  return use.copy ? package.add_content(file_path(folder, "copy", *use.copy), *use.copy->content)
                  : Result<void>{};
}

}  // namespace

Result<void> write_case_contents(const PackageManifest& head, const std::vector<KeptUse>& uses,
                                 PackageWriter& package) {
  boost::json::object account;
  account["case"] = head.subject;
  boost::json::array all;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    all.push_back(use_json(folder_of_use(i, uses[i]), uses[i]));
  }
  account["uses"] = std::move(all);
  if (auto added = package.add_text("case.json", boost::json::serialize(account)); !added) {
    return added;
  }
  if (auto added = package.add_text("print.html", print_form(head, uses)); !added) return added;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    if (auto added = add_use(folder_of_use(i, uses[i]), uses[i], package); !added) return added;
  }
  return {};
}

Result<void> seal_case(const PackageManifest& head, const SignatureKey& key,
                       const std::vector<KeptUse>& uses, ContentWriter& into) {
  return seal_package(
      head, key,
      [&into](std::string_view bytes) { return into.write(std::as_bytes(std::span(bytes))); },
      [&uses](const PackageManifest& whole, PackageWriter& package) {
        return write_case_contents(whole, uses, package);
      });
}

}  // namespace certbridge::host

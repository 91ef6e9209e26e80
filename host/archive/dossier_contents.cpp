// A dossier as files: the account, the print form, and what was carried.
#include <boost/json.hpp>

#include "archive/dossier.h"
#include "archive/print_page.h"
#include "archive/record_json.h"
#include "archive/status_history.h"
#include "archive/ustar.h"
#include "certbridge/life.h"
#include "observe/clock.h"

namespace certbridge::host {
namespace {

using boost::json::object;

std::string folder_of_message(const StoredMessage& stored) {
  return "messages/" + stored.message.id + "/";
}

// Names of attachments are the plugins'.
std::string attachment_path(const StoredMessage& stored, std::size_t index) {
  const std::string folder = folder_of_message(stored) + "attachments/";
  const std::string path = folder + stored.message.attachments[index].name;
  return is_package_path(path) ? path : folder + std::to_string(index + 1);
}

std::string body_path(const StoredMessage& stored) {
  const std::string& type = stored.message.media_type;
  const bool xml = type.ends_with("xml"), json = type.ends_with("json");
  return folder_of_message(stored) + (xml ? "body.xml" : json ? "body.json" : "body.bin");
}

// Bodies that ended long ago were dropped; what is left of them is their digest in the account.
bool is_there(const std::shared_ptr<const Content>& content) {
  if (content == nullptr) return false;
  std::byte first{};
  return content->size() == 0 || content->read(0, {&first, 1}).ok();
}

object error_json(const std::string& code, const std::string& message) {
  return {{"code", code}, {"message", message}};
}

object step_json(const TraceEntry& entry) {
  return {{"when", to_iso8601(entry.when)},
          {"step", entry.step},
          {"outcome", entry.outcome},
          {"text", entry.text},
          {"microseconds", entry.took.count()}};
}

object receipt_json(const Receipt& receipt) {
  object json{{"state", receipt.state == Receipt::State::kOpen ? "open" : "settled"},
              {"remoteId", receipt.remote_id},
              {"correlation", receipt.correlation},
              {"when", to_iso8601(receipt.when)}};
  if (receipt.expected_by) json["expectedBy"] = to_iso8601(*receipt.expected_by);
  return json;
}

object delivery_json(const StoredDelivery& delivery) {
  object json{{"name", delivery.name},         {"endpoint", delivery.endpoint},
              {"route", delivery.route},       {"state", to_text(delivery.state)},
              {"attempts", delivery.attempts}, {"changed", to_iso8601(delivery.changed)}};
  if (delivery.last_attempt) json["lastAttempt"] = to_iso8601(*delivery.last_attempt);
  if (delivery.receipt) json["receipt"] = receipt_json(*delivery.receipt);
  if (!delivery.error_code.empty()) {
    json["error"] = error_json(delivery.error_code, delivery.error_message);
  }
  return json;
}

object attachment_json(const StoredMessage& stored, std::size_t index) {
  const Attachment& attachment = stored.message.attachments[index];
  object json{{"name", attachment.name},
              {"mediaType", attachment.media_type},
              {"bytes", attachment.size},
              {"sm3", to_hex(attachment.digest)}};
  if (is_there(attachment.content)) json["path"] = attachment_path(stored, index);
  return json;
}

template <class Value, class Function>
boost::json::array array_of(const std::vector<Value>& values, Function function) {
  boost::json::array array;
  for (const Value& value : values) array.emplace_back(function(value));
  return array;
}

object message_json(const DossierMessage& message) {
  const StoredMessage& stored = message.stored;
  object json{{"id", stored.message.id},
              {"type", stored.message.type},
              {"state", to_text(stored.state)},
              {"source", stored.source},
              {"parent", stored.parent},
              {"route", stored.route},
              {"area", stored.message.area},
              {"accepted", to_iso8601(stored.message.created)},
              {"changed", to_iso8601(stored.changed)}};
  if (!stored.error_code.empty())
    json["error"] = error_json(stored.error_code, stored.error_message);
  object headers;
  for (const auto& [name, value] : stored.message.headers) headers[name] = value;
  json["headers"] = std::move(headers);
  if (is_there(stored.message.body)) json["body"] = body_path(stored);
  boost::json::array attachments;
  for (std::size_t i = 0; i < stored.message.attachments.size(); ++i) {
    attachments.push_back(attachment_json(stored, i));
  }
  json["attachments"] = std::move(attachments);
  json["sealVerdicts"] =
      array_of(stored.gate_verdicts, [](const Sm3Digest& digest) { return to_hex(digest); });
  json["steps"] = array_of(message.trace, step_json);
  json["deliveries"] = array_of(message.deliveries, delivery_json);
  return json;
}

object registered_json(const RegisteredCertificate& registered, const std::string& path) {
  return {{"number", registered.life.number},
          {"type", registered.life.type_code},
          {"identifier", registered.life.identifier},
          {"issuer", registered.life.issuer_code},
          {"version", registered.version},
          {"word", registered.life.word},
          {"changes", registered.revision},
          {"record", path}};
}

object status_json(const StatusRow& row) {
  return {{"message", row.message},
          {"entered", to_iso8601(row.entered)},
          {"occurred", row.occurred},
          {"event", row.event},
          {"effect", row.effect},
          {"word", row.word},
          {"before", row.before},
          {"reason", row.reason},
          {"restriction", row.restriction},
          {"case", row.case_no},
          {"told", array_of(row.told, [](const ToldStatus& told) {
             return object{{"endpoint", told.endpoint},
                           {"state", told.state},
                           {"changed", to_iso8601(told.changed)}};
           })}};
}

void print_history(const Dossier& dossier, PrintPage& page) {
  std::vector<std::vector<std::string>> rows{
      {"发生时间", "登记时间", "事件", "结果", "状态", "原因", "限制", "业务"}};
  for (const StatusRow& row : status_history(dossier)) {
    rows.push_back({row.occurred, to_iso8601(row.entered), row.event, row.effect, row.word,
                    row.reason, row.restriction, row.case_no});
  }
  if (rows.size() == 1) return;
  page.heading("状态历史");
  page.table(rows);
}

std::string register_path(std::size_t index) {
  return "register/" + std::to_string(index + 1) + ".xml";
}

object access_json(const ReadAccess& access) {
  object json = record_json(access.place, access.record);
  json["written"] = to_iso8601(access.written);
  if (access.who_is_gone) json["whoIsGone"] = true;
  if (access.about_is_gone) json["aboutIsGone"] = true;
  return json;
}

std::string account_of(const PackageManifest& head, const Dossier& dossier) {
  object account;
  account["certificate"] = head.subject;
  boost::json::array registered;
  for (std::size_t i = 0; i < dossier.registered.size(); ++i) {
    registered.push_back(registered_json(dossier.registered[i], register_path(i)));
  }
  account["register"] = std::move(registered);
  account["statusHistory"] = array_of(status_history(dossier), status_json);
  account["messages"] = array_of(dossier.messages, message_json);
  account["accesses"] = array_of(dossier.accesses, access_json);
  return boost::json::serialize(account);
}

void print_message(const DossierMessage& message, PrintPage& page) {
  const StoredMessage& stored = message.stored;
  page.heading(stored.message.id + " " + stored.message.type);
  page.facts({{"状态", to_text(stored.state)},
              {"接收", to_iso8601(stored.message.created)},
              {"变更", to_iso8601(stored.changed)},
              {"原因", stored.error_code}});
  std::vector<std::vector<std::string>> steps{{"时间", "步骤", "结果", "说明"}};
  for (const TraceEntry& entry : message.trace) {
    steps.push_back({to_iso8601(entry.when), entry.step, entry.outcome, entry.text});
  }
  if (steps.size() > 1) page.table(steps);
  std::vector<std::vector<std::string>> deliveries{{"投递", "对接方", "状态", "回执"}};
  for (const StoredDelivery& delivery : message.deliveries) {
    deliveries.push_back({delivery.name, delivery.endpoint, to_text(delivery.state),
                          delivery.receipt ? delivery.receipt->remote_id : delivery.error_code});
  }
  if (deliveries.size() > 1) page.table(deliveries);
}

void print_accesses(const std::vector<ReadAccess>& accesses, PrintPage& page) {
  if (accesses.empty()) return;
  page.heading("访问记录");
  std::vector<std::vector<std::string>> rows{
      {"编号", "时间", "种类", "单位", "经办人", "依据", "用途", "判定", "结果"}};
  for (const ReadAccess& access : accesses) {
    const AccessRecord& record = access.record;
    rows.push_back({std::to_string(access.place.number), to_iso8601(record.asked),
                    to_text(record.kind), record.unit, record.person,
                    record.ground_kind + " " + record.ground, record.purpose, record.code,
                    record.result});
  }
  page.table(rows);
}

std::string print_form_of(const PackageManifest& head, const Dossier& dossier) {
  PrintPage page("证照 " + head.subject + " 档案");
  page.facts({{"制作单位节点", head.node},
              {"制作时间", to_iso8601(head.made)},
              {"制作的访问记录", std::to_string(head.record)}});
  for (const RegisteredCertificate& registered : dossier.registered) {
    page.facts({{"证照标识", registered.life.identifier},
                {"版本", std::to_string(registered.version)},
                {"状态", registered.life.word}});
  }
  print_history(dossier, page);
  for (const DossierMessage& message : dossier.messages) print_message(message, page);
  print_accesses(dossier.accesses, page);
  return page.finish();
}

Result<void> add_message(const StoredMessage& stored, PackageWriter& package) {
  if (is_there(stored.message.body)) {
    if (auto added = package.add_content(body_path(stored), *stored.message.body); !added) {
      return added;
    }
  }
  for (std::size_t i = 0; i < stored.message.attachments.size(); ++i) {
    const auto& content = stored.message.attachments[i].content;
    if (!is_there(content)) continue;
    if (auto added = package.add_content(attachment_path(stored, i), *content); !added) {
      return added;
    }
  }
  return {};
}

}  // namespace

Result<void> write_dossier_contents(const PackageManifest& head, const Dossier& dossier,
                                    PackageWriter& package) {
  if (auto added = package.add_text("certificate.json", account_of(head, dossier)); !added) {
    return added;
  }
  if (auto added = package.add_text("print.html", print_form_of(head, dossier)); !added) {
    return added;
  }
  for (std::size_t i = 0; i < dossier.registered.size(); ++i) {
    const std::string record = write_life_record(dossier.registered[i].life);
    if (auto added = package.add_text(register_path(i), record); !added) return added;
  }
  for (const DossierMessage& message : dossier.messages) {
    if (auto added = add_message(message.stored, package); !added) return added;
  }
  return {};
}

}  // namespace certbridge::host

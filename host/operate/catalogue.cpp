// The catalogue of certificate types that are issued here: what its files say, which types wait
// where, and what counterparts publish otherwise.
#include "catalogue/catalogue_files.h"
#include "journal/type_lane.h"
#include "observe/clock.h"
#include "operate/face_schedule.h"
#include "operate/operation_lists.h"
#include "operate/parts.h"

namespace certbridge::host {
namespace {

// As the files are now: what is wrong in them is said by `certbridge check` as well.
Result<OwnTypes> types_of(const OperationCall& call) {
  const CatalogueConfig& config = call.services.configuration.catalogue;
  if (!config.given) {
    return Error::permanent("catalogue.missing",
                            "the configuration has no <catalogue> of certificate types");
  }
  ConfigurationErrors errors;
  auto types = read_own_types(config.types_folder, errors);
  if (types) return std::move(*types);
  return Error::permanent("catalogue.refused", to_text(errors.front()));
}

std::string validity_text(const TypeVersion& version) {
  const std::string years = version.years > 0 ? " " + std::to_string(version.years) : std::string();
  return to_word(version.validity) + years;
}
std::string several_text(bool several) { return several ? "several" : "one"; }

AnswerTable version_table(const CertificateType& type, Timestamp now) {
  AnswerTable table{"versions",
                    {"version", "state", "effective", "in force", "holders", "together",
                     "of one holder", "validity", "template", "sharing"},
                    {}};
  const int in_force = type.in_force(now).number;
  for (const TypeVersion& one : type.versions) {
    table.rows.push_back({std::int64_t{one.number}, to_word(one.state), time_field(one.effective),
                          one.number == in_force, to_word(one.holders),
                          several_text(one.several_holders), several_text(one.several_instances),
                          validity_text(one), one.template_name, to_word(one.sharing)});
  }
  return table;
}

// Units, items, fields and what else there is of one version.
std::vector<AnswerTable> part_tables(const TypeVersion& version) {
  AnswerTable units{"units", {"code", "name"}, {}};
  for (const TypeUnit& one : version.units) units.rows.push_back({one.code, one.name});
  AnswerTable items{"items", {"code", "name"}, {}};
  for (const TypeItem& one : version.items) items.rows.push_back({one.code, one.name});
  AnswerTable fields{"fields", {"name", "label", "required"}, {}};
  for (const TypeField& one : version.face) {
    fields.rows.push_back({one.name, one.label, one.required});
  }
  AnswerTable other{"other", {"name", "value"}, {}};
  for (const TypeProperty& one : version.other) other.rows.push_back({one.name, one.value});
  return {std::move(units), std::move(items), std::move(fields), std::move(other)};
}

OperationAnswer answer_of(const FaceReport& report) {
  OperationAnswer answer;
  answer.values = {{"fetched", time_field(report.when)},
                   {"differences", count_field(report.differences.size())}};
  AnswerTable asked{"asked", {"endpoint", "type", "version", "outcome"}, {}};
  for (const FaceAsked& one : report.asked) {
    asked.rows.push_back({one.endpoint, one.type, one.version, one.outcome});
  }
  AnswerTable differences{
      "differences", {"endpoint", "type", "field", "difference", "here", "there"}, {}};
  for (const FaceDifference& one : report.differences) {
    differences.rows.push_back({one.endpoint, one.type, one.field, one.what, one.here, one.there});
  }
  answer.tables = {std::move(asked), std::move(differences)};
  return answer;
}

Result<OperationAnswer> list_types(const OperationCall& call) {
  const auto types = types_of(call);
  if (!types) return types.error();
  OperationAnswer answer;
  AnswerTable table{
      "types", {"type", "name", "versions", "in force", "state", "effective", "fields"}, {}};
  for (const CertificateType& type : types.value().all()) {
    const TypeVersion& version = type.in_force(call.services.clock.now());
    table.rows.push_back({type.code, type.name, count_field(type.versions.size()),
                          std::int64_t{version.number}, to_word(version.state),
                          time_field(version.effective), count_field(version.face.size())});
  }
  answer.tables.push_back(std::move(table));
  return answer;
}

Result<OperationAnswer> show_type(const OperationCall& call) {
  const auto types = types_of(call);
  if (!types) return types.error();
  const CertificateType* type = types.value().by_code(call.text("type"));
  if (type == nullptr) {
    return Error::permanent("catalogue.unknown_type",
                            "the catalogue has no certificate type `" + call.text("type") + "`");
  }
  const auto number =
      static_cast<int>(call.number("version", type->in_force(call.services.clock.now()).number));
  const TypeVersion* version = type->version(number);
  if (version == nullptr) {
    return Error::permanent("operate.parameter",
                            "version: the type has no version " + std::to_string(number));
  }
  OperationAnswer answer;
  answer.values = {{"type", type->code},
                   {"name", type->name},
                   {"file", type->file},
                   {"shown", std::int64_t{number}}};
  answer.tables = part_tables(*version);
  answer.tables.insert(answer.tables.begin(), version_table(*type, call.services.clock.now()));
  return answer;
}

Result<OperationAnswer> list_type_lanes(const OperationCall& call) {
  const auto lanes = call.services.store.type_lanes().lanes();
  if (!lanes) return lanes.error();
  OperationAnswer answer;
  AnswerTable table{"lanes",
                    {"endpoint", "type", "version", "cause", "since", "waiting", "next probe",
                     "probes", "reason"},
                    {}};
  for (const TypeLane& one : lanes.value()) {
    table.rows.push_back(
        {one.name.endpoint, one.name.type,
         one.name.version == 0 ? std::string("any") : std::to_string(one.name.version),
         to_text(one.cause), time_field(one.since), count_field(one.waiting),
         one.next_probe ? time_field(*one.next_probe) : Field(std::string()),
         std::int64_t{one.probes}, one.reason});
  }
  answer.tables.push_back(std::move(table));
  return answer;
}

Result<OperationAnswer> list_face_differences(const OperationCall& call) {
  if (!call.flag("now")) {
    const auto last = last_faces(call.services.store);
    if (last) return answer_of(*last);
    return Error::permanent("catalogue.not_fetched",
                            "nothing was fetched yet; the running host does it in the hours of "
                            "<catalogue>, or now with `certbridge catalogue faces --now yes`");
  }
  if (call.services.faces == nullptr) {
    return Error::permanent("catalogue.no_host",
                            "published fields are fetched by the running host: start it with "
                            "`certbridge run`");
  }
  const auto found = call.services.faces->fetch();
  if (!found) return found.error();
  return answer_of(found.value());
}

}  // namespace

std::vector<Operation> catalogue_operations() {
  return {
      {"catalogue",
       "list",
       Effect::kReads,
       kLookers,
       "the types of certificates that are issued here, as their files are now",
       {},
       &list_types},
      {"catalogue",
       "show",
       Effect::kReads,
       kLookers,
       "one type with its versions, and all of one version",
       {{"type", ParameterType::kText, true, true, "its type code"},
        {"version", ParameterType::kNumber, false, false,
         "its number; that in force when not given"}},
       &show_type},
      {"catalogue",
       "lanes",
       Effect::kReads,
       kLookers,
       "types whose certificates wait for approval or registration, and where",
       {},
       &list_type_lanes},
      {"catalogue",
       "faces",
       Effect::kReads,
       kLookers,
       "what counterparts publish of our types' faces otherwise than we do",
       {{"now", ParameterType::kFlag, false, false,
         "yes: ask them now, instead of what was found last"}},
       &list_face_differences},
  };
}

}  // namespace certbridge::host

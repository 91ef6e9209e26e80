// The step <type-version>: a certificate is made by the version of its type that is in force when
// it is booked, and by no other from then on.
#include "engine/step_run.h"
#include "engine/type_catalogue.h"

namespace certbridge::host {
namespace {

// When it was booked; else the first moment of the day of issue, else when the event came.
Timestamp booked_at(const Message& message) {
  if (const auto booked = parse_message_time(header_of(message, "booked-at"))) return *booked;
  const auto day = parse_message_time(header_of(message, "issued-on") + "T00:00:00");
  return day.value_or(message.created);
}

Error unknown_type(const std::string& code) {
  return Error::permanent("catalogue.unknown_type",
                          "the catalogue has no certificate type `" + code +
                              "`; add its file to the folder of types, or mend the mapping");
}

}  // namespace

// Nothing about a message that names no type, as a change of a number of an older form.
StepRun::Group StepRun::type_version(const CompiledStep& step, Travelling one) {
  const auto began = services_.clock.steady();
  const std::string code = header_of(one.message, "type-code");
  Group group;
  if (!code.empty()) {
    if (services_.types == nullptr) {
      return fail(*step.step, one.message,
                  Error::fault("catalogue.missing", "the host has no catalogue of types"));
    }
    const auto types = services_.types->types();
    const CertificateType* type = types->by_code(code);
    if (type == nullptr) return fail(*step.step, one.message, unknown_type(code));
    const TypeVersion& version = type->in_force(booked_at(one.message));
    one.message.headers["type-version"] = std::to_string(version.number);
    one.message.headers["type-name"] = type->name;
    one.message.headers["template"] = version.template_name;
    trace(*step.step, one.message, "ok", "version " + std::to_string(version.number), began);
  }
  group.push_back(std::move(one));
  return group;
}

}  // namespace certbridge::host

#include "report.h"

#include <algorithm>
#include <boost/json.hpp>

#include "certbridge_sm/der.h"

namespace certbridge::seal_service {
namespace {

// "seal.revocation.unknown" is a failure of the check "revocation".
std::string_view check_of(std::string_view code) {
  code.remove_prefix(std::min(code.find('.'), code.size() - 1) + 1);
  return code.substr(0, code.find('.'));
}

// How much an outcome says when a check has several.
int weight_of(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::kFailed:
      return 4;
    case CheckOutcome::kNotMade:
      return 3;
    case CheckOutcome::kWarning:
      return 2;
    case CheckOutcome::kPassed:
      return 1;
    case CheckOutcome::kNotReached:
      return 0;
  }
  return 0;
}

std::string_view name_of(CheckOutcome outcome) {
  switch (outcome) {
    case CheckOutcome::kPassed:
      return "passed";
    case CheckOutcome::kWarning:
      return "warning";
    case CheckOutcome::kFailed:
      return "failed";
    case CheckOutcome::kNotMade:
      return "not-made";
    case CheckOutcome::kNotReached:
      return "not-reached";
  }
  return "not-reached";
}

std::string time_text(Timestamp time) {
  const std::string t = sm::der::format_generalized_time(time);  // YYYYMMDDHHMMSSZ
  return t.substr(0, 4) + "-" + t.substr(4, 2) + "-" + t.substr(6, 2) + "T" + t.substr(8, 2) + ":" +
         t.substr(10, 2) + ":" + t.substr(12, 3);
}

std::string_view meaning_of(std::string_view name) {
  for (const CheckName& known : check_names()) {
    if (known.name == name) return known.meaning;
  }
  return {};
}

boost::json::object write_seal(const SealFacts& seal) {
  return {{"seal", seal.seal_id},
          {"name", seal.seal_name},
          {"signer", seal.signer},
          {"signer-serial", seal.signer_serial},
          {"maker", seal.maker},
          {"sealed-at", time_text(seal.sealed_at)},
          {"seal-valid-from", time_text(seal.valid_from)},
          {"seal-valid-until", time_text(seal.valid_until)},
          {"closed", seal.closed}};
}

}  // namespace

std::string_view Report::verdict() const {
  if (!failure) return "valid";
  return failure->severity == Severity::kPermanent ? "invalid" : "undecided";
}

std::string Report::not_made() const {
  std::string names;
  for (const Check& check : checks) {
    if (check.outcome != CheckOutcome::kNotMade) continue;
    names += (names.empty() ? "" : ",") + check.name;
  }
  return names;
}

void Report::note(std::string_view name, CheckOutcome outcome, const std::string& detail) {
  const auto known =
      std::find_if(checks.begin(), checks.end(), [&](const Check& c) { return c.name == name; });
  if (known == checks.end()) {
    checks.push_back({std::string(name), outcome, detail});
  } else if (weight_of(outcome) > weight_of(known->outcome)) {
    known->outcome = outcome;
    known->detail = detail;
  }
}

void Report::pass(std::string_view name) { note(name, CheckOutcome::kPassed, {}); }

void Report::warn(std::string_view name, const std::string& detail) {
  note(name, CheckOutcome::kWarning, detail);
}

void Report::leave_out(std::string_view name, const std::string& why) {
  note(name, CheckOutcome::kNotMade, why);
}

void Report::fail(const Error& error) {
  if (failure) return;
  failure = error;
  note(check_of(error.code), CheckOutcome::kFailed, error.message);
}

void Report::finish() {
  std::vector<Check> ordered;
  for (const CheckName& known : check_names()) {
    const auto found = std::find_if(checks.begin(), checks.end(),
                                    [&](const Check& c) { return c.name == known.name; });
    ordered.push_back(found == checks.end()
                          ? Check{std::string(known.name), CheckOutcome::kNotReached, {}}
                          : *found);
  }
  checks = std::move(ordered);
}

std::string write_report(const Report& report) {
  boost::json::array checks;
  for (const Check& check : report.checks) {
    boost::json::object one{{"check", check.name}, {"outcome", name_of(check.outcome)}};
    one["meaning"] = meaning_of(check.name);
    if (!check.detail.empty()) one["detail"] = check.detail;
    checks.push_back(std::move(one));
  }
  boost::json::array seals;
  for (const SealFacts& seal : report.seals) seals.push_back(write_seal(seal));
  boost::json::object whole{{"verdict", report.verdict()}};
  if (report.failure) {
    whole["code"] = report.failure->code;
    whole["message"] = report.failure->message;
  }
  whole["identifier"] = report.identifier;
  whole["seals"] = std::move(seals);
  whole["checks"] = std::move(checks);
  return boost::json::serialize(whole);
}

const std::vector<CheckName>& check_names() {
  static const std::vector<CheckName> kNames{
      {"package", "the package is a readable ZIP file without two files of one name"},
      {"xml", "its XML files are well-formed"},
      {"reachable", "the package holds every file that the document leads to, and no other"},
      {"missing", "the file is sealed"},
      {"stripped", "no signature was cut off"},
      {"signatures", "the list of signatures can be read"},
      {"signature_file", "Signature.xml can be read"},
      {"algorithm", "digests are SM3 and signatures SM2 with SM3"},
      {"version", "the seal is of version 4"},
      {"shape", "seal and signature are strict DER of the standard's structures"},
      {"signature", "the signer signed seal, time, digest and path"},
      {"signer_listed", "the signer's certificate is in the seal's list"},
      {"maker_signature", "the seal maker signed the seal"},
      {"key_usage", "signer and maker may sign"},
      {"chain", "signer and maker have chains to a trust anchor"},
      {"certificate_validity", "the certificates were valid at the time of sealing"},
      {"seal_validity", "the seal was valid at the time of sealing"},
      {"time", "the time of sealing is not in the future"},
      {"revocation", "no certificate is on a fresh revocation list of its issuer"},
      {"time_stamp", "there is no time stamp that could not be checked"},
      {"property_info", "the signature is of this Signature.xml"},
      {"data_hash", "Signature.xml is as it was signed"},
      {"reference", "every protected file is as it was signed, and named once"},
      {"coverage", "every file of the package is protected"},
      {"seal_file", "Seal.esl is the seal inside of the signature"},
      {"stamp", "the stamps are on pages of the document"},
  };
  return kNames;
}

}  // namespace certbridge::seal_service

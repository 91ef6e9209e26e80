#include "access/policy/decision_codes.h"

#include <array>

namespace certbridge::host {
namespace {

constexpr std::array kDecisionCodes{
    DecisionCode{kUnfitInputs,
                 "The request, or what is known of the case, is too long or holds characters that "
                 "no record can keep."},
    DecisionCode{"deny.system", "This system is barred from all certificates."},
    DecisionCode{"deny.person", "This person is barred from all certificates."},
    DecisionCode{"deny.unit", "This unit is barred from all certificates."},
    DecisionCode{"deny.type", "Certificates of this type are given to nobody."},
    DecisionCode{"ground.unknown", "There is no such ground."},
    DecisionCode{"ground.not_begun", "This ground is not in force yet."},
    DecisionCode{"ground.ended", "This ground is no longer in force."},
    DecisionCode{"ground.office_hours", "On this ground nothing is given outside office hours."},
    DecisionCode{"access.not_allowed", "This ground does not allow this kind of access."},
    DecisionCode{"purpose.unknown", "There is no such purpose."},
    DecisionCode{"purpose.not_allowed", "This ground does not serve this purpose."},
    DecisionCode{"original.not_allowed",
                 "For this purpose an annotated copy is given, not the file itself."},
    DecisionCode{"subject.missing",
                 "The request names no holder with his number, and no certificate."},
    DecisionCode{"system.not_allowed", "This system may not use this ground."},
    DecisionCode{"unit.not_allowed", "This unit may not use this ground."},
    DecisionCode{"person.missing", "This ground needs a person, and the request names none."},
    DecisionCode{"person.issuer", "Persons of this issuer may not use this ground."},
    DecisionCode{"role.not_held",
                 "The person does not have the role under which the request is made."},
    DecisionCode{"person.level",
                 "The person has not proved himself strongly enough for this ground."},
    DecisionCode{"authorisation.needed", "This ground is used by authorisation only."},
    DecisionCode{"role.not_allowed", "This ground is not the duty of this role."},
    DecisionCode{"authorisation.not_taken", "This ground is used by duty only."},
    DecisionCode{"authorisation.unknown", "There is no such authorisation."},
    DecisionCode{"authorisation.of_others", "The authorisation was given to others."},
    DecisionCode{"authorisation.not_begun", "The authorisation is not in force yet."},
    DecisionCode{"authorisation.expired", "The authorisation has expired."},
    DecisionCode{"authorisation.scope",
                 "The authorisation covers another ground, purpose or type."},
    DecisionCode{"reason.missing", "This ground needs the reason for which it is used."},
    DecisionCode{"number.missing", "The number of the case, order or document is missing."},
    DecisionCode{"number.form", "The number of the order or document does not have its form."},
    DecisionCode{"case.unavailable", "The registration system could not be asked about the case."},
    DecisionCode{"case.unknown", "The registration system knows no such case."},
    DecisionCode{"case.other", "What the registration system said is about another case."},
    DecisionCode{"case.provisional",
                 "The case is not accepted, and this ground needs one that is."},
    DecisionCode{"case.provisional_expired",
                 "The provisional number did not become a case in time."},
    DecisionCode{"case.closed", "The case is not open."},
    DecisionCode{"case.unit", "Another unit handles the case."},
    DecisionCode{"case.handler", "The person does not handle the case."},
    DecisionCode{"holder.missing", "This ground needs the holder who is asked about."},
    DecisionCode{"holder.no_party",
                 "The holder is no party of the case, or not in a role that counts."},
    DecisionCode{"holder.not_himself", "On this ground a holder asks about himself only."},
    DecisionCode{"type.not_allowed", "This ground does not cover these types."},
    DecisionCode{"type.no_material", "These types are not among the materials of the case's item."},
    DecisionCode{"uses.unknown", "It could not be counted how often the number was used already."},
    DecisionCode{"uses.exhausted", "The number was used as often as this ground allows."},
    DecisionCode{kAllowedCode, "Allowed."},
};

constexpr std::array kLimitCodes{
    DecisionCode{"limit.person_requests", "The person asks more often than a minute allows."},
    DecisionCode{"limit.system_requests", "The system asks more often than a minute allows."},
    DecisionCode{"limit.person_holders",
                 "The person has asked about as many holders as a day allows."},
    DecisionCode{"limit.system_holders",
                 "The system has asked about as many holders as a day allows."},
    DecisionCode{"limit.memory", "More persons and holders ask at once than can be counted."},
};

}  // namespace

std::span<const DecisionCode> decision_codes() { return kDecisionCodes; }
std::span<const DecisionCode> limit_codes() { return kLimitCodes; }

std::string sentence_of(std::string_view code) {
  for (const auto codes : {decision_codes(), limit_codes()}) {
    for (const DecisionCode& one : codes) {
      if (one.code == code) return std::string(one.sentence);
    }
  }
  return {};
}

}  // namespace certbridge::host

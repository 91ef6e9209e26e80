#include "certbridge/validation.h"

namespace certbridge {

const std::map<std::string, std::string, std::less<>>& known_rules() {
  static const std::map<std::string, std::string, std::less<>> kRules{
      {"citizen.born", "nobody is born after today"},
      {"dates.order", "issued not after today, effective not after expiring"},
      {"face.complete", "term and circumstances stand on the face"},
      {"face.required", "location, right, nature, use and area stand on the face"},
      {"holder.distinct", "no holder stands twice"},
      {"holder.present", "a certificate has a holder"},
      {"holding.holders", "held solely means one holder"},
      {"identifier.matches", "the identifier names this certificate's type and issuer"},
      {"issuer.listed", "code, name and area are those of one issuer of issuers.xml"},
      {"issuer.number-word", "province and place in the number are the issuer's"},
      {"number.kind", "title number with title type code, proof number with proof type code"},
      {"number.strict", "the number is written as the template prints it"},
      {"number.void-mark", "the number bears no mark of a voided one"},
      {"number.year", "the year in the number is the year of issue"},
      {"number.year-turn", "the year differs by one at the turn of the year"},
      {"obligor.present", "a mortgage proof names an obligor"},
      {"organisation.inner-check", "the organisation code inside a credit code checks"},
      {"right.current", "only a current right is certified"},
      {"shares.given", "held by shares means that every holder has one"},
      {"shares.sum", "the shares add up to exactly one, held separately to at most one"},
      {"status.issued", "a certificate that is sent out is issued or valid"},
      {"text.clean", "texts are UTF-8 without control characters"},
      {"unit.area", "the unit lies in the certificate's area"},
      {"unit.present", "a certificate has a real-estate unit"},
      {"unit.right-type", "right to land alone with a W unit, right to a building with an F unit"},
      {"unit.matched", "the unit number is none of stock data that was never matched"},
      {"unit.strict", "the unit number keeps every rule of GB/T 37346"},
  };
  return kRules;
}

}  // namespace certbridge

// The responder of kind "cases": how a case stands, for whoever decides whether certificates may be
// looked up for it.
#pragma once

#include <optional>

#include "certbridge/endpoint.h"
#include "certbridge/items.h"
#include "mapping.h"

namespace certbridge::registration {

// Any thread may ask.
class Cases final : public Responder {
 public:
  // The mapping has <cases>. `records` outlives it. Without `items` the materials of a case are
  // rows of the registration system.
  Cases(Mapping mapping, Responder& records, std::optional<ItemDirectory> items);
  // Question and answer are of type case.facts (certbridge/query.h). "registration.question", those
  // of ask_for_rows() and of facts_of(). A case that is not known is an answer.
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  Mapping mapping_;  // its sets are those of cases
  Responder& records_;
  std::optional<ItemDirectory> items_;
};

}  // namespace certbridge::registration

// Tells the registration system what became of its certificates.
#pragma once

#include "certbridge/context.h"
#include "mapping.h"

namespace certbridge::registration {

// Writes result rows through the lent sink `results`: `prepared` and `sealed` when nothing was
// delivered before, `collected`, `received`, `refused` or `withdrawn` by what the earlier delivery
// came to, `refused` for a registration.refusal; of a certificate.status `changed` or `voided` once
// a library has it, `not_held` where it never was, and `noted` or `unchanged` when nobody is told.
// Of a registration.booked `received`, `accepted`, `rejected`, `refused` (it was not sent) or
// `withdrawn`, with the id of its right where certificates have theirs.
class Reporter final : public Sink {
 public:
  Reporter(Mapping mapping, Sink& results, std::string statement, const Clock& clock)
      : mapping_(std::move(mapping)),
        results_(results),
        statement_(std::move(statement)),
        clock_(clock) {}
  Result<Receipt> send(const Message& message, const Call& call) override;
  Result<Confirmation> confirm(const Message& message, const Call& call) override;

 private:
  Message rows_for(const Message& message, const Call& call) const;

  Mapping mapping_;
  Sink& results_;
  std::string statement_;
  const Clock& clock_;
};

}  // namespace certbridge::registration

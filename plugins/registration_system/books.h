// The responder of kind "books": which cases were booked on a day, and their certificates.
#pragma once

#include "certbridge/books.h"
#include "certbridge/endpoint.h"
#include "mapping.h"

namespace certbridge::registration {

// Any thread may ask.
class Books final : public Responder {
 public:
  // `records` outlives it.
  Books(Mapping mapping, Responder& records);
  // "books.question", and those of ask_for_rows(). A mapping file without <books> answers that the
  // system can tell nothing.
  Result<Message> answer(const Message& question, const Call& call) override;

 private:
  Mapping mapping_;  // its sets are those of the books
  Responder& records_;
};

}  // namespace certbridge::registration

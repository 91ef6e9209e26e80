// The responder of kind "books": what the library holds of one day.
#pragma once

#include <memory>

#include "certbridge/books.h"
#include "certbridge/context.h"
#include "dialect.h"
#include "values.h"

namespace certbridge::municipal_library {

// What a word of the library may stand for among ours. Of several words that it has one for, all
// are named; what it is never told does not change its word for what is valid.
BookedState booked_state(const Dialect& dialect, const std::string& said, bool replaced);

// One page of the books from the entries of an answer. Entries without a number (of a list) or a
// count are left out: `unread` counts them.
BooksPage read_books_page(const Dialect& dialect, const std::vector<Texts>& entries,
                          std::size_t& unread);

// Errors: those of read_caller_settings().
Result<std::unique_ptr<Responder>> make_books(Context& context);

}  // namespace certbridge::municipal_library

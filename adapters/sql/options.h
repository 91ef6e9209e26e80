// Options that all kinds of this adapter share.
#pragma once

#include <memory>

#include "certbridge/context.h"
#include "pool.h"

namespace certbridge::sql {

// The pool that the endpoint's options describe; nothing is opened yet. Errors of Config pass.
Result<std::unique_ptr<Pool>> make_pool(Context& context);
// A file option's name and bytes.
struct DeclarationFile {
  std::string path{};
  std::string text{};
};
Result<DeclarationFile> declaration_option(Context& context, std::string_view option);
// Connects and asks for nothing.
Result<void> check_connection(Pool& pool, Deadline deadline);

}  // namespace certbridge::sql

// How far the calls for one certificate have come, kept so that a restart resumes in the middle.
#pragma once

#include <string>

#include "certbridge/context.h"
#include "values.h"

namespace certbridge::municipal_library {

// What the library answered to the calls that are done. Bound to the file: another file of the same
// certificate begins anew.
struct Progress {
  std::size_t calls_done = 0;
  Texts carried{};
};

// Kept in the endpoint's Memory under the certificate's identifier; one thread at a time for one
// certificate, which its order key sees to.
class ProgressBook {
 public:
  ProgressBook(Memory& memory, std::string step_key, std::string identifier,
               std::string file_digest);
  // Nothing done when there is no entry, or one for another file.
  Result<Progress> load();
  // Durable when it returns.
  Result<void> save(const Progress& progress);
  // Commits with what the attempt comes to.
  Result<void> note(const Progress& progress);
  // Nothing is kept of what is collected.
  Result<void> clear();

 private:
  Memory& memory_;
  std::string step_key_;
  std::string name_;
  std::string file_digest_;
};

}  // namespace certbridge::municipal_library

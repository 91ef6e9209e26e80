// How a certificate came to stand as it does: one row for each thing that was booked about it.
#pragma once

#include <string>
#include <vector>

#include "archive/dossier.h"

namespace certbridge::host {

// Who was told, and how far that came.
struct ToldStatus {
  std::string endpoint{};
  std::string state{};  // of the delivery
  Timestamp changed{};
};

struct StatusRow {
  std::string message{};   // its id
  Timestamp entered{};     // when the host took it over
  std::string occurred{};  // when it happened, as the register book says; may be empty
  std::string event{};     // "issue", or the word of a life event: "restrict", "cancel"…
  std::string effect{};    // "issued", "changed", "noted", "unchanged"…
  std::string word{};      // told of it, where that changed; may be empty
  std::string before{};    // told before
  std::string reason{};
  std::string restriction{};  // kind and case number
  std::string case_no{};
  std::vector<ToldStatus> told{};
};

// From every message of the dossier that the register of certificates has entered, in order of
// acceptance. What the journal has dropped is not there.
std::vector<StatusRow> status_history(const Dossier& dossier);

}  // namespace certbridge::host

// The fields that counterparts publish of the faces of our types, against those of the catalogue.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "catalogue/own_types.h"
#include "config/model.h"
#include "journal/store.h"
#include "plugins/endpoints.h"

namespace certbridge::host {

struct FaceDifference {
  std::string endpoint{};  // to which certificates are delivered
  std::string type{};
  std::string field{};
  std::string what{};  // "missing-there", "missing-here", "label", "required"
  std::string here{};
  std::string there{};
  bool operator==(const FaceDifference&) const = default;
};
struct FaceAsked {
  std::string endpoint{};
  std::string type{};
  std::string version{};  // of ours that it was compared with
  std::string outcome{};  // "compared", "not-offered", or why it could not be asked
};
struct FaceReport {
  Timestamp when{};
  std::vector<FaceAsked> asked{};
  std::vector<FaceDifference> differences{};
};

// Pure; in the order of our fields, then of theirs. Endpoint and type are left empty.
std::vector<FaceDifference> face_differences(const std::vector<TypeField>& ours,
                                             const std::vector<TypeField>& theirs);

// Asks every counterpart that publishes faces about each type that has more than drafts, until
// `deadline` at most; what was not asked by then says so.
FaceReport compare_faces(const Configuration& configuration, EndpointSet& endpoints,
                         const OwnTypes& types, const Clock& clock,
                         std::chrono::steady_clock::time_point deadline, std::stop_token stop);

// How many types could not be asked about.
std::size_t count_not_asked(const FaceReport& report);
// Of what could not be asked about, the differences that were found before are still those that are
// known: `found` with them.
FaceReport with_known_differences(FaceReport found, const FaceReport& before);

// The last report, kept in the journal's memory; none when there is none that can be read.
std::optional<FaceReport> last_faces(Store& store);
Result<void> keep_faces(Store& store, const FaceReport& report);

}  // namespace certbridge::host

// The package of one case: what was used in it, as it was received and as it was answered.
#pragma once

#include <string>
#include <vector>

#include "archive/kept_uses.h"
#include "archive/package_writer.h"

namespace certbridge::host {

// The contents of the package, without its end. `uses` are those of KeptUses::uses_of().
Result<void> write_case_contents(const PackageManifest& head, const std::vector<KeptUse>& uses,
                                 PackageWriter& package);

// The whole package.
Result<void> seal_case(const PackageManifest& head, const SignatureKey& key,
                       const std::vector<KeptUse>& uses, ContentWriter& into);

}  // namespace certbridge::host

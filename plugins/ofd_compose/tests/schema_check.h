// Whether every file of the standard in a package is of plugins/shared/ofd/schema/subset.xsd.
#pragma once

#include "certbridge_ofd/package.h"

namespace certbridge::ofd_compose {

void expect_schema_valid(const ofd::Package& package);

}  // namespace certbridge::ofd_compose

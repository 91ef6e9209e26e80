// The log of accesses that a configuration names.
#pragma once

#include <functional>
#include <string>

#include "access/records/access_log.h"
#include "config/model.h"

namespace certbridge::host {

// With its keys, for a configuration that was checked and has <access>. The clock outlives the log.
AccessLogSettings access_settings(
    const Configuration& configuration,
    const std::function<Result<std::string>(const std::string& name)>& secret, const Clock& clock);

}  // namespace certbridge::host

// Plans (宗地图, 房产图) of a certificate as attachments.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "case_rows.h"
#include "certbridge/context.h"

namespace certbridge::registration {

using Spool = std::function<Result<std::unique_ptr<ContentWriter>>()>;

// "plan-1.png", "plan-2.jpg"... in their order. "registration.image" when one is not Base64, not a
// PNG or JPEG, or larger than 20 MB.
Result<std::vector<Attachment>> images_of(const CaseRows& rows, const std::string& certificate_id,
                                          const Spool& spool);

}  // namespace certbridge::registration

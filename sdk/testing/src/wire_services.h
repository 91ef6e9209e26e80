// Each service of a context, asked over the wire. What is wrapped must outlive the wrapper.
#pragma once

#include <memory>

#include "certbridge/context.h"

namespace certbridge::testing {

std::unique_ptr<const Config> through_wire(const Config& inner);
std::unique_ptr<const Clock> through_wire(const Clock& inner);
std::unique_ptr<Logger> through_wire(Logger& inner);
std::unique_ptr<Metrics> through_wire(Metrics& inner);
std::unique_ptr<Memory> through_wire(Memory& inner);
std::unique_ptr<const Facts> through_wire(const Facts& inner);
std::unique_ptr<ContentWriter> through_wire(std::unique_ptr<ContentWriter> inner);

}  // namespace certbridge::testing

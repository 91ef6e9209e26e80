#include <stdexcept>

#include "zoo_sink.h"

namespace {
class Thrower final : public certbridge::Plugin {
 public:
  Thrower() { throw std::runtime_error("no plugin today"); }
};
}  // namespace
CERTBRIDGE_PLUGIN(Thrower, "throws_in_create", "1.0.0")

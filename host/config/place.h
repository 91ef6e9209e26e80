// Where something stands in the configuration.
#pragma once

#include <string>

namespace certbridge::host {

struct Place {
  std::string file{};
  int line = 0;
  int column = 0;
};

}  // namespace certbridge::host

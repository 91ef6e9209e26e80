// A load generator in a process of its own, so that the server's processor time can be told apart.
#pragma once

#include <cstdint>

namespace certbridge::bench {

struct LoadResult {
  std::uint64_t answers = 0;
  std::uint64_t wrong = 0;  // any status but 202
  double seconds = 0;
};

// Keeps `connections` busy with POSTs of `body_bytes`, one after the other on each, until
// `requests` are answered. Runs in a child process of its own.
LoadResult run_load(std::uint16_t port, int connections, std::uint64_t requests,
                    std::size_t body_bytes);

}  // namespace certbridge::bench

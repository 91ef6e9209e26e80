// Runs a program for one answer, in a process apart.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "certbridge/endpoint.h"
#include "certbridge/result.h"

namespace certbridge::ofd_compose {

struct ApartAnswer {
  int code = 0;          // with which it ended; -1: by a signal
  std::string output{};  // at most `largest` bytes
};

// Input and output lie in memory, never in a file system. Waits until it ends; at the call's
// deadline, or when the call is to stop, it is killed: "ofd_compose.copy_time" (retryable). More
// output than `largest` is cut. "ofd_compose.copier" (a fault): it cannot be run.
// Any thread may call it.
Result<ApartAnswer> run_apart(const std::string& program, const std::vector<std::string>& arguments,
                              const std::vector<std::string_view>& input, std::uint64_t largest,
                              const Call& call);

}  // namespace certbridge::ofd_compose

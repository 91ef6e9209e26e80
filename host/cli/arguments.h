// The command line as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/loader.h"

namespace certbridge::host {

enum class CommandName : std::uint8_t {
  kRun = 1,
  kCheck = 2,
  kPlugins = 3,
  kVerify = 4,
  kRender = 5,
  kMessagesList = 6,
  kMessagesShow = 7,
  kCase = 8,
};

struct Arguments {
  CommandName command = CommandName::kCheck;
  LoadRequest configuration{};
  std::string ready_file{};  // run
  std::string file{};        // verify, render
  std::string output{};      // render
  std::string number{};      // messages show: id; case: case number
  bool json = false;         // verify: the report as the verifier wrote it
  // messages list
  std::string state{};
  std::string type{};
  std::string area{};
  bool overdue = false;  // only with an open receipt whose verdict is late
  std::size_t limit = 100;
};

// Arguments, or the exit code after help, version or an explanation was written.
std::variant<Arguments, int> parse_arguments(int count, char** words);

}  // namespace certbridge::host

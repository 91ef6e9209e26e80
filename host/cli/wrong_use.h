// What is wrong with a command line, for whoever typed it.
#pragma once

#include <string>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace certbridge::host {

// Names the command, what is wrong, the command that was meant if one is near, and where its help
// is: "certbridge parked: there is no command `lst`; did you mean `list`?".
std::string explain_wrong_use(const CLI::App& application, const CLI::Error& wrong);

}  // namespace certbridge::host

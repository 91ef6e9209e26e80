// What the program's exit codes mean; docs/guides/command-line.md shows the same table.
#pragma once

namespace certbridge::host {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFindings =
    1;                                // check: errors; verify: not valid; plugins, journal: damage
inline constexpr int kExitUsage = 2;  // wrong command line
inline constexpr int kExitConfiguration = 3;  // configuration refused, or an endpoint it names
inline constexpr int kExitJournal = 4;        // journal cannot be opened
inline constexpr int kExitNotFound = 5;       // no such message, case or file
inline constexpr int kExitDrainDeadline = 6;  // calls were still running when the deadline passed
inline constexpr int kExitUnforeseen = 7;     // a failure that no message of the program foresees

inline constexpr int kExitRefused = 8;  // the running host refused an operation, or none runs

}  // namespace certbridge::host

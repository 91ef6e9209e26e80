// Defects that a test build carries on purpose, so that each proof can be shown to fail.
#pragma once

namespace certbridge::host {

// In builds with CERTBRIDGE_STOP_POINTS: whether the environment names this defect in
// CERTBRIDGE_FAULT (one name). Always false otherwise. The names and the harness that catches each
// are listed in docs/reliability.md. Any thread.
#ifdef CERTBRIDGE_STOP_POINTS
bool seeded_fault(const char* name);
#else
inline bool seeded_fault(const char*) { return false; }
#endif

}  // namespace certbridge::host

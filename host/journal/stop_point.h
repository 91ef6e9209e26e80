// Named places at which a test can end the process as a power cut or a crash would.
#pragma once

namespace certbridge::host {

// In builds with CERTBRIDGE_STOP_POINTS: when the environment says CERTBRIDGE_STOP_AT=<name> or
// <name>:<n>, the process gets SIGKILL at the n-th (first) arrival here. Otherwise nothing. The
// names are listed in docs/formats.md. Any thread.
#ifdef CERTBRIDGE_STOP_POINTS
void stop_point(const char* name);
#else
inline void stop_point(const char*) {}
#endif

}  // namespace certbridge::host

// A library that is no plugin.
extern "C" __attribute__((visibility("default"))) int certbridge_is_elsewhere() { return 1; }

#!/usr/bin/env bash
# Sets everything up and runs all tests. ./test.sh --help says more.
cd "$(dirname "$0")"
. scripts/common.sh

usage() {
  cat <<'TEXT'
./test.sh          installs missing packages (as root), builds build/release and runs all its tests
./test.sh --all    also builds with AddressSanitizer and UndefinedBehaviorSanitizer (build/asan) and
                   ThreadSanitizer (build/tsan) and runs there what is worth it; the slow tests that ran
                   there are not run again in the release build
./test.sh --fuzz SECONDS  only lets each fuzz target search for so long (build/fuzzer), with clang's
                   libFuzzer where clang is installed (clang libclang-rt-14-dev); what it finds is kept
                   in build/fuzzer/fuzz/
./test.sh -R NAME  only tests whose name matches (any options of ctest)
Running it again builds only what changed. A folder that is new is built from eight sources at a time;
CERTBRIDGE_UNITY=OFF ./test.sh builds file by file from then on, for whoever changes sources often.
TEXT
}

all=no
fuzz_seconds=
ctest_arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --all) all=yes ;;
    --fuzz)
      fuzz_seconds=${2:-}
      [[ $fuzz_seconds =~ ^[1-9][0-9]*$ ]] || { usage; fail "--fuzz needs a number of seconds"; }
      shift ;;
    *) ctest_arguments+=("$1") ;;
  esac
  shift
done

# Four at a time on any machine: the end-to-end tests wait more than they work. What measures has
# PROCESSORS in CMake, so that at most one other runs beside it, and COST lets the longest begin first.
run_tests() { # FOLDER CTEST-ARGUMENTS...
  local folder=$1
  shift
  ctest --test-dir "$folder" --output-on-failure -j 4 --no-tests=error "$@"
}
build_asan() {
  build build/asan -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCERTBRIDGE_SANITIZE=address
}
build_tsan() {
  targets=threaded_tests build build/tsan -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCERTBRIDGE_SANITIZE=thread \
    -DCERTBRIDGE_PRECOMPILED_HEADERS=OFF "-DCERTBRIDGE_PARTS=sdk;front;host;tests"
}
build_fuzzer() {
  local compiler=(-DCMAKE_CXX_COMPILER=g++)
  if command -v clang++ >/dev/null; then
    compiler=(-DCMAKE_CXX_COMPILER=clang++ -DCERTBRIDGE_LIBFUZZER=ON)
  fi
  targets=fuzz_targets build build/fuzzer -DCMAKE_BUILD_TYPE=RelWithDebInfo "${compiler[@]}" \
    -DCERTBRIDGE_SANITIZE=address "-DCERTBRIDGE_FUZZ_SECONDS=$fuzz_seconds"
}

phase "packages" install_packages
if [ -n "$fuzz_seconds" ]; then
  phase "build fuzz targets" build_fuzzer
  phase "fuzz targets" run_tests build/fuzzer -L '^fuzz$' "${ctest_arguments[@]}"
  print_phases
  exit 0
fi
once=ON
[ "$all" = no ] || once=OFF
phase "build release" build_release "-DCERTBRIDGE_ONCE_TESTS=$once"
already_run=()
if [ "$all" = yes ]; then
  phase "build AddressSanitizer" build_asan
  # GCC 12's leak check takes thread-local memory that a plugin brought, when it happens to lie 16 bytes
  # behind the start of a page, for a kind of the C library's own and reads at an address that is none.
  # Without this it counts all that the loader allocated as in use, which finds the same leaks.
  export ASAN_OPTIONS="intercept_tls_get_addr=0"
  python3 tests/lint/everything_runs.py build/release build/asan || fail "a test would not run at all"
  phase "tests AddressSanitizer" run_tests build/asan -LE '^not-sanitized$'
  phase "build ThreadSanitizer" build_tsan
  export TSAN_OPTIONS="suppressions=$PWD/tests/sanitizers/tsan.txt:halt_on_error=1"
  phase "tests ThreadSanitizer" run_tests build/tsan -L '^threads$'
  already_run=(-LE '^once$')
fi
phase "tests release" run_tests build/release "${already_run[@]}" "${ctest_arguments[@]}"
print_phases

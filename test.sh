#!/usr/bin/env bash
# Sets everything up and runs all tests. ./test.sh --help says more.
cd "$(dirname "$0")"
. scripts/common.sh

usage() {
  cat <<'TEXT'
./test.sh          installs missing packages (as root), builds build/release and runs all its tests
./test.sh --all    then also builds with AddressSanitizer and UndefinedBehaviorSanitizer (build/asan) and
                   ThreadSanitizer (build/tsan) and runs the suites that are worth it there
./test.sh -R NAME  only tests whose name matches (any options of ctest)
Running it again builds only what changed.
TEXT
}

all=no
ctest_arguments=()
for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --all) all=yes ;;
    *) ctest_arguments+=("$argument") ;;
  esac
done

run_tests() { # FOLDER CTEST-ARGUMENTS...
  local folder=$1
  shift
  ctest --test-dir "$folder" --output-on-failure -j 2 --no-tests=error "$@"
}
build_asan() {
  build build/asan -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCERTBRIDGE_SANITIZE=address
}
build_tsan() {
  targets="journal_contract_test journal_safety_test" \
    build build/tsan -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCERTBRIDGE_SANITIZE=thread \
    "-DCERTBRIDGE_PARTS=sdk;host;tests/host"
}

# The suites that are held to be clean; the list only grows.
clean_under_asan='^(sm|zoo|configuration|ofd_package|ofd_compose|engine|journal_contract|journal_safety|observe|condition|http_client|http_server|http_contract|municipal_library|municipal_sandbox|sdk_wire|sql_outbox|sql_contract)_test$'

phase "packages" install_packages
phase "build release" build_release
if [ "$all" = yes ]; then
  phase "build AddressSanitizer" build_asan
  phase "tests AddressSanitizer" run_tests build/asan -R "$clean_under_asan"
  phase "build ThreadSanitizer" build_tsan
  export TSAN_OPTIONS="suppressions=$PWD/tests/sanitizers/tsan.txt:halt_on_error=1"
  phase "tests ThreadSanitizer" run_tests build/tsan -R '^journal_(contract|safety)_test$'
fi
phase "tests release" run_tests build/release "${ctest_arguments[@]}"
print_phases

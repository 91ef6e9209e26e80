#!/bin/sh
# Installs the SDK into a folder of its own and builds and tests a copy of the example against it,
# as an outside author would: build_outside.sh BUILD_FOLDER EXAMPLE_FOLDER COMPILER
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$1" --prefix "$work/installed" --component sdk >/dev/null
cp -r "$2" "$work/echo"
cmake -S "$work/echo" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/installed" \
  -DCMAKE_CXX_COMPILER="$3" -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$work/build"
symbols=$(nm -D --defined-only "$work/build/lib/certbridge/echo/echo.so" | wc -l)
[ "$symbols" -eq 1 ] || { echo "$symbols symbols leave the plugin, not 1"; exit 1; }
ctest --test-dir "$work/build" --output-on-failure

# Shared by demo.sh, test.sh and bench.sh. Sourced, not run; expects to be in the project's root.
set -euo pipefail
export LC_ALL=C.UTF-8

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# phase NAME COMMAND...: runs a command, says how long it took; the times are repeated by print_phases.
phase_names=()
phase_seconds=()
phase() {
  local name=$1 began=$SECONDS status=0
  shift
  say "$name"
  "$@" || status=$?
  phase_names+=("$name")
  phase_seconds+=($((SECONDS - began)))
  [ "$status" -eq 0 ] || { print_phases; fail "$name failed (exit code $status)"; }
}
print_phases() {
  local i
  printf '\nphase                                      seconds\n' >&2
  for i in "${!phase_names[@]}"; do
    printf '%-42s %7d\n' "${phase_names[$i]}" "${phase_seconds[$i]}" >&2
  done
}

# Installs what scripts/packages.txt lists and is missing; without root it says what is.
install_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || fail "this needs Debian 12 (dpkg-query is not there)"
  while read -r package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done < <(sed 's/#.*//; s/[[:space:]]//g; /^$/d' scripts/packages.txt)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    fail "these packages are missing: ${missing[*]}
install them with: sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
  apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

# build FOLDER CMAKE-ARGUMENTS...: configures once, then builds what changed; `targets` narrows it.
# A folder that is new is built from eight sources at a time, which reads common headers once for them, and
# stays as it is; CERTBRIDGE_UNITY=OFF (or ON) changes that.
build() {
  local folder=$1
  shift
  local launcher=()
  if command -v ccache >/dev/null; then
    export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
    # It remembers what was compiled; with precompiled headers it could not.
    launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache -DCERTBRIDGE_PRECOMPILED_HEADERS=OFF)
  fi
  local unity=${CERTBRIDGE_UNITY:-}
  [ -n "$unity" ] || [ -e "$folder/CMakeCache.txt" ] || unity=ON
  [ -z "$unity" ] || launcher+=("-DCERTBRIDGE_UNITY=$unity")
  cmake -G Ninja -S . -B "$folder" "${launcher[@]}" "$@" >"$folder.configure.log" 2>&1 ||
    { cat "$folder.configure.log" >&2; return 1; }
  NINJA_STATUS='[%f/%t %es] ' ninja -C "$folder" ${targets:-} >&2
}
build_release() { mkdir -p build && build build/release -DCMAKE_BUILD_TYPE=Release "$@"; }

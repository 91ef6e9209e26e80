#!/usr/bin/env bash
# Builds everything and prints the benchmarks as tables of ratios. ./bench.sh --help says more.
cd "$(dirname "$0")"
. scripts/common.sh
. tests/bench/peers/install.sh

usage() {
  cat <<'TEXT'
./bench.sh               installs missing packages (as root), builds build/release and prints a table for each subject
./bench.sh --short       a run of under a minute, to see that everything runs; its figures say little
./bench.sh --only NAME   one subject: seal, issue, accept, accept-slow, route, saturation, waiting, search, access, objections (may be given again)
./bench.sh --rounds N    rounds of every contest (3)
./bench.sh --peers       ours beside RabbitMQ and Node-RED instead: installs them from Debian and npm (as root), runs
                         them on loopback in scratch folders, ends them; some 8 minutes for a round, 5 rounds say something
./bench.sh --queries     queries beside nginx instead: installs it from Debian (as root), asks both on loopback; some 40 seconds for
                         a round. --peer none leaves nginx out; --rate N: so many a second, not 2000
./bench.sh --peers --peer NAME   with this peer only: rabbitmq, node-red, or none to see ours alone (may be given again)
./bench.sh --messages N  messages in the journal that is searched (200000), access records (100000); the long form has 10000000 and takes 15 GB
./bench.sh --built DIR   uses the programs of this build folder as they are
Scratch data lie in build/release/bench/ (the disk under it is measured; a full run writes some 10 GB and removes them).
docs/performance.md says what the rows mean. A table goes to standard output, everything else to standard error.
TEXT
}

subjects=(seal issue accept accept-slow route saturation waiting search access objections)
only=()
arguments=()
folder=
contest=
peers=()
rate=()
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --short) arguments+=(--short) ;;
    --only) [ $# -ge 2 ] || fail "--only needs a name"; only+=("$2"); shift ;;
    --rounds) [ $# -ge 2 ] || fail "--rounds needs a number"; arguments+=(--rounds "$2"); shift ;;
    --peers) contest=run_contest ;;
    --queries) contest=run_queries ;;
    --rate) [ $# -ge 2 ] || fail "--rate needs a number"; rate=(--rate "$2"); shift ;;
    --peer) [ $# -ge 2 ] || fail "--peer needs a name"; peers+=("$2"); shift ;;
    --messages) [ $# -ge 2 ] || fail "--messages needs a number"; arguments+=(--messages "$2"); shift ;;
    --built) [ $# -ge 2 ] || fail "--built needs a folder"; folder=$2; shift ;;
    *) usage >&2; fail "unknown option $1" ;;
  esac
  shift
done
for name in "${only[@]}"; do
  [[ " ${subjects[*]} " == *" $name "* ]] || fail "no subject $name; there are ${subjects[*]}"
done
[ ${#only[@]} -eq 0 ] || subjects=("${only[@]}")
for name in "${peers[@]}"; do
  [[ " rabbitmq node-red nginx none " == *" $name "* ]] || fail "no peer $name; there are rabbitmq, node-red, nginx and none"
done
[ ${#peers[@]} -gt 0 ] || { [ "$contest" = run_queries ] && peers=(nginx); } || peers=(rabbitmq node-red)

run_subject() { # NAME
  local program=$folder/tests/${1%-slow}_bench
  [ -x "$program" ] || fail "$program is not built"
  if [ "$1" = accept-slow ]; then
    SLOW_SYNC_US=2000 LD_PRELOAD=$folder/tests/slow_sync.so "$program" "${arguments[@]}" --folder "$scratch"
  else
    "$program" "${arguments[@]}" --folder "$scratch"
  fi
}

run_contest() {
  local words=() name
  for name in "${peers[@]}"; do words+=(--peer "$name"); done
  chmod 755 "$scratch" # PostgreSQL's server runs as a user of its own
  PYTHONDONTWRITEBYTECODE=1 python3 tests/bench/peers/contest.py --build "$folder" --folder "$scratch" "${words[@]}" \
    "${arguments[@]}"
}

run_queries() {
  chmod 755 "$scratch" # nginx's workers run as a user of their own
  PYTHONDONTWRITEBYTECODE=1 python3 tests/bench/queries/contest_queries.py --build "$folder" --folder "$scratch" \
    --peer "${peers[0]}" "${rate[@]}" "${arguments[@]}"
}

if [ -z "$folder" ]; then
  folder=$PWD/build/release
  phase "packages" install_packages
  phase "build release" build_release
fi
folder=$(realpath "$folder")
mkdir -p "$folder/bench"
scratch=$(mktemp -d "$folder/bench/run-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
printf '# Benchmarks: %s cores, %s, load %s\n' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" \
  "$(cut -d' ' -f1 /proc/loadavg)"
if [ -n "$contest" ]; then
  phase "peers: installed" install_peers "$folder" "${peers[@]}"
  phase "peers: contest" "$contest"
  print_phases
  exit 0
fi
for name in "${subjects[@]}"; do
  phase "$name" run_subject "$name"
done
print_phases

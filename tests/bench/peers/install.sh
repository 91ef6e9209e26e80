# Installs and builds the peers that ./bench.sh --peers asks for. Sourced by bench.sh after scripts/common.sh.
# Nothing of it touches the source tree: programs of npm and our front lie in FOLDER/bench/peers.

peer_packages() { # PEERS...
  printf "%s\n" strace
  [[ " $* " != *" rabbitmq "* ]] || printf '%s\n' rabbitmq-server librabbitmq-dev
  [[ " $* " != *" node-red "* ]] || printf '%s\n' postgresql-15
  [[ " $* " != *" nginx "* ]] || printf '%s\n' nginx-light
  if [[ " $* " == *" node-red "* ]]; then
    command -v node >/dev/null || printf '%s\n' nodejs
    command -v npm >/dev/null || printf '%s\n' npm
  fi
}

# Debian starts what it installs, unless this file says no. It goes when it was ours.
without_services() { # COMMAND...
  local policy=/usr/sbin/policy-rc.d ours= status=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    ours=yes
  fi
  "$@" || status=$?
  [ -z "$ours" ] || rm -f "$policy"
  return "$status"
}

install_peer_packages() { # PEERS...
  local missing=() package
  while read -r package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done < <(peer_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || fail "these packages are missing for the peers: ${missing[*]}"
  apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive without_services apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
  # The contest starts a broker of its own; the machine's next start is to be as it was.
  if [[ " ${missing[*]} " == *" rabbitmq-server "* ]] && command -v systemctl >/dev/null; then
    systemctl disable rabbitmq-server >&2 || say "rabbitmq-server could not be disabled as a service"
  fi
}

install_node_red() { # FOLDER
  local to=$1/bench/peers/node
  [ -e "$to/node_modules/node-red/red.js" ] && [ -e "$to/node_modules/pg/package.json" ] && return 0
  mkdir -p "$to"
  (cd "$to" && npm install --prefix . --no-audit --no-fund --omit=dev node-red@3.1.15 pg@8 >&2)
}

build_rabbit_front() { # FOLDER
  local from=tests/bench/peers to=$1/bench/peers/rabbit_front
  [ "$to" -nt "$from/rabbitmq/rabbit_front.cpp" ] && [ "$to" -nt "$from/rabbitmq/amqp.h" ] &&
    [ "$to" -nt "$from/wire.cpp" ] && return 0
  mkdir -p "$(dirname "$to")"
  g++ -std=c++20 -O2 -Itests/bench -I"$from" -o "$to" "$from/rabbitmq/rabbit_front.cpp" "$from/wire.cpp" \
    tests/bench/measure.cpp -lrabbitmq -pthread
}

install_peers() { # FOLDER PEERS...
  local folder=$1
  shift
  [ "$*" != none ] || return 0
  install_peer_packages "$@" || return 1
  if [[ " $* " == *" rabbitmq "* ]]; then build_rabbit_front "$folder" || return 1; fi
  if [[ " $* " == *" node-red "* ]]; then install_node_red "$folder" || return 1; fi
}

#!/bin/sh
# A private PostgreSQL 15 cluster for one test run: a folder of its own, a unix socket in it and a
# free TCP port on 127.0.0.1.
#
#   postgres.sh start FOLDER   creates and starts it; prints "HOST PORT USER" (HOST is the socket's folder)
#   postgres.sh restart FOLDER ends every connection at once and starts it again, at the same place
#   postgres.sh stop FOLDER    stops it at once and removes the folder
#
# PostgreSQL refuses to run as root, so root runs it as the user postgres. Nothing is skipped: a
# missing server ends with exit code 3 and a sentence.
set -eu

fail() { echo "postgres.sh: $1" >&2; exit 3; }

programs() {
  for folder in "${CERTBRIDGE_POSTGRES_BIN:-}" /usr/lib/postgresql/15/bin; do
    if [ -n "$folder" ] && [ -x "$folder/initdb" ]; then echo "$folder"; return; fi
  done
  fail "PostgreSQL 15 is not installed; install the Debian package postgresql-15"
}

as_server() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

free_port() {
  python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'
}

launch() {  # FOLDER PORT
  as_server "$bin/pg_ctl" -s -w -t 60 -D "$1/data" -l "$1/server.log" \
    -o "-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$1 -c fsync=off -c logging_collector=off" \
    start >/dev/null 2>&1
}

start() {
  mkdir -p "$1"
  if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || fail "the user postgres does not exist, and root may not run PostgreSQL"
    chown postgres "$1"
    chmod 755 "$1"
  fi
  as_server "$bin/initdb" -D "$1/data" -U certbridge --auth-local=trust --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$1.initdb.log" 2>&1 ||
    fail "initdb failed: $(tail -1 "$1.initdb.log")"
  rm -f "$1.initdb.log"
  for attempt in 1 2 3 4 5; do  # another program may take the port between asking and binding
    port=$(free_port)
    if launch "$1" "$port"; then echo "$1 $port certbridge"; return; fi
  done
  fail "the server did not start: $(tail -2 "$1/server.log")"
}

restart() {
  as_server "$bin/pg_ctl" -s -w -t 60 -D "$1/data" -m immediate -l "$1/server.log" restart >/dev/null 2>&1 ||
    fail "the server did not start again: $(tail -2 "$1/server.log")"
}

stop() {
  [ -d "$1/data" ] || return 0
  as_server "$bin/pg_ctl" -s -w -t 60 -D "$1/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$1"
}

[ $# = 2 ] || fail "usage: postgres.sh start|restart|stop FOLDER"
bin=$(programs)
case "$1" in
  start) start "$2" ;;
  restart) restart "$2" ;;
  stop) stop "$2" ;;
  *) fail "usage: postgres.sh start|restart|stop FOLDER" ;;
esac

#!/usr/bin/env bash
# Sets everything up and runs the main job against the sandbox. ./demo.sh --help says more.
cd "$(dirname "$0")"
. scripts/common.sh

case "${1:-}" in
  --help | -h)
    cat <<'TEXT'
./demo.sh              installs missing packages (as root), builds build/release, starts the sandbox and the host, finishes
                       200 cases in the registration database, asks for certificates as a window of the hall does, and
                       reports what became of it
./demo.sh --keep       leaves everything running and prints the addresses
./demo.sh --cases N    another number of cases (others: --seed N, --dialect epoint|linewell,
                       --seal local|service, --province folder|sftp, --chaos SPEC)
Data stay in build/demo/ until the next run; the certificates as the library received them in build/demo/library/.
TEXT
    exit 0
    ;;
esac

phase "packages" install_packages
phase "build release" build_release
exec python3 scripts/demo.py "$@"

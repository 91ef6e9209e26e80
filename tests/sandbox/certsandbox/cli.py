"""The commands of sandbox.py."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from pathlib import Path

from . import generate, keys, servers


def _held(options: argparse.Namespace) -> int:
    """What a library holds, for people."""
    with urllib.request.urlopen(f"{options.library.rstrip('/')}/sandbox/held", timeout=30) as answer:
        held = json.load(answer)["held"]
    for row in held:
        print(f"{row['arrival'] or '-':>6}  {row['status']:<10}  v{row['version']:03d}  {row['number']}  "
              f"{row['identifier']}  {row['fileDigest'][:16]}")
    print(f"{len(held)} certificates")
    return 0


def _keys(options: argparse.Namespace) -> int:
    """Make the key pair with which a caller of the library "linewell" signs."""
    options.out.mkdir(parents=True, exist_ok=True)
    for path in keys.make_key_pair(options.out, options.name):
        print(path)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="sandbox.py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    servers.add_library(commands)
    generate.add_registration(commands)
    held = commands.add_parser("held", help="list what a library holds")
    held.add_argument("--library", required=True, help="address of the library")
    held.set_defaults(run=_held)
    pair = commands.add_parser("keys", help="make an SM2 key pair for a caller")
    pair.add_argument("--out", type=Path, required=True)
    pair.add_argument("--name", default="caller")
    pair.set_defaults(run=_keys)
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except (OSError, ValueError) as error:
        print(f"sandbox.py: {error}", file=sys.stderr)
        return 1

"""The commands of sandbox.py."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import compare, generate, keys, province_index, province_servers, seal_service, servers, sftp_front, start


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
    start.add_start(commands)
    servers.add_library(commands)
    seal_service.add_seal_service(commands)
    province_servers.add_province(commands)
    province_index.add_province_index(commands)
    sftp_front.add_sftp_front(commands)
    generate.add_registration(commands)
    compare.add_commands(commands)
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

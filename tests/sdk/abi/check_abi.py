#!/usr/bin/env python3
"""Compares what libcertbridge_sdk.so exports, and the sizes of its types, with the stored snapshot.

The snapshot of ABI number N is tests/sdk/abi/N.txt. A symbol or size that is gone or changed breaks
every plugin that is built already: raise kAbiVersion in plugin.h, and renew the snapshot. One that
is only new breaks nobody: renew the snapshot under the same number.

    check_abi.py LIBRARY SIZES_PROGRAM PLUGIN_HEADER SNAPSHOT_FOLDER [--renew]
"""
import pathlib
import re
import subprocess
import sys


def exported(library):
    lines = subprocess.run(["nm", "-DC", "--defined-only", library], check=True, text=True,
                           capture_output=True).stdout.splitlines()
    # Weak functions are inline ones that the compiler chose not to inline: every library that needs
    # one has its own copy.
    names = (line.split(" ", 2)[2] for line in lines if line.split(" ", 2)[1] != "W")
    ours = re.compile(r"^(certbridge::|(vtable|typeinfo|typeinfo name) for certbridge::)")
    # Names of the own unnamed namespaces are no contract, nor are instances of std templates.
    return {f"symbol {name}" for name in names
            if ours.match(name) and "(anonymous namespace)" not in name}


def vtables(library):
    lines = subprocess.run(["nm", "-DCS", "--defined-only", library], check=True, text=True,
                           capture_output=True).stdout.splitlines()
    found = set()
    for line in lines:
        parts = line.split(" ", 3)
        if len(parts) == 4 and parts[3].startswith("vtable for certbridge::") \
                and "(anonymous" not in parts[3]:
            found.add(f"{parts[3]} {int(parts[1], 16)} bytes")
    return found


def main():
    library, sizes, header, folder = sys.argv[1:5]
    number = re.search(r"kAbiVersion = (\d+);", pathlib.Path(header).read_text()).group(1)
    measured = subprocess.run([sizes], check=True, text=True, capture_output=True).stdout
    now = exported(library) | vtables(library) | set(measured.splitlines())
    snapshot = pathlib.Path(folder) / f"{number}.txt"
    if sys.argv[5:] == ["--renew"]:
        snapshot.write_text("".join(f"{line}\n" for line in sorted(now)))
        return 0
    then = set(snapshot.read_text().splitlines())
    for line in sorted(then - now):
        print(f"GONE  {line}\n      plugins that are built break: raise kAbiVersion in plugin.h")
    for line in sorted(now - then):
        print(f"NEW   {line}\n      run check_abi.py with --renew (breaks nobody if nothing is gone)")
    return 1 if now != then else 0


sys.exit(main())

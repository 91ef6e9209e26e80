#!/usr/bin/env python3
"""Compiles every public header of the SDK alone: check_headers.py COMPILER FOLDER [FOLDER...]

The first folder's headers, and those of the others with all folders on the include path.
"""
import pathlib
import subprocess
import sys

compiler, folders = sys.argv[1], sys.argv[2:]
includes = [f"-I{folder}" for folder in folders]
failed = 0
headers = [h for folder in folders for h in sorted(pathlib.Path(folder).rglob("*.h"))]
for header in headers:
    run = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
                          "-x", "c++", *includes, "-include", str(header), "/dev/null"],
                         text=True, capture_output=True)
    if run.returncode != 0:
        failed += 1
        print(f"{header} does not stand alone:\n{run.stderr}")
print(f"{len(headers)} headers, {failed} that do not stand alone")
sys.exit(1 if failed or not headers else 0)

#!/usr/bin/env python3
"""The sandbox: counterparts of CertBridge to test against. `sandbox.py --help` lists the commands."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from certsandbox.cli import main  # noqa: E402 - the package is beside this file

if __name__ == "__main__":
    sys.exit(main())

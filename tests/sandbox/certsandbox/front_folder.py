"""The two moves of whoever serves a front-end folder: take a file away, put one down whole."""

from __future__ import annotations

import os
from pathlib import Path


def take_away(path: Path) -> bytes:
    """The content of a file below `{area}/…`, which lies in `{area}/Taken` afterwards."""
    content = path.read_bytes()
    taken = path.parent.parent / "Taken"
    taken.mkdir(parents=True, exist_ok=True)
    os.replace(path, taken / path.name)
    return content


def put_down(path: Path, content: bytes) -> None:
    """Write under another name, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".tmp")
    part.write_bytes(content)
    os.replace(part, path)

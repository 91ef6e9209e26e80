"""Programs that serve until they are told to stop."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any


def announce(addresses: dict[str, Any], ready_file: Path | None) -> None:
    """One JSON line on stdout, and the same in a file that appears complete."""
    line = json.dumps(addresses, ensure_ascii=False)
    print(line, flush=True)
    if ready_file:
        partial = ready_file.with_name(ready_file.name + ".part")
        partial.write_text(line + "\n", "utf-8")
        os.replace(partial, ready_file)


def wait_for_stop(stop_on_stdin: bool) -> None:
    """Return on SIGTERM, SIGINT, or when stdin is closed (if that is wanted)."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if stop_on_stdin:
        def watch() -> None:
            while sys.stdin.buffer.read(4096):
                pass
            stop.set()
        threading.Thread(target=watch, daemon=True).start()
    while not stop.wait(3600):
        pass

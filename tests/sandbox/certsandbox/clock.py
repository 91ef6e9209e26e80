"""Local wall clock of the registration office, whatever the machine's zone is."""

from __future__ import annotations

import datetime

ZONE = datetime.timezone(datetime.timedelta(hours=8))


def now() -> datetime.datetime:
    """The moment in the office's zone."""
    return datetime.datetime.now(ZONE)


def stamp(moment: datetime.datetime | None = None) -> str:
    """A moment as yyyy-MM-dd HH:mm:ss."""
    return (moment or now()).strftime("%Y-%m-%d %H:%M:%S")

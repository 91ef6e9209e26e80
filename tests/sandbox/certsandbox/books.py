"""The books of a counterpart: requests, what is held, violations, attachments. SQLite in WAL."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Iterator

from . import clock

_TABLES = """
CREATE TABLE IF NOT EXISTS held (
  identifier TEXT PRIMARY KEY, number TEXT NOT NULL, normalised TEXT NOT NULL, type_code TEXT NOT NULL,
  issuer_code TEXT NOT NULL, version INTEGER NOT NULL, holders INTEGER NOT NULL, area TEXT NOT NULL,
  case_no TEXT NOT NULL, sm3 TEXT NOT NULL, record_sm3 TEXT NOT NULL, size INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'pending', 'valid', 'restricted', 'lost', 'expired', 'history', 'cancelled')),
  library_id TEXT NOT NULL UNIQUE, times_collected INTEGER NOT NULL DEFAULT 0,
  times_offered INTEGER NOT NULL DEFAULT 1, arrival INTEGER, received_at TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '', attachment TEXT NOT NULL DEFAULT '',
  word TEXT NOT NULL DEFAULT '', changed_at TEXT NOT NULL DEFAULT '', related TEXT NOT NULL DEFAULT '',
  issued_on TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS held_issued ON held (issued_on, identifier);
CREATE TABLE IF NOT EXISTS changes (
  id INTEGER PRIMARY KEY, identifier TEXT NOT NULL, word TEXT NOT NULL, reason TEXT NOT NULL,
  changed_at TEXT NOT NULL, related TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS held_number ON held (normalised, type_code, issuer_code);
CREATE TABLE IF NOT EXISTS requests (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, path TEXT NOT NULL, identifier TEXT NOT NULL,
  code TEXT NOT NULL, text TEXT NOT NULL, fault TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS violations (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, path TEXT NOT NULL, identifier TEXT NOT NULL,
  rule TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS misdeeds (id INTEGER PRIMARY KEY, at TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS attachments (
  guid TEXT PRIMARY KEY, filename TEXT NOT NULL, sm3 TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS offered (identifier TEXT PRIMARY KEY, folded TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS offered_number ON offered (folded);
CREATE TABLE IF NOT EXISTS offered_holders (code TEXT NOT NULL, identifier TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS offered_holders_code ON offered_holders (code);
CREATE INDEX IF NOT EXISTS offered_holders_identifier ON offered_holders (identifier);
CREATE TABLE IF NOT EXISTS uses (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, operation TEXT NOT NULL, caller TEXT NOT NULL, unit TEXT NOT NULL,
  person TEXT NOT NULL, purpose TEXT NOT NULL, item TEXT NOT NULL, basis TEXT NOT NULL, holder TEXT NOT NULL,
  found TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS types (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, code TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL,
  document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS signed (
  request_id TEXT PRIMARY KEY, seal_id TEXT NOT NULL, content_sm3 TEXT NOT NULL, signature TEXT NOT NULL);
"""


class Books:
    """One database behind one lock; every write is committed before the caller is answered."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(_TABLES)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Statements that become durable together, or not at all; nests into the outer one."""
        with self._lock:
            outer = self._database.in_transaction
            if not outer:
                self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                if not outer:
                    self._database.execute("COMMIT")
            except BaseException:
                if not outer:
                    self._database.execute("ROLLBACK")
                raise

    def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query as dictionaries."""
        with self._lock:
            return [dict(row) for row in self._database.execute(statement, values)]

    def row(self, statement: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query, if there is one."""
        found = self.rows(statement, *values)
        return found[0] if found else None

    def note_request(self, path: str, identifier: str, code: str, text: str, fault: str) -> None:
        """Write down a request and what became of it."""
        with self.transaction() as database:
            database.execute("INSERT INTO requests (at, path, identifier, code, text, fault) VALUES (?,?,?,?,?,?)",
                             (clock.stamp(), path, identifier, code, text, fault))

    def note_violation(self, path: str, identifier: str, rule: str, text: str) -> None:
        """Write down a rule that a caller broke."""
        with self.transaction() as database:
            database.execute("INSERT INTO violations (at, path, identifier, rule, text) VALUES (?,?,?,?,?)",
                             (clock.stamp(), path, identifier, rule, text))

    def note_misdeed(self, path: str, kind: str) -> None:
        """Write down what the counterpart is about to do wrong."""
        with self.transaction() as database:
            database.execute("INSERT INTO misdeeds (at, path, kind) VALUES (?,?,?)", (clock.stamp(), path, kind))

    def close(self) -> None:
        """Finish; the books stay on disk."""
        with self._lock:
            self._database.close()

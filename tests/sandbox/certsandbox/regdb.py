"""The registration database: SQLite by Python, PostgreSQL by the psql command."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from pathlib import Path
from typing import Any, Iterable, Mapping

from . import items

_PENDING = """
CREATE TABLE IF NOT EXISTS sandbox_late (
  id INTEGER NOT NULL PRIMARY KEY, case_no VARCHAR(50) NOT NULL, statement TEXT NOT NULL);
"""


def quote(value: Any) -> str:
    """A value as an SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def insert(table: str, row: Mapping[str, Any]) -> str:
    """An INSERT statement."""
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(quote(v) for v in row.values())});"


class SqliteDatabase:
    """A file."""

    def __init__(self, path: str) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")

    def run(self, statements: Iterable[str]) -> None:
        """All statements in one transaction."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                self._database.execute(statement)
            self._database.execute("COMMIT")
        except BaseException:
            self._database.execute("ROLLBACK")
            raise

    def script(self, text: str) -> None:
        """A file of statements."""
        self._database.executescript(text)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        cursor = self._database.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor]

    def has_tables(self) -> bool:
        """Whether the intermediate tables are there."""
        return bool(self.rows("SELECT 1 AS yes FROM sqlite_master WHERE name = 'mw_case_outbox'"))


class PostgresDatabase:
    """A database behind psql; the text after `postgresql:` is what psql takes as database name."""

    def __init__(self, target: str) -> None:
        self._command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", target]

    def _psql(self, text: str, *options: str) -> str:
        done = subprocess.run([*self._command, *options], input=text, text=True, capture_output=True, check=False,
                              encoding="utf-8", timeout=600)
        if done.returncode:
            raise OSError(f"psql: {done.stderr.strip()}")
        return done.stdout

    def run(self, statements: Iterable[str]) -> None:
        """All statements in one transaction."""
        self._psql("\n".join(["BEGIN;", *statements, "COMMIT;"]))

    def script(self, text: str) -> None:
        """A file of statements."""
        self._psql(text)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        text = self._psql(f"SELECT coalesce(json_agg(q), '[]'::json) FROM ({query}) q;", "-A", "-t")
        return json.loads(text)

    def has_tables(self) -> bool:
        """Whether the intermediate tables are there."""
        return bool(self.rows("SELECT 1 AS yes FROM pg_tables WHERE tablename = 'mw_case_outbox'"))


Database = SqliteDatabase | PostgresDatabase


def connect(address: str) -> Database:
    """`sqlite:PATH`, `postgresql://...` or `postgresql:dbname=... host=...`."""
    if address.startswith("sqlite:"):
        return SqliteDatabase(address.removeprefix("sqlite:"))
    if address.startswith("postgresql://"):
        return PostgresDatabase(address)
    if address.startswith("postgresql:"):
        return PostgresDatabase(address.removeprefix("postgresql:"))
    raise ValueError("--db takes sqlite:PATH, postgresql://... or postgresql:dbname=... host=...")


def initialise(database: Database) -> None:
    """Make the tables of config/registration/intermediate.sql unless they are there."""
    if not database.has_tables():
        ddl = Path(__file__).resolve().parents[3] / "config" / "registration" / "intermediate.sql"
        database.script(ddl.read_text("utf-8"))
        database.run([insert("mw_item_material", row) for row in items.material_rows()])
    database.script(_PENDING)

"""The registration database of a test: SQLite in a file, or PostgreSQL 15 in a cluster of its own."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from host import PATIENCE, ROOT

CLUSTER = str(ROOT / "tests" / "support" / "postgres.sh")


class SqliteDatabase:
    """A file, made by the sandbox."""

    backend = "sqlite3"

    def __init__(self, path: Path) -> None:
        self.address, self.connection, self._path = f"sqlite:{path}", f"db={path}", path

    def query(self, sql: str, *values: Any) -> list[tuple]:
        """Rows of a query; `?` stands for a value."""
        connection = sqlite3.connect(self._path, timeout=60)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def execute(self, *statements: tuple) -> None:
        """One transaction; each statement is its text and its values."""
        connection = sqlite3.connect(self._path, timeout=60)
        try:
            with connection:
                for statement in statements:
                    connection.execute(statement[0], statement[1:])
        finally:
            connection.close()

    def close(self) -> None:
        """Nothing runs."""


class PostgresDatabase:
    """A private cluster; the tables are made by the sandbox, or by the test."""

    backend = "postgresql"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        host, port, user = self._cluster("start").split()
        self.connection = f"host={host} port={port} user={user} dbname=registration"
        self.address = "postgresql:" + self.connection
        self._psql("CREATE DATABASE registration;", self.connection.replace("=registration", "=postgres"))

    def _cluster(self, command: str) -> str:
        done = subprocess.run([CLUSTER, command, str(self._folder)], capture_output=True, text=True, timeout=PATIENCE)
        if done.returncode:
            raise AssertionError(f"postgres.sh {command}: {done.stderr}")
        return done.stdout

    def _psql(self, text: str, target: str = "") -> str:
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", target or self.connection]
        done = subprocess.run(command, input=text, text=True, capture_output=True, encoding="utf-8", timeout=PATIENCE)
        if done.returncode:
            raise AssertionError(f"psql: {done.stderr}")
        return done.stdout

    def query(self, sql: str, *values: Any) -> list[tuple]:
        """Rows of a query; `?` stands for a value."""
        text = self._psql(f"SELECT coalesce(json_agg(q), '[]'::json) FROM ({_filled(sql, values)}) q;")
        # Columns without a name are all called the same: pairs keep them apart.
        return json.loads(text, object_pairs_hook=lambda pairs: tuple(value for _, value in pairs))

    def execute(self, *statements: tuple) -> None:
        """One transaction; each statement is its text and its values."""
        lines = [_filled(statement[0], statement[1:]) + ";" for statement in statements]
        self._psql("\n".join(["BEGIN;", *lines, "COMMIT;"]))

    def script(self, path: Path) -> None:
        """A file of statements."""
        self._psql(path.read_text("utf-8"))

    def restart(self) -> None:
        """Ends every connection at once and starts again."""
        self._cluster("restart")

    def close(self) -> None:
        """Stops the cluster and removes it."""
        self._cluster("stop")


def _filled(sql: str, values: tuple) -> str:
    """The statement with its values written out."""
    parts = sql.split("?")
    assert len(parts) == len(values) + 1, sql
    return "".join(part + _literal(value) for part, value in zip(parts, values)) + parts[-1]


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"

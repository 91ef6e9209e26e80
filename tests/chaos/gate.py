"""A TCP gate between two parties: it refuses, delays, stalls, cuts, slices and corrupts, and counts what it did.

Every connection draws one kind of trouble, or none, from a seeded generator, after each kind came once; one without
trouble ends in order after a while, so that pooled connections meet trouble as well."""

from __future__ import annotations

import random
import selectors
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

KINDS = ("refuse", "delay", "stall", "cut", "slice", "corrupt")
DELAY = 0.25  # seconds before each piece
STALL = 6.0  # seconds until a stalled connection is closed
FEW = 6_000  # bytes after which a connection is cut or a byte is changed, at most
MANY = 60_000  # bytes after which a connection without trouble is ended, at most
PIECE = 65536


def reset(connection: socket.socket) -> None:
    """Close at once, with a reset instead of an end."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    except OSError:
        pass


@dataclass
class Passage:
    """One connection through the gate."""

    client: socket.socket
    server: socket.socket
    kind: str
    limit: int  # bytes in both directions
    dice: random.Random
    passed: int = 0
    pieces: list[int] = field(default_factory=list)

    def run(self) -> None:
        """Until one side ends or the trouble does."""
        if self.kind == "stall":
            return self._stall()
        selector = selectors.DefaultSelector()
        selector.register(self.client, selectors.EVENT_READ, self.server)
        selector.register(self.server, selectors.EVENT_READ, self.client)
        while True:
            for key, _ in selector.select(60):
                data = key.fileobj.recv(PIECE)
                if not data or not self._pass(data, key.data):
                    return None

    def _stall(self) -> None:
        self.client.settimeout(STALL)
        while self.client.recv(PIECE):
            pass

    def _pass(self, data: bytes, to: socket.socket) -> bool:
        """False when the connection is to end."""
        rest = self.limit - self.passed
        self.passed += len(data)
        if self.kind == "delay":
            time.sleep(DELAY)
        if len(data) <= rest:
            self._send(data, to)
            return True
        if self.kind == "cut":
            self._send(data[:rest], to)
            return False
        if self.kind == "corrupt" and rest >= 0:
            changed = bytearray(data)
            changed[rest] ^= 1 << self.dice.randrange(8)
            data = bytes(changed)
        self._send(data, to)
        return self.kind != ""

    def _send(self, data: bytes, to: socket.socket) -> None:
        if self.kind != "slice":
            return to.sendall(data)
        at = 0
        while at < len(data):
            size = self.dice.randrange(1, 200)
            to.sendall(data[at:at + size])
            at += size
        return None


class Gate:
    """Listens on a port of 127.0.0.1 until closed; `rates` may be changed at any time."""

    def __init__(self, target: tuple[str, int], seed: int, **rates: float) -> None:
        assert set(rates) <= set(KINDS), rates
        self.rates, self.kinds, self.did = dict(rates), tuple(rates), Counter()
        self._target, self._dice, self._open = target, random.Random(seed), True
        self._first = list(rates)
        self._dice.shuffle(self._first)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """From now on connections are refused."""
        self._open = False
        self._listener.close()

    def calm(self) -> None:
        """No trouble from now on."""
        self.rates = {}

    def _accept(self) -> None:
        while self._open:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            kind = self._draw()
            self.did[kind] += 1
            if kind == "refuse":
                reset(client)
                continue
            limit = self._dice.randrange(1, FEW if kind in ("cut", "corrupt") else MANY)
            seed = self._dice.randrange(1 << 30)
            threading.Thread(target=self._serve, args=(client, kind, limit, seed), daemon=True).start()

    def _draw(self) -> str:
        if self._first and self.rates:
            return self._first.pop()
        left = self._dice.random()
        for kind, rate in self.rates.items():
            left -= rate
            if left < 0:
                return kind
        return ""

    def _serve(self, client: socket.socket, kind: str, limit: int, seed: int) -> None:
        try:
            server = socket.create_connection(self._target, 10)
        except OSError:
            return reset(client)
        server.settimeout(None)
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            Passage(client, server, kind, limit, random.Random(seed)).run()
        except OSError:
            pass
        for one in (client, server):
            if kind:
                reset(one)
            else:
                one.close()
        return None

"""The gate itself: each kind of trouble is what it says."""

import socket
import threading
import unittest

from gate import Gate

TEXT = bytes(range(256)) * 400  # longer than any limit of the gate


class Echo:
    """Sends back what it gets."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    @staticmethod
    def _serve(connection: socket.socket) -> None:
        try:
            while data := connection.recv(65536):
                connection.sendall(data)
        except OSError:
            pass
        connection.close()


class GateTest(unittest.TestCase):
    def echoed(self, kind: str, text: bytes = TEXT, timeout: float = 10) -> bytes:
        """What comes back of a text through a gate that makes only this trouble."""
        gate = Gate(Echo().address, 7, **({kind: 1.0} if kind else {}))
        self.addCleanup(gate.close)
        came = b""
        try:
            with socket.create_connection(("127.0.0.1", gate.port), timeout) as connection:
                threading.Thread(target=self._send, args=(connection, text), daemon=True).start()
                while len(came) < len(text) and (data := connection.recv(65536)):
                    came += data
        except OSError:
            pass
        self.assertEqual({kind: 1}, dict(gate.did))
        return came

    @staticmethod
    def _send(connection: socket.socket, text: bytes) -> None:
        try:
            connection.sendall(text)
        except OSError:
            pass

    def test_without_trouble_little_passes_whole_and_much_is_ended(self) -> None:
        self.assertEqual(TEXT[:100], self.echoed("", TEXT[:100]))
        self.assertLess(len(self.echoed("")), len(TEXT))

    def test_slices_and_delays_change_nothing(self) -> None:
        self.assertEqual(TEXT[:20_000], self.echoed("slice", TEXT[:20_000]))
        self.assertEqual(TEXT[:100], self.echoed("delay", TEXT[:100]))

    def test_a_cut_leaves_the_beginning(self) -> None:
        came = self.echoed("cut")
        self.assertLess(len(came), len(TEXT))
        self.assertEqual(TEXT[:len(came)], came)

    def test_corruption_changes_one_bit(self) -> None:
        came = self.echoed("corrupt")
        self.assertEqual(len(TEXT), len(came))
        self.assertEqual(1, sum((a ^ b).bit_count() for a, b in zip(TEXT, came)))

    def test_refused_and_stalled_give_nothing(self) -> None:
        self.assertEqual(b"", self.echoed("refuse"))
        self.assertEqual(b"", self.echoed("stall", timeout=1))


unittest.main(verbosity=2)

"""Many slow readers of large files, which come from the library as Base64, while pushes flow: memory and latency.

    query_files_test.py BUILD                              64 clients, each a file of 20 MB, once
    CERTBRIDGE_QUERY_FILES=5 query_files_test.py BUILD     the long form: five times, slower readers; ratios judged strictly

Each client asks for another file, so nothing is fetched once for several. What fails is memory beyond its promise, a file
that is not whole, a lost push and, in the long form, pushes that are slowed. Pushes before and between the readers are
compared with those meanwhile.
"""

import concurrent.futures
import os
import statistics
import time
import unittest

from asked import AskedAndPushing, MostMemory, slow_reader
from asked_host import FILE
from flooded import share, until

TURNS = int(os.environ.get("CERTBRIDGE_QUERY_FILES", "1"))
STRICT = TURNS > 1
CLIENTS, FILE_BYTES = 64, 20_000_004  # bytes: a multiple of three, so that its Base64 is not padded
BYTES_A_SECOND = 1e6 if STRICT else 4e6  # that a reader takes
MOST_MEMORY = 256.0  # MB; promised, no margin
LATENCY = 1.25 if STRICT else 100.0  # p99 of pushes meanwhile / otherwise; promised is "kept"
PER_SECOND = 50  # pushes
WORKERS = int(os.environ.get("CERTBRIDGE_QUERY_WORKERS", "2"))  # as the shipped configuration has for files


class QueryFiles(unittest.TestCase):
    def setUp(self) -> None:
        self.host = AskedAndPushing(self, {"library": "find file"}, FILE_BYTES, WORKERS, budget=99)
        self.host.start()

    def pushes(self, seconds: float) -> list[float]:
        """Latencies of pushes for so long."""
        there, count = self.host.arrived("push"), int(seconds * PER_SECOND)
        self.host.feed("push", count, PER_SECOND)
        until(lambda: self.host.arrived("push") >= there + count, "the pushes arrive")
        return self.host.latencies(there)

    def readers(self, turn: int) -> tuple[list[float], float]:
        """Latencies of the pushes while all read, and how long that took."""
        requests = list(self.host.asked.requests(FILE, CLIENTS, turn * CLIENTS))
        began, there = time.monotonic(), self.host.arrived("push")
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            reading = [clients.submit(slow_reader, self.host.asked.port, one, BYTES_A_SECOND) for one in requests]
            while not all(one.done() for one in reading):
                self.pushes(1)
        took = time.monotonic() - began
        self.assertEqual({("HTTP/1.1 200 OK", FILE_BYTES)}, {one.result() for one in reading})
        return self.host.latencies(there), took

    def test_slow_readers_cost_neither_memory_nor_pushes(self) -> None:
        self.pushes(1)
        memory, ratios = MostMemory(self.host), []
        self.addCleanup(memory.stop)
        for turn in range(TURNS):
            before = self.pushes(10 if STRICT else 2)
            meanwhile, took = self.readers(turn)
            ratios.append(share(meanwhile, 0.99) / share(before, 0.99))
            print(f"{CLIENTS} files of {FILE_BYTES / 1e6:.0f} MB in {took:.1f} s; pushes: half within "
                  f"{1000 * share(meanwhile, 0.5):.1f} ms meanwhile, {1000 * share(before, 0.5):.1f} ms otherwise; 99 of 100 within "
                  f"{1000 * share(meanwhile, 0.99):.1f} ms and {1000 * share(before, 0.99):.1f} ms", flush=True)
        most, figures = memory.stop(), self.host.asked.metrics()
        print(f"memory {most:.1f} MB (promised {MOST_MEMORY:.0f}), p99 of pushes x {statistics.median(ratios):.2f} (promised 1)")
        self.assertEqual(CLIENTS * TURNS, self.host.stubs["library"].figures()["file"], "each file is fetched")
        self.assertEqual(CLIENTS * TURNS, figures["certbridge_access_records"], "each has its record")
        numbers = [number for number, _, _ in self.host.arrivals("push")]
        self.assertEqual(list(range(1, len(numbers) + 1)), sorted(numbers), "each push arrives once")
        self.assertLess(most, MOST_MEMORY, "memory in MB")
        self.assertLess(statistics.median(ratios), LATENCY, "p99 of pushes with readers / without")


if __name__ == "__main__":
    unittest.main(verbosity=2)

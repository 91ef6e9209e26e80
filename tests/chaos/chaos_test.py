"""G2, G3, G4: every adapter behind a gate that refuses, delays, stalls, cuts, slices and corrupts its connections."""

import json
import os
import shutil
import ssl
import sys
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

import checks
from fronts import address, take_from_outbox
from gate import Gate
from tls import TlsFront, make_certificate
from world import World, main, until

RATES = {"refuse": 0.08, "delay": 0.08, "stall": 0.04, "cut": 0.15, "slice": 0.1, "corrupt": 0.12}
COUNT = int(os.environ.get("CERTBRIDGE_CHAOS_CASES", "16"))
SEED = int(os.environ.get("CERTBRIDGE_CHAOS_SEED", "1"))
IMPATIENT = {"first-byte-timeout": "3s", "timeout": "6s"}


class Chaos(unittest.TestCase):
    maxDiff = None

    def gate(self, target: tuple[str, int], **rates: float) -> Gate:
        gate = Gate(target, SEED, **(rates or RATES))
        self.addCleanup(gate.close)
        return gate

    def expect_every_kind(self, gate: Gate) -> None:
        """A run that met no trouble proves nothing."""
        print(f"\n{self.id().rsplit('.', 1)[1]}: {dict(gate.did)}", flush=True)
        self.assertEqual([], [kind for kind in gate.kinds if not gate.did[kind]], "these kinds of trouble never came")

    def expect_right(self, world: World) -> None:
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], checks.verified(world))
        self.assertEqual([], checks.leaks(world))
        self.assertEqual(0, world.host.terminate())

    def library(self, dialect: str) -> None:
        """The HTTP client: every certificate is held once, right, in order."""
        world = World(self, dialect=dialect)
        certificate, key = make_certificate(world.folder)
        parts = urllib.parse.urlsplit(world.library)
        front = TlsFront((parts.hostname, parts.port), certificate, key)
        self.addCleanup(front.close)
        gate = self.gate(front.address)
        world.options |= {"library-http.base-url": f"https://127.0.0.1:{gate.port}{parts.path}",
                          "library-http.ca-file": str(certificate),
                          **{f"library-http.{name}": value for name, value in IMPATIENT.items()}}
        world.generate(COUNT, seed=41)
        world.host.start()
        until(lambda: all(gate.did[kind] for kind in gate.kinds) or not world.open_cases(), "every kind of trouble came")
        self.expect_right(world)
        self.expect_every_kind(gate)

    def test_the_http_client_three_calls(self) -> None:
        self.library("epoint")

    def test_the_http_client_one_call(self) -> None:
        self.library("linewell")

    def test_the_http_server(self) -> None:
        """Whoever posts through the gate repeats until it is answered; nothing is lost, nothing is taken twice."""
        world = World(self)
        certificate, key = make_certificate(world.folder)
        world.options |= {"registration-front.certificate": str(certificate), "registration-front.key": str(key),
                          "registration-front.body-timeout": "2s", "registration-front.header-timeout": "2s",
                          "registration-reader.party-grace": "2s"}
        world.generate(COUNT, seed=42)
        events = take_from_outbox(world)
        world.host.start()
        port = urllib.parse.urlsplit(address(world, "registration-front")).port
        gate = self.gate(("127.0.0.1", port))
        trust = ssl.create_default_context(cafile=str(certificate))
        for event in events:
            until(lambda: self.posted(gate, trust, world, event), "the event is answered")
        self.expect_right(world)
        self.expect_every_kind(gate)

    def posted(self, gate: Gate, trust: ssl.SSLContext, world: World, event: dict) -> bool:
        """Whether an answer came; none is a reason to repeat."""
        request = urllib.request.Request(
            f"https://127.0.0.1:{gate.port}/events", json.dumps(event, ensure_ascii=False).encode(), method="POST",
            headers={"Content-Type": "application/json",
                     "Authorization": f"Bearer {world.secrets['registration-token']}"})
        try:
            with urllib.request.urlopen(request, timeout=5, context=trust) as answer:
                self.assertIn(answer.status, (200, 202))
                return True
        except urllib.error.HTTPError as error:
            self.assertEqual((422, bool(event["classified"])), (error.code, True), error.read())
            return True
        except (OSError, ValueError):
            return False  # whatever became of it, it is said again

    def test_sql_on_postgresql(self) -> None:
        """Source, responder and sink: rows are picked up once and written back once."""
        world = World(self, postgresql=True, options={
            "registration-outbox.lease": "1s", "registration-reader.party-grace": "20s",
            "registration-records.connections": "2"})
        certificate, key = make_certificate(world.folder)
        self.serve_tls(world, certificate, key)
        server = dict(part.split("=", 1) for part in world.database.connection.split())
        gate = self.gate(("127.0.0.1", int(server["port"])))
        through = (f"host=127.0.0.1 port={gate.port} user=certbridge dbname=registration sslmode=verify-full "
                   f"sslrootcert={certificate} connect_timeout=3")
        world.options |= {f"{name}.connection": through
                          for name in ("registration-outbox", "registration-records", "registration-results")}
        world.generate(COUNT, seed=43)
        world.host.start()
        until(lambda: all(gate.did[kind] for kind in gate.kinds) or not world.open_cases(), "every kind of trouble came")
        self.expect_right(world)
        self.expect_every_kind(gate)

    def serve_tls(self, world: World, certificate: Path, key: Path) -> None:
        """Let the test's own PostgreSQL speak TLS, and trust whoever comes over loopback."""
        data = world.folder / "postgresql" / "data"
        owner = data.stat()
        for source, name in ((certificate, "server.crt"), (key, "server.key")):
            shutil.copy(source, data / name)
            os.chown(data / name, owner.st_uid, owner.st_gid)
            (data / name).chmod(0o600)
        with open(data / "pg_hba.conf", "a", encoding="utf-8") as rules:
            rules.write("hostssl all all 127.0.0.1/32 trust\n")
        text = (data / "pg_hba.conf").read_text()
        (data / "pg_hba.conf").write_text(text.replace("scram-sha-256", "trust"))
        with open(data / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write("ssl = on\n")
        world.database.restart()


main(__name__)

"""A world whose registration system says what happens to certificates, and how each library says it."""

import unittest

import checks
from world import World, until

FIRST_CALL = {"epoint": "/epoint/rest/cert/save", "linewell": "/linewell/api/collectCert"}
LAST_CALL = {"epoint": "/epoint/rest/cert/publish", "linewell": "/linewell/api/collectCert"}
STATUS_PATH = {"epoint": "/epoint/rest/cert/status", "linewell": "/linewell/api/changeState"}
# How each library says what a certificate is; epoint has no word for what is suspended and keeps the last one.
WORDS = {"epoint": {"valid": "正常", "suspended": "正常", "mortgaged": "正常", "lost": "挂失", "cancelled": "注销", "revoked": "注销",
                    "abolished": "注销", "voided": "注销"},
         "linewell": {"valid": "11", "suspended": "13", "mortgaged": "11", "lost": "12", "cancelled": "-3", "revoked": "-8",
                      "abolished": "-8", "voided": "-5"}}
STATES = {"epoint": {"valid": "正常", "history": "正常"}, "linewell": {"valid": "11", "history": "-2"}}

SEIZE, WAIT, FREE = ("DENGBU", "800", "8000101"), ("DENGBU", "800", "8000102"), ("DENGBU", "800", "8000201")
OBJECT, CLEAR = ("DENGBU", "600", "6000101"), ("DENGBU", "600", "6000201")
LIMIT, UNLIMIT = ("XIANZHI", "900", None), ("JIECHU", "900", None)
PAUSE, RESUME = ("GUAQI", "900", None), ("HUIFU", "900", None)
PLEDGE, REDEEM = ("DENGBU", "100", None), ("DENGBU", "400", None)  # of right 37


class LifeWorld:
    """A world with the words of a registration system for what happens to certificates."""

    def __init__(self, test: unittest.TestCase, dialect: str, **more) -> None:
        self.test, self.world, self.dialect = test, World(test, dialect=dialect, **more), dialect
        self.clock = 0

    def collect(self, count: int, seed: int) -> list[dict]:
        """Certificates that the library holds, each with its case; titles only."""
        self.world.generate(count, seed=seed)
        self.world.host.start()
        self.world.wait_until_ended()
        return self.titles()

    def titles(self) -> list[dict]:
        return [{**certificate, "case": case} for case in self.world.truth()["cases"] for certificate in
                case["certificates"] if case["type"] != "mortgage" and case["expected"] == "collected"]

    def book(self, kind: tuple, case_no: str, numbers: str, like: str, of: str | None = None, wait: bool = True,
             authority: str | None = None, right: str = "98") -> None:
        """A case about certificates that are there: its row, then its event. `like`: a case of the same place."""
        event, djlx, djxl = kind
        self.clock += 1
        self.world.execute(
            self._right(kind, case_no, numbers, like, of, authority),
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, djxl, qllx, unit_no,"
             " occurred_at) SELECT (SELECT max(seq) + 1 FROM mw_case_outbox), ?, ?, ?, ?, area_code, ?, ?, ?, unit_no,"
             " ? FROM mw_case_outbox WHERE case_no = ? LIMIT 1", f"{event}:{case_no}:1", event, case_no,
             case_no + "-1", djlx, djxl, right, self.moment(), like))
        if wait:
            self.settle()

    def event_to_post(self, kind: tuple, case_no: str, numbers: str, like: str, of: str | None = None) -> dict:
        """The same as an event to be posted, once the row of its case is there."""
        event, djlx, djxl = kind
        self.clock += 1
        self.world.execute(self._right(kind, case_no, numbers, like, of))
        ((area, unit),) = self.world.query("SELECT area_code, unit_no FROM mw_case_outbox WHERE case_no = ? LIMIT 1", like)
        return {"event_id": f"{event}:{case_no}:1", "event_type": event, "case_no": case_no, "case_id": case_no + "-1",
                "revision": 1, "area_code": area, "djlx": djlx, "djxl": djxl, "qllx": "98", "unit_no": unit,
                "classified": 0, "occurred_at": self.moment()}

    @staticmethod
    def _right(kind: tuple, case_no: str, numbers: str, like: str, of: str | None, authority: str | None = None) -> tuple:
        return ("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, prev_certs, xz_ywh, xz_jg, djjg,"
                " djsj, qszt) SELECT ?, ?, unit_no, right_type, ?, ?, ?, ?, djjg, djsj, '1' FROM mw_case_right"
                " WHERE case_no = ? ORDER BY case_id LIMIT 1", case_no + "-1", case_no, kind[1], numbers, of, authority, like)

    def moment(self) -> str:
        """When the last event that was booked happened; each one is a second later than the one before."""
        return f"2026-02-01 10:{self.clock // 60:02d}:{self.clock % 60:02d}"

    def settle(self) -> None:
        """Until nothing is on its way, nor waits for its turn."""
        until(lambda: not self.world.open_events() and not self.world.busy_deliveries(incomplete=True),
              "everything has ended")

    def word(self, number: str, version: int = 1) -> str:
        """What the library says of it, in its own words."""
        rows = self.world.books("SELECT number, version, state, word FROM held")
        row = next(r for r in rows if r["number"] == number and r["version"] == version)
        return STATES[self.dialect].get(row["state"]) or row["word"]

    def changes(self) -> list[tuple[str, str]]:
        return [(row["word"], row["reason"]) for row in self.world.books("SELECT word, reason FROM changes ORDER BY id")]

    def stages(self, case_no: str) -> list[str]:
        return sorted(row["stage"] for row in self.world.results() if row["case_no"] == case_no)

    def is_told(self, number: str, status: str, version: int = 1) -> None:
        self.test.assertEqual(WORDS[self.dialect][status], self.word(number, version))

    def listed(self, state: str) -> str:
        return self.world.certbridge("messages", "list", "--state", state, "--limit", "1000")

    def said_again(self) -> list[dict]:
        """Changes that the library had made already: nobody who asked first hears that."""
        return [row for row in self.world.books("SELECT path, identifier, code FROM requests")
                if (row["path"], row["code"]) in checks.ALREADY]

    def nothing_is_wrong(self, *violations: str) -> None:
        self.test.assertEqual(list(violations), [row["rule"] for row in self.world.books("SELECT rule FROM violations")])
        self.test.assertEqual([], self.said_again() + checks.duplicates(self.world))
        self.test.assertEqual(0, self.world.host.terminate())

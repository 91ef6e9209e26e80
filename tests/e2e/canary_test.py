"""G10: no personal data and no secret in anything that the process writes, also not in what it says about wrong rows.

Every column that a registration system fills holds a canary in some case: free texts go through to the library with
theirs, and in every other column the canary is a wrong value, which the host must refuse without quoting it.
"""

import unittest

import checks
from world import World, main, until

# Columns that link the rows; a canary in them would only make rows disappear.
LINKS = {"case_no", "case_id", "cert_id", "sxh", "role", "cert_kind"}
TABLES = ("mw_case_right", "mw_case_party", "mw_case_cert", "mw_cert_image")
# What only proofs are made of.
OF_MORTGAGES = {"zmqlsx", "dyfs", "bdbzqse", "zwlxqx_qs", "zwlxqx_js"}
# Of the event itself. Its types and its time are no personal data, and are told to whom they concern.
EVENT_COLUMNS = ("djxl", "unit_no")


def canary(table: str, column: str) -> str:
    """A text that occurs nowhere else, of characters that need no escape in any format."""
    return f"Qx7{table}7{column}7Qx".replace("_", "7")


class Canaries(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.world = World(self, options={"registration-reader.party-grace": "1s"})
        self.planted: dict[str, str] = {}
        self.spoilt: list[str] = []

    def plant(self) -> None:
        """One case for each column of each table, as far as there are rows; `planted` says what lies where."""
        # With plans (every sixth case) there is an image to spoil; those cases serve for that table.
        pictured = {number for number, in self.world.query(
            "SELECT DISTINCT case_no FROM mw_cert_image JOIN mw_case_cert USING (cert_id)")}
        free: dict[str, list[str]] = {"title": [], "mortgage": [], "image": []}
        for case in self.world.truth()["cases"]:
            kind = "mortgage" if case["type"] == "mortgage" else "title"
            free["image" if case["caseNo"] in pictured else kind].append(case["caseNo"])
        for table in TABLES:
            for column in sorted(self.columns(table) - LINKS):
                kind = "mortgage" if column in OF_MORTGAGES else "title"
                self.spoil(table, column, free["image" if table == "mw_cert_image" else kind].pop())
        for column in EVENT_COLUMNS:
            self.spoil("mw_case_outbox", column, free["title"].pop())

    def columns(self, table: str) -> set[str]:
        return {row[1] for row in self.world.query(f"PRAGMA table_info({table})")}

    def spoil(self, table: str, column: str, case_no: str) -> None:
        text = canary(table, column)
        where = "case_no = ?"
        if table == "mw_cert_image":
            where = "cert_id IN (SELECT cert_id FROM mw_case_cert WHERE case_no = ?)"
        self.world.execute((f"UPDATE {table} SET {column} = ? WHERE {where}", text, case_no))
        found = self.world.query(f"SELECT count(*) FROM {table} WHERE {column} = ?", text)[0][0]
        self.assertGreater(found, 0, f"{table}.{column} of {case_no} was not spoilt")
        self.planted[f"{table}.{column}"] = text
        self.spoilt.append(case_no)

    def quiet(self) -> bool:
        self.assertIsNone(self.world.host.process.poll(), self.world.host.tail())
        return not self.world.open_events() and not self.world.busy_deliveries()

    def everything_written(self) -> dict[str, bytes]:
        """What a person, a collector of logs or metrics, or a thief of the disk can see."""
        world = self.world
        seen = {path: world.host.page(path)[1].encode() for path in ("/metrics", "/health/ready", "/health/live")}
        seen["log"] = world.host.log.read_bytes()
        seen["messages list"] = world.certbridge("messages", "list", "--limit", "10000").encode()
        for case_no in self.spoilt:
            seen[f"case {case_no}"] = world.certbridge("case", case_no).encode()
        # What is said to the registration system: errors of rows, and sentences for its clerks.
        seen["answers"] = "\n".join(
            text for row in world.query("SELECT last_error FROM mw_case_outbox UNION ALL "
                                        "SELECT sentence FROM mw_cert_result") for text in row if text).encode()
        for file in sorted((world.run / "journal").rglob("*")):
            if file.is_file():
                seen[str(file.relative_to(world.run))] = file.read_bytes()
        return seen

    def test_nothing_personal_is_written_whatever_is_wrong_with_a_row(self) -> None:
        world = self.world
        world.generate(84, seed=71)
        self.plant()
        world.host.start()
        until(self.quiet, "every case has come to rest")
        stages = [row["stage"] for row in world.results()]
        # The test would prove nothing if no row were refused or none went through.
        self.assertGreater(stages.count("collected"), 20)
        self.assertGreater(stages.count("refused"), 8)
        searched = {place: text.encode() for place, text in self.planted.items()} | checks.canaries(world)
        seen = self.everything_written()
        self.assertEqual([], checks.occurrences(seen, searched))
        # That the search finds what is there: what may be shown, and is.
        self.assertEqual(["messages list: the codes"],
                         checks.occurrences({"messages list": seen["messages list"]}, {"the codes": b"registration."}))
        self.assertIn(world.truth()["cases"][0]["caseNo"].encode(), seen["messages list"])


main(__name__)

"""Messages are found by certificate number, case, holder, state and time: from the running host, without one, after the
index was lost, and by nobody who looks at the list of processes."""

import json
import shutil
import sqlite3
import subprocess
import unittest

from world import World, build_folder, main, until


class Search(unittest.TestCase):
    def setUp(self) -> None:
        self.world = World(self)
        self.world.generate(6, seed=71)
        self.world.host.start()
        self.world.wait_until_ended()
        # One certificate of a case with one owner: by its result and by the owner's row.
        owners = self.world.query("SELECT case_no, min(xm), min(zjh) FROM mw_case_party WHERE role = '1' "
                                  "GROUP BY case_no HAVING count(*) = 1")
        collected = {row["case_no"]: row for row in self.world.results() if row["stage"] == "collected"}
        self.case, self.name, self.number = next(row for row in owners if row[0] in collected)
        self.identifier = collected[self.case]["identifier"]

    def search(self, *words: str, given: str = "") -> dict:
        program = str(build_folder() / "bin" / "certbridge")
        done = subprocess.run([program, "messages", "search", *words, "--json", "--config", str(self.world.configuration),
                               *self.world.settings()], input=given, capture_output=True, text=True,
                              cwd=self.world.folder, timeout=60)
        self.assertEqual(0, done.returncode, done.stderr)
        for personal in (self.name, self.number):
            self.assertNotIn(personal, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def found(self, *words: str, given: str = "") -> set:
        """Identifiers of the certificates that are found."""
        answer = self.search(*words, given=given)
        self.assertEqual(0, answer["not-searched"])
        return {row["identifier"] for row in answer["messages"] if row["type"] == "certificate.issue"}

    def all_ways(self) -> None:
        file = self.world.folder / "holder"
        file.write_text(self.name + "\n", "utf-8")
        number, = {number for number, in self.world.query(
            f"SELECT cert_no FROM mw_case_cert WHERE case_no = '{self.case}'")} or {""}
        self.assertEqual({self.identifier}, self.found("--holder", "-", given=self.number + "\n"))
        self.assertIn(self.identifier, self.found("--holder-name", f"@{file}"))
        self.assertEqual({self.identifier}, self.found("--certificate", number))
        self.assertEqual({self.identifier}, self.found("--case", self.case))
        self.assertEqual({self.identifier}, self.found(
            "--case", self.case, "--holder", "-", "--state", "done", "--from", "2026-01-01", given=self.number))
        self.assertEqual(set(), self.found("--case", self.case, "--state", "parked"))
        self.assertEqual(set(), self.found("--holder", "-", given="nobody\n"))

    def indexed(self) -> int:
        """How many rows of terms the search files have."""
        rows = 0
        for file in (self.world.run / "journal" / "search").glob("*.db"):
            connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
            rows += connection.execute("SELECT count(*) FROM terms").fetchone()[0]
            connection.close()
        return rows

    def test_with_a_host_without_one_and_after_the_index_is_lost(self) -> None:
        self.all_ways()
        until(lambda: self.indexed() > 0, "the index is filled")
        self.world.host.kill()
        self.all_ways()
        rows = self.indexed()
        for path in (self.world.run / "journal").rglob("search"):
            shutil.rmtree(path)
        self.all_ways()  # what is not in the index is looked at in the journal
        self.world.host.start()
        until(lambda: self.indexed() >= rows, "the running host has made the index anew")
        self.all_ways()
        self.assertEqual(0, self.world.host.terminate())
        said = self.world.certbridge("journal", "index", "--rebuild")
        self.assertRegex(said, r"[1-9][0-9]* messages entered")
        self.assertEqual(rows, self.indexed())
        self.all_ways()

    def test_a_page_says_where_the_next_one_begins(self) -> None:
        seen, cursor = [], "0"
        while True:
            answer = self.search("--limit", "4", "--cursor", cursor)
            seen += [row["message"] for row in answer["messages"]]
            if answer["next"] == 0:
                break
            cursor = str(answer["next"])
        everything = [line.split()[0] for line in self.world.certbridge("messages", "list", "--limit", "1000")
                      .splitlines()[1:]]
        self.assertEqual(sorted(everything), sorted(seen))
        self.assertEqual(len(seen), len(set(seen)))


main(__name__)

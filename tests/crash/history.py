"""One history: a seed from its world to what is wrong at its end."""

from __future__ import annotations

import random
import unittest
from collections import Counter, defaultdict
from pathlib import Path

import checks
from life_world import WORDS, LifeWorld
from model import ENDS, LOST, REARRANGEMENTS, Booked, follows
from office import Office
from trouble import FIRST_BYTE, Trouble
from world import until

CASES, EVENTS, TROUBLES = 4, 12, 7
PATIENCE = 60  # seconds until everything has come to its end; it takes two
KINDS = {"a restriction": 6, "a release": 5, "a loss": 1, "an end": 2, "a new version": 2, "a return": 1,
         "an end of what was never issued": 1, "an event that nobody can read": 1, "a return at once": 2, "first issue": 2, "transfer": 1, "split": 3, "merge": 2, "regroup": 2, "exchange": 1}
OPTIONS = {"registration-outbox.lease": "1s", "library-http.first-byte-timeout": f"{FIRST_BYTE}ms",
           "seal-http.first-byte-timeout": f"{FIRST_BYTE}ms"}


class History:
    """Cases that are issued, what is booked about them, and the trouble in between: all of it follows from the seed."""

    def __init__(self, test: unittest.TestCase, seed: int, authority: Path, fault: str = "") -> None:
        self.seed, self.chance = seed, random.Random(seed)
        self.done, self.misdeeds = Counter(), Counter()
        dialect = self.chance.choice(("epoint", "linewell"))
        seal = self.chance.choice(("local", "service"))
        options = OPTIONS if seal == "service" else {k: v for k, v in OPTIONS.items() if not k.startswith("seal")}
        self.life = LifeWorld(test, dialect, options=options, verify="none", postgresql=seed % 10 == 0, seal=seal, authority=authority,
                              environment={"CERTBRIDGE_FAULT": fault} if fault else {})
        self.world, self.words = self.life.world, WORDS[dialect]
        self.office = Office(self.life)
        self.trouble = Trouble(self.world, self.office, self.chance, self._issue_one_more)
        self.booked: list[Booked] = []
        self.returned: list[Booked] = []
        self.rearranged: set[str] = set()  # cases that ended earlier certificates
        self.strangers: list[str] = []
        self.unreadable: list[str] = []
        self._acts = {"a restriction": self._restrict, "a release": self._release, "a loss": self._lose,
                      "an end": self._end, "a new version": self._renew, "a return": self._take_back,
                      "a return at once": self._return_at_once,
                      "an end of what was never issued": self._end_nothing,
                      "an event that nobody can read": self._book_unreadable}

    def run(self) -> list[str]:
        """What is wrong at the end; never to come to an end is wrong as well."""
        try:
            self.tell()
            return self.wrong()
        except AssertionError as error:
            return [str(error).splitlines()[0]]
        finally:
            self.world.close()

    def tell(self) -> None:
        """Book everything, with trouble in between; then let it come to its end without."""
        self.world.generate(CASES, seed=self.seed)
        self.booked = [Booked(title["number"], title["case"]["caseNo"], self.words, title["case"]["units"][0])
                       for title in self.life.titles()]
        self.world.host.launch()
        acts = ["event"] * EVENTS + ["trouble"] * TROUBLES
        self.chance.shuffle(acts)
        for index, act in enumerate(acts):
            self.trouble.pause(0.15)
            if act == "trouble":
                self.trouble.happen()
            else:
                self._book(f"H-{index}")
        self.misdeeds = sum((one.misdeeds() for one in self.world.counterparts.values()), Counter())
        self.trouble.end()
        self._wait()

    def _wait(self) -> None:
        """Until every row was taken over and nothing is on its way."""
        def ended() -> bool:
            metrics = self.world.host.metrics()
            waits = sum(metrics.get(f'certbridge_messages{{state="{state}"}}', 0) for state in ("accepted", "incomplete"))
            return not self.world.open_events() and not waits and not self.world.busy_deliveries()
        until(ended, "everything comes to its end", PATIENCE)

    # What is booked.

    def _book(self, case_no: str) -> None:
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        act = self._acts.get(kind) or (lambda case: self._rearrange(kind, case))
        self.done[kind if act(case_no) else "nothing left to book"] += 1

    def _some(self, fits) -> Booked | None:
        found = [one for one in self.booked if fits(one)]
        return self.chance.choice(found) if found else None

    def _say(self, row: tuple, case_no: str, one: Booked, of: str | None = None, right: str = "98") -> None:
        self.life.book(row, case_no, one.number, one.case_no, of, wait=False, right=right)

    def _restrict(self, case_no: str) -> bool:
        one = self._some(lambda it: it.base == "valid")
        if one:
            row, kind, _ = one.restrict(self.chance, case_no)
            self._say(row, case_no, one, right="37" if kind == "mortgage" else "98")
        return bool(one)

    def _release(self, case_no: str) -> bool:
        one = self._some(lambda it: it.base == "valid" and it.open)
        if one:
            row, kind, of = one.release(self.chance, case_no)
            self._say(row, case_no, one, of, right="37" if kind == "mortgage" else "98")
        return bool(one)

    def _lose(self, case_no: str) -> bool:
        one = self._some(lambda it: it.base == "valid")
        if one:
            one.become("lost", case_no)
            self._say(LOST, case_no, one)
        return bool(one)

    def _end(self, case_no: str) -> bool:
        one, how = self._some(lambda it: it.base in ("valid", "lost")), self.chance.choice(list(ENDS))
        if one:
            one.become(how, case_no)
            self._say(ENDS[how], case_no, one)
        return bool(one)

    def _together(self, one: Booked) -> list[Booked]:
        """All certificates of its case."""
        return [it for it in self.booked if it.case_no == one.case_no]

    def _renew(self, _: str) -> bool:
        """What has changed is booked when the library has what was there before."""
        one = self._some(lambda it: all(it.base in ("valid", "lost") for it in self._together(it)))
        if one is None or not self._all_collected(self._together(one)):
            return False
        for it in self._together(one):
            it.renew()
        self.office.new_version(one.case_no, one.version)
        return True

    def _all_collected(self, some: list[Booked]) -> bool:
        try:
            return until(lambda: all(map(self._collected, some)), "they are collected", 1)
        except AssertionError:
            return False

    def _collected(self, one: Booked) -> bool:
        return bool(self.world.books(f"SELECT 1 FROM held WHERE number = '{one.number}' AND version = {one.version}"
                                     " AND state NOT IN ('draft', 'pending')"))

    def _take_back(self, _: str) -> bool:
        one = self._some(lambda it: it.case_no not in self.rearranged and
                         all(other.base == "valid" and other.version == 1 for other in self._together(it)))
        if one:
            self._return(one)
        return bool(one)

    def _return(self, one: Booked) -> None:
        for it in self._together(one):
            it.become("voided", "")
            self.booked.remove(it)
            self.returned.append(it)
        self.office.take_back(one.case_no)

    def _return_at_once(self, case_no: str) -> bool:
        """Somebody sees his mistake while the certificate is still being made."""
        if not self._rearrange("first issue", case_no):
            return False
        self.trouble.pause(1)
        self._return(self.booked[-1])
        return True

    def _end_nothing(self, case_no: str) -> bool:
        self.strangers.append(case_no)
        like = self.chance.choice(self.booked + self.returned)
        number = like.number.replace("第", f"第{self.chance.randrange(10)}")
        self.life.book(ENDS["cancelled"], case_no, number, like.case_no, wait=False)
        return True

    def _book_unreadable(self, case_no: str) -> bool:
        self.unreadable.append(case_no)
        self.office.unreadable(case_no, self.chance.choice(self.booked + self.returned).case_no)
        return True

    def _rearrange(self, name: str, case_no: str) -> bool:
        kind = REARRANGEMENTS[name]
        first = self._some(lambda it: it.base == "valid" and len(self._beside(it)) >= kind.earlier)
        if first is None:
            return False
        earlier = self.chance.sample(self._beside(first), kind.earlier)
        numbers = self.office.rearrange(case_no, kind.registration, kind.events,
                                        {it.number: it.case_no for it in earlier}, kind.new, kind.names)
        for it in earlier if kind.becomes else []:
            it.become(kind.becomes, case_no)
            self.rearranged.add(case_no)
        self.booked += [Booked(number, case_no, self.words, first.unit) for number in numbers]
        return True

    def _issue_one_more(self) -> None:
        self.done["first issue"] += self._rearrange("first issue", f"K-{self.done['first issue']}")

    def _beside(self, one: Booked) -> list[Booked]:
        """What may be rearranged together with it: of the same office, whatever its units."""
        return [it for it in self.booked if it.base == "valid" and it.unit[:6] == one.unit[:6]]

    # What is wrong.

    def wrong(self) -> list[str]:
        """What the library's books and the office's rows say otherwise than what was booked."""
        found = [f"{row['rule']}: {row['text']}" for row in self.world.books("SELECT rule, text FROM violations")]
        found += [f"{row['path']} was called although it was done ({row['code']})" for row in self.life.said_again()]
        found += checks.resent_without_asking(self.world, checks.COLLECTING)
        self._read_books()
        for one in self.booked:
            found += self._wrong_about(one)
        for one in self.returned:
            found += self._wrong_about_returned(one)
        found += self._wrong_about_events() + self.trouble.ended
        return found + checks.duplicates(self.world) + checks.acknowledged(self.world)

    def _read_books(self) -> None:
        self.held = {(row["number"], row["version"]): row for row in self.world.books("SELECT * FROM held")}
        self.heard = defaultdict(list)
        for row in self.world.books("SELECT held.number, changes.word FROM changes JOIN held USING (identifier) ORDER BY id"):
            self.heard[row["number"]].append(row["word"])
        self.stages = defaultdict(list)
        for row in self.world.results():
            self.stages[row["case_no"]].append(row["stage"])

    def _before_it_was_there(self, one: Booked) -> bool:
        """Whether the office was told that something came before the certificate, which was still being made."""
        told = {stage for case in one.events + [one.case_no] for stage in self.stages[case]}
        return bool(told & {"not_held", "not_published"})

    def _wrong_about(self, one: Booked) -> list[str]:
        name = f"certificate {one.number[-8:-1]}"
        early = self._before_it_was_there(one)
        self.done["a certificate that something came before" if early else "a certificate"] += 1
        if (one.number, one.version) not in self.held:
            gone = early and one.base in ENDS and (one.number, 1) not in self.held
            return [] if gone and not self.heard[one.number] else [f"{name}: version {one.version} is not held"]
        found = []
        if self.life.word(one.number, one.version) != one.word():
            found.append(f"{name} is {self.life.word(one.number, one.version)}, not {one.word()}")
        heard = self.heard[one.number]
        loose = early or one.version > 1
        if heard != one.told and not (loose and (not heard or follows(heard, one.told))):
            found.append(f"{name}: the library heard {heard}, not {one.told}")
        return found

    def _wrong_about_returned(self, one: Booked) -> list[str]:
        """It never came, or it was voided."""
        row = self.held.get((one.number, 1))
        found = [] if row is None or row["state"] in ("draft", "pending", "cancelled") else [
            f"a certificate of a returned case is {row['state']}"]
        heard = self.heard[one.number]
        return found + ([] if not heard or follows(heard, one.told) else [f"returned: heard {heard}, not {one.told}"])

    def _wrong_about_events(self) -> list[str]:
        """Each event was reported once, or waits for a person."""
        parked = self.life.listed("parked")
        found = [f"{case}: an event that nobody can read is not kept" for case in self.unreadable
                 if not any(case in line.split() for line in parked.splitlines())]
        found += [f"{case}: {self.stages[case]} of what was never issued" for case in self.strangers
                  if self.stages[case] != ["not_held"]]
        for one in self.booked:
            found += [f"{case}: reported {self.stages[case]}" for case in one.events
                      if case != one.case_no and len(self.stages[case]) < 1]
        return found + [f"parked: {' '.join(line.split())}" for line in parked.splitlines()[1:]
                        if not (self._known | set(self.unreadable)) & set(line.split())]

    @property
    def _known(self) -> set[str]:
        """Cases that end with a certificate which is not in the library: that they say so is right."""
        return {one.case_no for one in self.returned} | {one.case_no for one in self.booked
                                                         if self._before_it_was_there(one)}

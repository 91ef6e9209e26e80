"""The contest's tables: ratios with their targets, what they were made of, and the proofs."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any

SLOW = " (+2 ms per sync)"
OURS = "ours"
CLASSIC, QUORUM = "RabbitMQ classic, blocking front", "RabbitMQ quorum, blocking front"
CLASSIC_FAST, QUORUM_FAST = "RabbitMQ classic, pipelined front", "RabbitMQ quorum, pipelined front"
NODE_RED = "Node-RED with PostgreSQL"


@dataclass(frozen=True)
class Target:
    """A ratio of ours to a peer's figure, what it must be, and what to try for. `most`: smaller is better."""

    row: str
    figure: str
    peer: str
    must: float | None = None
    moonshot: float | None = None
    most: bool = False
    slow: bool = False

    def met(self, value: float) -> str:
        """In a word."""
        if self.must is None or self.moonshot is None:
            return ""
        reached = (lambda aim: value <= aim) if self.most else (lambda aim: value >= aim)
        return "moonshot" if reached(self.moonshot) else "met" if reached(self.must) else "**missed**"


TARGETS = [
    Target("delivered/s, ours / RabbitMQ classic, blocking front", "delivered", CLASSIC, 2.5, 5),
    Target("delivered/s, ours / RabbitMQ classic, pipelined front", "delivered", CLASSIC_FAST, 1.3, 2.5),
    Target("delivered/s, ours / RabbitMQ quorum, blocking front", "delivered", QUORUM),
    Target("delivered/s, ours / RabbitMQ quorum, pipelined front", "delivered", QUORUM_FAST),
    Target("delivered/s, ours / RabbitMQ classic, blocking front" + SLOW, "delivered", CLASSIC, 2, 4, slow=True),
    Target("delivered/s, ours / RabbitMQ quorum, blocking front" + SLOW, "delivered", QUORUM, 1.7, 4, slow=True),
    Target("delivered/s, ours / RabbitMQ classic, pipelined front" + SLOW, "delivered", CLASSIC_FAST, slow=True),
    Target("delivered/s, ours / RabbitMQ quorum, pipelined front" + SLOW, "delivered", QUORUM_FAST, slow=True),
    Target("CPU per message, ours / RabbitMQ classic, blocking front", "cpu", CLASSIC, 0.4, 0.2, most=True),
    Target("memory, ours / RabbitMQ classic, blocking front", "memory", CLASSIC, 0.15, 0.15, most=True),
    Target("accept p50 at 300/s, ours / RabbitMQ classic, blocking front", "open_p50", CLASSIC, 0.6, 0.4, most=True),
    Target("delivered/s, ours / Node-RED with PostgreSQL", "delivered", NODE_RED, 15, 30),
    Target("delivered/s, ours / Node-RED with PostgreSQL" + SLOW, "delivered", NODE_RED, slow=True),
]
# Figure, heading.
FIGURES = [("accepted", "accepted/s"), ("delivered", "delivered/s"), ("p50", "accept p50 ms"), ("p99", "accept p99 ms"),
           ("cpu", "CPU s per 1,000"), ("memory", "PSS MB"), ("open_p50", "p50 ms at 300/s"),
           ("open_p99", "p99 ms at 300/s"), ("others", "other work, cores")]
SUMS = [("lost", "lost"), ("duplicates", "twice"), ("refused", "not 2xx")]


@dataclass
class Results:
    """Figures of every turn by contestant, in the order of the rounds."""

    turns: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    proofs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, contestant: str, figures: dict[str, float]) -> None:
        """One turn."""
        self.turns.setdefault(contestant, []).append(figures)

    def values(self, contestant: str, figure: str) -> list[float]:
        """Of all rounds."""
        return [turn[figure] for turn in self.turns.get(contestant, [])]

    def ratios(self, target: Target) -> list[float]:
        """Ours to the peer's, round by round; empty when the peer did not take part."""
        suffix = SLOW if target.slow else ""
        pairs = zip(self.values(OURS + suffix, target.figure), self.values(target.peer + suffix, target.figure))
        return [ours / theirs for ours, theirs in pairs if theirs]

    def sound(self) -> bool:
        """Whether ours delivered all it accepted, in every turn and after the kill, and syncs for each accept."""
        turns = [turn for name, all_turns in self.turns.items() if name.startswith(OURS) for turn in all_turns]
        proof = self.proofs.get(OURS, {"lost": 1, "syncs": 0})
        syncs = proof["syncs"] is None or proof["syncs"] >= 1
        return syncs and proof["lost"] == 0 and all(turn["delivered"] > 0 and turn["lost"] == 0 and turn["open_lost"] == 0
                                                    for turn in turns)


def shown(value: float) -> str:
    """Three significant digits: more would claim what a shared machine cannot give."""
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3}f}"


def spread(values: list[float]) -> list[str]:
    """Smallest, middle and largest."""
    return [shown(min(values)), shown(median(values)), shown(max(values))]


def print_row(cells: list[str]) -> None:
    """One line of a table."""
    print("| " + " | ".join(cells) + " |")


def print_head(title: str, cells: list[str]) -> None:
    """Title and heading of a table."""
    print(f"\n## {title}\n")
    print_row(cells)
    print_row(["---"] * len(cells))


def print_ratios(results: Results, names: list[str]) -> None:
    """Ours to each peer that took part; the median decides whether a target is met."""
    rows = [(target, results.ratios(target)) for target in TARGETS if target.peer in names]
    if not rows:
        return
    print_head("peers: ours / theirs", ["what", "min", "median", "max", "must", "moonshot", ""])
    for target, ratios in rows:
        if not ratios:
            continue
        sign = "at most" if target.most else "at least"
        aims = ["", ""] if target.must is None else [f"{sign} {target.must}", f"{sign} {target.moonshot}"]
        print_row([target.row, *spread(ratios), *aims, target.met(median(ratios))])


def print_figures(results: Results, names: list[str]) -> None:
    """What the ratios are made of, in units of this machine on this day."""
    print_head("peers: figures (min / median / max)",
               ["contestant", *(title for _, title in FIGURES), *(title for _, title in SUMS)])
    for name in [name + suffix for suffix in ("", SLOW) for name in names]:
        if name not in results.turns:
            continue
        sums = [sum(results.values(name, figure) + results.values(name, "open_" + figure)) for figure, _ in SUMS]
        print_row([name, *(" / ".join(spread(results.values(name, figure))) for figure, _ in FIGURES),
                   *(str(int(number)) for number in sums)])


def print_proofs(results: Results, names: list[str]) -> None:
    """One connection under strace, and SIGKILL to all of a contestant under load."""
    print_head("peers: is it durable",
               ["contestant", "syncs for each accepted", "durable before the answer", "accepted before the kill",
                "lost by it", "twice after it"])
    for name in [name for name in names if name in results.proofs]:
        proof = results.proofs[name]
        syncs = "not counted" if proof["syncs"] is None else shown(proof["syncs"])
        kept = proof["durable"] and (proof["syncs"] is None or proof["syncs"] >= 1)
        print_row([name, syncs, "yes" if kept else "**no**", str(proof["accepted"]), str(proof["lost"]),
                   str(proof["duplicates"])])

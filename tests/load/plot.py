"""Plots as SVG, written by hand: panels one below the other over a common axis of seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT, TOP, HEIGHT, GAP = 960, 70, 20, 60, 190, 50
COLOURS = ("#2b6ca8", "#b4541f")
STYLE = """  <style>
    .ground { fill: #ffffff; }
    .band { fill: #e4e7ec; }
    .axis { stroke: #5b6b80; stroke-width: 1; }
    .grid { stroke: #d4d9e0; stroke-width: 1; }
    .mark { stroke: #a8781b; stroke-width: 1.5; stroke-dasharray: 6 4; }
    .line { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
    text { fill: #1c2430; font-family: "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; font-size: 13px; }
    .title { font-size: 17px; }
    .end { text-anchor: end; }
    .middle { text-anchor: middle; }
  </style>"""


@dataclass
class Line:
    """Points (seconds, value) with their name."""

    words: str
    points: list[tuple[float, float]]


@dataclass
class Panel:
    """Lines over one vertical axis; `bands` are the times that are shaded."""

    words: str
    lines: list[Line]
    bands: list[tuple[float, float]]
    logarithmic: bool = False
    most: float = 0.0  # the axis reaches it at least, and a dashed line marks it
    mark: str = ""

    def ticks(self) -> list[float]:
        """Round values from below the smallest to above the largest one."""
        values = [value for line in self.lines for _, value in line.points]
        if self.logarithmic:
            first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
            return [10.0 ** power for power in range(first, max(last, first + 1) + 1)]
        largest = max([*values, self.most])
        step = 10.0 ** math.floor(math.log10(largest))
        step = next(s for s in (step / 5, step / 2, step) if largest / s <= 8)
        return [step * number for number in range(math.ceil(largest / step) + 1)]


class Scale:
    """Where values stand on the page."""

    def __init__(self, panel: Panel, top: float, seconds: float) -> None:
        self.panel, self.top, self.seconds, self.marks = panel, top, seconds, panel.ticks()

    def x(self, second: float) -> float:
        """From the left."""
        return LEFT + (WIDTH - LEFT - RIGHT) * second / self.seconds

    def y(self, value: float) -> float:
        """From the top."""
        shown = math.log10 if self.panel.logarithmic else float
        low, high = shown(self.marks[0]), shown(self.marks[-1])
        return self.top + HEIGHT * (1 - (shown(value) - low) / (high - low))


def drawn(panel: Panel, top: float, seconds: float) -> list[str]:
    """The elements of one panel."""
    at, bottom, right = Scale(panel, top, seconds), top + HEIGHT, WIDTH - RIGHT
    out = [f'  <rect class="band" x="{at.x(begins):.1f}" y="{top}" width="{at.x(ends) - at.x(begins):.1f}" height="{HEIGHT}"/>'
           for begins, ends in panel.bands]
    for tick in at.marks:
        out.append(f'  <line class="grid" x1="{LEFT}" y1="{at.y(tick):.1f}" x2="{right}" y2="{at.y(tick):.1f}"/>')
        out.append(f'  <text class="end" x="{LEFT - 8}" y="{at.y(tick) + 4:.1f}">{tick:g}</text>')
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if seconds / s <= 12)
    for second in range(0, int(seconds) + 1, step):
        out.append(f'  <text class="middle" x="{at.x(second):.1f}" y="{bottom + 18}">{second} s</text>')
    out.append(f'  <line class="axis" x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>')
    if panel.mark:
        out.append(f'  <line class="mark" x1="{LEFT}" y1="{at.y(panel.most):.1f}" x2="{right}" y2="{at.y(panel.most):.1f}"/>')
        out.append(f'  <text class="end" x="{right - 6}" y="{at.y(panel.most) + 17:.1f}">{escape(panel.mark)}</text>')
    out.append(f'  <text x="{LEFT}" y="{top - 8}">{escape(panel.words)}</text>')
    for number, line in enumerate(panel.lines):
        points = " ".join(f"{at.x(second):.1f},{at.y(value):.1f}" for second, value in line.points)
        out.append(f'  <polyline class="line" stroke="{COLOURS[number]}" points="{points}"/>')
        if len(panel.lines) > 1:
            out.append(f'  <text class="end" x="{right - 220 * number}" y="{top - 8}" style="fill: {COLOURS[number]}">'
                       f"{escape(line.words)}</text>")
    return out


def page(title: str, description: str, panels: list[Panel]) -> str:
    """The whole file."""
    seconds = max(second for panel in panels for line in panel.lines for second, _ in line.points)
    height = TOP + len(panels) * (HEIGHT + GAP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
           'aria-labelledby="title words">', f'  <title id="title">{escape(title)}</title>',
           f'  <desc id="words">{escape(description)}</desc>', STYLE,
           f'  <rect class="ground" width="{WIDTH}" height="{height}"/>',
           f'  <text class="title" x="{LEFT}" y="26">{escape(title)}</text>']
    for number, panel in enumerate(panels):
        out += drawn(panel, TOP + number * (HEIGHT + GAP), seconds)
    return "\n".join([*out, "</svg>", ""])

#!/usr/bin/env python3
"""What the operations guide names is what the sources name, and the Chinese documents show what the English ones show.

Metrics and log events of host, adapters and plugins stand in the guide, and nothing else does. A document and its translation
have the same commands, tables of the same size, and headings of the same depth, and the translation has in each section every
name of something (`not-held`) that the document has there.
"""

import re
import sys

import markdown

GUIDES = ("docs/guides/operations.md", "docs/zh-CN/operations.md")
PAIRS = (("README.md", "README.zh-CN.md"), GUIDES)
METRIC = re.compile(r"(?:metrics\(\)|metrics_?|registry)\.(?:count|gauge|observe)\(\s*\"([a-z0-9_]+)\"")
EVENT = re.compile(r"LogLevel::k\w+\s*,\s*\"([a-z]+\.[a-z_]+)\"")


def sources(root):
    for folder in ("host", "adapters", "plugins"):
        for path in sorted((root / folder).rglob("*.cpp")):
            if "tests" not in path.relative_to(root).parts:
                yield path.read_text(encoding="utf-8")


def compare_names(guide, kind, in_sources, in_guide):
    return ([f"{guide}: the {kind} {name} is not explained" for name in sorted(in_sources - in_guide)] +
            [f"{guide}: the {kind} {name} is not in the sources" for name in sorted(in_guide - in_sources)])


def first_cells(text):
    """Names in the first cells of tables that hold nothing but `names`."""
    cells = re.findall(r"^\| ((?:`[^`|]+`[,、 ]*)+) \|", text, re.M)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def check_guide(guide, text, code):
    metrics = {"certbridge_" + name for source in code for name in METRIC.findall(source)}
    events = {name for source in code for name in EVENT.findall(source)}
    told = first_cells(text)
    # The second half of these is a state or an answer, put in while running.
    told_events = {name for name in told if re.fullmatch(r"[a-z]+\.[a-z_]+", name)
                   and not name.startswith(("intake.", "message.")) and not name.endswith(".xml")}
    return (compare_names(guide, "metric", metrics, {name for name in told if name.startswith("certbridge_")}) +
            compare_names(guide, "event", events, told_events))


def outline(text):
    """Depths of headings, and numbers of rows of tables: what a translation keeps."""
    lines = markdown.prose(text)
    depths = [len(re.match(r"#+", line).group()) for line in lines if re.match(r"#+ ", line)]
    tables = re.findall(r"(?:^\|.*\n)+", "\n".join(lines) + "\n", re.M)
    return depths, [table.count("\n") for table in tables]


def commands(text):
    return [re.sub(r"\s+#.*", "", line) for _, line in markdown.command_lines(text)]


def names_by_section(text):
    """Names in `quotes`, of each section of the second depth."""
    sections = re.split(r"^## ", "\n".join(markdown.prose(text)), flags=re.M)
    return [set(re.findall(r"`([a-z][A-Za-z0-9_-]*)`", section)) for section in sections]


def check_names(names, first, second):
    return [f"{names[1]}: section {number} does not speak of `{name}`, which {names[0]} does"
            for number, (one, other) in enumerate(zip(names_by_section(first), names_by_section(second)))
            for name in sorted(one - other)]


def check_pair(names, first, second):
    findings = check_names(names, first, second)
    for one, other in zip(commands(first) + [None], commands(second) + [None]):
        if one != other:
            findings.append(f"{names[1]}: shows `{other}` where {names[0]} shows `{one}`")
            break
    for what, one, other in zip(("headings", "rows of tables"), outline(first), outline(second)):
        if one != other:
            findings.append(f"{names[1]}: its {what} are {other}, those of {names[0]} are {one}")
    return findings


def check(root):
    texts = {name: (root / name).read_text(encoding="utf-8") for pair in PAIRS for name in pair}
    code = list(sources(root))
    findings = [finding for guide in GUIDES for finding in check_guide(guide, texts[guide], code)]
    for pair in PAIRS:
        findings += check_pair(pair, texts[pair[0]], texts[pair[1]])
    return len(GUIDES) + len(PAIRS), findings


def test():
    code = ['metrics_.count("a_total", {}, 1); logger.log(LogLevel::kInfo, "host.started", {});']
    good = "| `certbridge_a_total` | |\n| `host.started`, `host.started` | |\n"

    def pair(first, second):
        return check_pair(("a.md", "b.md"), first, second)
    markdown.self_test("check_parity", [
        ("all names are explained", 0, check_guide("g.md", good, code)),
        ("a metric that is not explained", 1, check_guide("g.md", "| `host.started` | |\n", code)),
        ("a metric that is not in the sources", 1, check_guide("g.md", good + "| `certbridge_b_total` | |\n", code)),
        ("an event that is not explained", 1, check_guide("g.md", "| `certbridge_a_total` | |\n", code)),
        ("an event that is not in the sources", 1, check_guide("g.md", good + "| `host.gone` | |\n", code)),
        ("a true translation", 0, pair("# A\n\n    run # it\n\n| a |\n", "# 甲\n\n    run # 它\n\n| 甲 |\n")),
        ("another command", 1, pair("    run\n", "    walk\n")),
        ("a command more", 1, pair("    run\n", "    run\n    walk\n")),
        ("a row less", 1, pair("| a |\n| b |\n", "| a |\n")),
        ("another depth", 1, pair("## A\n", "# 甲\n")),
        ("a name more in the translation", 0, pair("## A\n`a`\n", "## 甲\n`a` `b`\n")),
        ("a name that is left out of its section", 1, pair("## A\n`a`\n## B\n", "## 甲\n## 乙\n`a`\n"))])


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        test()
    sys.exit(markdown.finish("check_parity", *check(markdown.ROOT)))

#!/usr/bin/env python3
"""Every relative link and picture in the Markdown files leads somewhere, also to a heading (#...)."""

import pathlib
import re
import sys
import tempfile
import urllib.parse

import markdown

LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")


def anchors(path):
    """The names under which the headings of a document can be linked to."""
    names, text = set(), path.read_text(encoding="utf-8")
    for line in markdown.prose(text):
        heading = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if heading:
            words = re.sub(r"[^\w\- ]", "", heading.group(1).replace("`", "").lower())
            names.add(words.replace(" ", "-"))
    return names


def wrong_with(root, path, target):
    place, _, anchor = urllib.parse.unquote(target).partition("#")
    whole = (path.parent / place).resolve() if place else path
    if not whole.is_relative_to(root.resolve()):
        return "leads out of the project"
    if not whole.exists():
        return "is not there"
    if anchor and whole.suffix == ".md" and anchor.lower() not in anchors(whole):
        return f"has no heading #{anchor}"
    return None


def check(root):
    checked, findings = 0, []
    for path in markdown.files(root):
        for number, line in enumerate(markdown.prose(path.read_text(encoding="utf-8")), 1):
            for target in LINK.findall(re.sub(r"(?<!`)`[^`]+`(?!`)", "", line)):
                if re.match(r"[a-z][a-z0-9+.-]*:", target):
                    continue
                checked += 1
                wrong = wrong_with(root, path, target)
                if wrong:
                    findings.append(f"{path.relative_to(root)}:{number}: {target} {wrong}")
    return checked, findings


def planted(text):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "docs").mkdir()
        (root / "docs" / "b.md").write_text("# One `two`\n")
        (root / "a.md").write_text(text)
        return check(root)[1]


def test():
    markdown.self_test("check_links", [
        ("a link that is there", 0, planted("[b](docs/b.md) and [c](docs/b.md#one-two), [d](https://example.com/x)\n")),
        ("a file that is not there", 1, planted("see [b](docs/c.md)\n")),
        ("a picture that is not there", 1, planted("![p](docs/p.png)\n")),
        ("a heading that is not there", 1, planted("[b](docs/b.md#three)\n")),
        ("a link out of the project", 1, planted("[b](../../etc/passwd)\n")),
        ("a link inside code is none", 0, planted("    [b](docs/c.md)\n\n```\n[b](docs/c.md)\n```\n`[b](c.md)`\n"))])


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        test()
    sys.exit(markdown.finish("check_links", *check(markdown.ROOT)))

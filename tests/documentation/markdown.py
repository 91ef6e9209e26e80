"""What the checks of the documentation share: the Markdown files, their blocks, their commands and links."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("docs", "sdk", "host", "adapters", "plugins", "tests", "tools", "config", "scripts")
FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})\s*(\w*)")


def files(root):
    """Markdown files of the project, in a fixed order."""
    found = sorted(root.glob("*.md"))
    for folder in FOLDERS:
        found += sorted((root / folder).rglob("*.md"))
    return found


class Block:
    """Code in a document: fenced with a language, or indented (language empty)."""

    def __init__(self, language, line):
        self.language, self.line, self.lines = language, line, []

    def text(self):
        return "\n".join(self.lines) + "\n"


def blocks(text):
    found, fence, block = [], None, None
    blank = True
    for number, line in enumerate(text.splitlines(), 1):
        opened = FENCE.match(line)
        if fence:
            if opened and opened.group(2).startswith(fence) and not opened.group(3):
                fence, block = None, None
            else:
                block.lines.append(line)
        elif opened:
            fence, block = opened.group(2), Block(opened.group(3), number + 1)
            found.append(block)
        elif line.startswith("    ") and (blank or (block and not block.language)):
            if block is None:
                block = Block("", number)
                found.append(block)
            block.lines.append(line[4:])
        elif line.strip():
            block = None
        elif block:
            block.lines.append("")
        blank = not line.strip()
    return found


def prose(text):
    """The text with the inside of code blocks blanked, so that line numbers stay."""
    lines = text.splitlines()
    for block in blocks(text):
        for index in range(block.line - 1, min(block.line - 1 + len(block.lines), len(lines))):
            lines[index] = ""
    return lines


def code_spans(text):
    """(line number, words) of `inline code`."""
    for number, line in enumerate(prose(text), 1):
        for span in re.findall(r"(?<!`)`([^`]+)`(?!`)", line):
            yield number, span


def command_lines(text):
    """(line number, command) of shell blocks and indented blocks; continued lines are joined."""
    for block in blocks(text):
        if block.language not in ("", "sh", "bash", "shell", "ini"):
            continue
        joined, began = "", None
        for offset, line in enumerate(block.lines):
            began = block.line + offset if began is None else began
            joined += line.strip()
            if joined.endswith("\\"):
                joined = joined[:-1] + " "
                continue
            yield began, re.sub(r"^(ExecStart|ExecStartPre|ExecReload)=", "", joined)
            joined, began = "", None


def finish(name, checked, findings):
    for finding in findings:
        print(finding)
    print(f"{name}: {checked} checked, {len(findings)} findings")
    return 1 if findings or not checked else 0


def self_test(name, cases):
    """`cases`: (what, number of findings expected at least (0: none), findings)."""
    failed = 0
    for what, expected, findings in cases:
        right = bool(findings) == bool(expected)
        failed += not right
        print(f"{'ok    ' if right else 'FAILED'} {name}: {what}: {len(findings)} findings")
        if not right:
            print("       " + "\n       ".join(findings))
    sys.exit(1 if failed else 0)

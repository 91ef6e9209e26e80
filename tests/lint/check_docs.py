#!/usr/bin/env python3
"""Tables in plugin READMEs come from plugin.xml (--write renews them), and every element and attribute of the
route language has its place in docs/guides/routes.md, every command in docs/guides/command-line.md."""

import pathlib
import re
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import lint

BEGIN, END = "<!-- generated:begin -->", "<!-- generated:end -->"
PLUGIN = "{urn:certbridge:plugin:1}"
SCHEMA = "{http://www.w3.org/2001/XMLSchema}"


def sentence(element):
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    return " ".join(text.split()).replace("|", "\\|")


def type_of(option):
    kind = option.get("type")
    if kind == "enum":
        return "one of " + ", ".join(f"`{v}`" for v in option.get("values", "").split())
    limits = [f"{word} {option.get(name)}" for name, word in (("min", "from"), ("max", "to")) if option.get(name)]
    return " ".join([kind] + limits)


def default_of(option):
    if option.get("required") == "yes":
        return "(required)"
    return f"`{option.get('default')}`" if option.get("default") is not None else ""


def traits(kind):
    words = [f"a {kind.get('as')}", f"threads: {kind.get('threads', 'many')}"]
    if kind.get("verdict"):
        words.append("gives the verdict of the seal gate")
    if kind.get("makes-file") == "yes":
        words.append("makes a file that needs a verdict")
    if kind.get("outside-effect") == "yes":
        words.append("its result is made durable")
    if kind.get("confirm") == "no":
        words.append("cannot confirm: say `unknown=\"resend\"` or `\"park\"`")
    if kind.get("unsafe-in"):
        words.append(f"not safe in {kind.get('unsafe-in')}")
    return "; ".join(words)


def tables(manifest):
    root = ElementTree.parse(manifest).getroot()
    lines = []
    for kind in root.findall(PLUGIN + "makes"):
        lines += [f"### `{kind.get('kind')}`: {traits(kind)}", "", sentence(kind), ""]
        options = kind.findall(PLUGIN + "option")
        if options:
            lines += ["| option | type | default | meaning |", "| --- | --- | --- | --- |"]
            lines += [f"| `{o.get('name')}` | {type_of(o)} | {default_of(o)} | {sentence(o)} |" for o in options] + [""]
        roles = kind.findall(PLUGIN + "role")
        if roles:
            lines += ["| role | takes a | required | meaning |", "| --- | --- | --- | --- |"]
            lines += [f"| `{r.get('name')}` | {r.get('as')} | {r.get('required', 'no')} | {sentence(r)} |" for r in roles]
            lines += [""]
        repairable = kind.findall(PLUGIN + "repairable")
        if repairable:
            lines += ["| header that may be repaired | meaning |", "| --- | --- |"]
            lines += [f"| `{r.get('header')}` | {sentence(r)} |" for r in repairable] + [""]
    errors = root.findall(PLUGIN + "error")
    if errors:
        lines += ["### Errors", "", "| error | severity | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{e.get('code')}` | {e.get('severity')} | {sentence(e)} |" for e in errors] + [""]
    return "\n".join(lines)


def renewed(manifest, text):
    """README text with fresh tables; nothing when it has no place for them."""
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        return None
    return text[:begin + len(BEGIN)] + "\n" + tables(manifest) + "\n" + text[end:]


def check_readmes(root, write):
    findings = []
    for manifest in sorted(root.glob("adapters/*/plugin.xml")) + sorted(root.glob("plugins/*/plugin.xml")):
        readme = manifest.parent / "README.md"
        name = readme.relative_to(root)
        if not readme.exists():
            findings.append(f"{name}: missing")
            continue
        text = readme.read_text(encoding="utf-8")
        fresh = renewed(manifest, text)
        if fresh is None:
            findings.append(f"{name}: has no place for tables ({BEGIN} ... {END})")
        elif fresh != text and write:
            readme.write_text(fresh, encoding="utf-8")
            print(f"{name}: renewed")
        elif fresh != text:
            findings.append(f"{name}: tables differ from plugin.xml; run tests/lint/check_docs.py --write")
    return findings


def undocumented(schema, text):
    """Elements and attributes that are not named in the guide."""
    findings = []
    for element in ElementTree.parse(schema).getroot().findall(SCHEMA + "element"):
        name = element.get("name")
        if not re.search(rf"`<?{name}[ `>/]", text):
            findings.append(f"element <{name}> is not explained")
        for attribute in element.iter(SCHEMA + "attribute"):
            if not re.search(rf"\b{attribute.get('name')}\b", text):
                findings.append(f"attribute {attribute.get('name')} of <{name}> is not named")
    return findings


def check_guide(root, schema, guide):
    path = root / guide
    if not path.exists():
        return [f"{guide}: missing"]
    return [f"{guide}: {finding}" for finding in undocumented(root / schema, path.read_text(encoding="utf-8"))]


def joined(root, folder, pattern):
    """The text of all these files."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / folder).glob(pattern)))


def check_commands(root):
    guide = root / "docs/guides/command-line.md"
    text = guide.read_text(encoding="utf-8") if guide.exists() else ""
    names = re.findall(r'add\([\w*]+,\s*"([a-z-]+)"', joined(root, "host/cli", "command_line*.cpp"))
    operations = re.findall(r'\{"([a-z-]+)",\s*"([a-z-]*)",\s*Effect::', joined(root, "host/operate", "*.cpp"))
    if not names or not operations:
        return ["commands are not written any more where they are looked for"]
    names += [" ".join(operation).strip() for operation in operations]
    codes = re.findall(r"constexpr int \w+ = (\d+);", (root / "host/cli/exit_codes.h").read_text(encoding="utf-8"))
    findings = [f"{guide.name}: command {n} is not explained" for n in names if not re.search(rf"`[a-z ]*{n}[ `]", text)]
    return findings + [f"{guide.name}: exit code {c} is not explained" for c in codes if f"| {c} |" not in text]


LOGGED = re.compile(r'log\(\s*LogLevel::k(?:Info|Warning|Error),\s*"([a-z_]+\.[a-z_.]+)"')
MEASURED = re.compile(r'(?:count|gauge|observe)\(\s*"([a-z][a-z0-9_]*)"')


def check_operations(root, guide):
    """Events that are logged and metrics that are shown, by the sources of what runs, all stand in the guide."""
    text = (root / guide).read_text(encoding="utf-8")
    sources = [path.read_text(encoding="utf-8") for folder in ("host", "adapters", "plugins")
               for path in sorted((root / folder).rglob("*.cpp")) if "tests" not in path.relative_to(root).parts]
    events = {name for source in sources for name in LOGGED.findall(source)}
    metrics = {name for source in sources for name in MEASURED.findall(source)}
    missing = [f"event {name}" for name in sorted(events) if f"`{name}`" not in text]
    missing += [f"metric certbridge_{name}" for name in sorted(metrics) if f"`certbridge_{name}" not in text]
    return [f"{guide}: {what} is not explained" for what in missing]


def check():
    return (check_operations(lint.ROOT, "docs/guides/operations.md") +
            check_operations(lint.ROOT, "docs/zh-CN/operations.md") +
            check_readmes(lint.ROOT, "--write" in sys.argv) +
            check_guide(lint.ROOT, "config/schema/route.xsd", "docs/guides/routes.md") +
            check_guide(lint.ROOT, "config/schema/query-route.xsd", "docs/queries.md") + check_commands(lint.ROOT))


def planted(readme):
    with tempfile.TemporaryDirectory() as folder:
        plugin = pathlib.Path(folder) / "plugins/x"
        plugin.mkdir(parents=True)
        (plugin / "plugin.xml").write_text('<plugin xmlns="urn:certbridge:plugin:1" name="x"><makes kind="k" as="sink">It.'
                                           '<option name="o" type="text">O.</option></makes></plugin>')
        (plugin / "README.md").write_text(readme)
        first = check_readmes(pathlib.Path(folder), False)
        check_readmes(pathlib.Path(folder), True)
        return first, check_readmes(pathlib.Path(folder), False)


def test():
    stale, renewed_findings = planted(f"# x\n{BEGIN}\n| old |\n{END}\n")
    bare, still_bare = planted("# x\n")
    guide = (lint.ROOT / "docs/guides/routes.md").read_text(encoding="utf-8")
    without = undocumented(lint.ROOT / "config/schema/route.xsd", guide.replace("`withdraw`", "`draw`"))
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "host").mkdir()
        (pathlib.Path(folder) / "host/a.cpp").write_text(
            'logger.log(LogLevel::kInfo,\n  "new.event", {}); metrics.count("new_total", {}, 1);')
        (pathlib.Path(folder) / "guide.md").write_text("`other.event` `certbridge_other_total`")
        unexplained = check_operations(pathlib.Path(folder), "guide.md")
    return lint.self_test("check_docs", [
        ("an event and a metric that nobody explains", unexplained, 2),
        ("a stale table", stale, 1), ("after --write", renewed_findings, 0), ("no place for tables", bare, 1),
        ("--write makes no place", still_bare, 1), ("an element that is not explained", [f for f in without if "withdraw" in f], 1)])


if __name__ == "__main__":
    lint.main("check_docs", check, test)

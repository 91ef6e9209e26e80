#!/usr/bin/env python3
"""Every XML example of the documents is taken by the program that it is for.

    check_examples.py --programs FOLDER

An example whose root is <route> becomes the only route of a copy of config/ and is given to `certbridge check`; other examples
with a namespace of ours are held against their schema. The shipped configuration itself is checked in the same place.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import markdown

NAMESPACE = re.compile(r"\{urn:certbridge:([a-z-]+):1\}([\w-]+)$")
SCHEMAS = {"config": "certbridge", "route": "route", "issuers": "issuers", "secrets": "secrets", "plugin": "plugin",
           "used-type": "used-type", "items": "items"}


def province_key():
    """The RSA key of the province as a secret has it: Base64 of its PKCS#8, which stands between the lines of the PEM file."""
    made = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], check=True,
                          capture_output=True, text=True)
    return "".join(line for line in made.stdout.splitlines() if not line.startswith("-----"))


class Place:
    """A folder with a copy of config/ and what it names: a test authority, and secrets for every `secret:`."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs.resolve()
        shutil.copytree(markdown.ROOT / "config", folder / "config")
        authority = folder / "build" / "demo" / "testca"
        authority.parent.mkdir(parents=True)
        subprocess.run([self.programs / "certbridge-testca", "--issuers", folder / "config" / "issuers.xml", "--out", authority,
                        "--passphrase", "documentation"], check=True, capture_output=True)
        self.write_secrets(folder / "build" / "demo" / "secrets.xml")

    def write_secrets(self, path):
        text = (self.folder / "config" / "certbridge.xml").read_text(encoding="utf-8")
        names = set(re.findall(r'"secret:([a-z0-9-]+)"', text)) | set(re.findall(r'<master-key secret="([^"]+)"', text))
        names |= set(re.findall(r'<access [^>]*key="([^"]+)"', text))
        callers = (self.folder / "config" / "access" / "callers.xml").read_text(encoding="utf-8")
        names |= set(re.findall(r'<system [^>]*\bkey="([^"]+)"', callers))
        given = {name: "documentation" if "pass" in name else f"{number:064x}" for number, name in enumerate(sorted(names), 1)}
        given["province-key"] = province_key()
        values = "".join(f'<secret name="{name}" value="{value}"/>' for name, value in given.items())
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(f'<secrets xmlns="urn:certbridge:secrets:1">{values}</secrets>\n')

    def check(self):
        """What `certbridge check` finds; empty when all is in order."""
        done = subprocess.run([self.programs / "certbridge", "check"], cwd=self.folder, capture_output=True, text=True,
                              timeout=120)
        lines = (done.stdout + done.stderr).splitlines()
        # That other endpoints are idle while an example is the only route is no news.
        return "" if done.returncode == 0 else "\n".join(line for line in lines if not line.startswith("warning: "))

    def check_route(self, text):
        routes = self.folder / "config" / "routes"
        shutil.rmtree(routes)
        routes.mkdir()
        (routes / "example.xml").write_text(text, encoding="utf-8")
        # What the register hands to itself is no business of an example.
        shutil.copy(markdown.ROOT / "config" / "routes" / "50-register.xml", routes)
        shipped = self.folder / "config" / "certbridge.xml"
        kept = shipped.read_text(encoding="utf-8")
        # A route with a review needs somebody who reviews.
        if "<review" in text:
            person = '<operate><person name="reviewer" roles="reviewer" user="nobody"/></operate>'
            shipped.write_text(kept.replace("<endpoints>", person + "<endpoints>", 1), encoding="utf-8")
        found = self.check()
        shipped.write_text(kept, encoding="utf-8")
        return found


def check_schema(text, kind):
    schema = markdown.ROOT / "config" / "schema" / f"{SCHEMAS[kind]}.xsd"
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, "-"], input=text, capture_output=True,
                          text=True)
    return "" if done.returncode == 0 else done.stderr.strip()


def check_block(place, block):
    """(whether it was an example of ours, what is wrong with it)."""
    text = block.text()
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as wrong:
        # A piece of a document, quoted without its root, cannot be judged alone; a whole one can.
        return ("urn:certbridge:" in text, f"is not well formed: {wrong}" if "urn:certbridge:" in text else "")
    ours = NAMESPACE.match(root.tag)
    if ours and ours.group(2) == "route":
        return True, place.check_route(text)
    if ours and ours.group(1) in SCHEMAS:
        return True, check_schema(text, ours.group(1))
    return False, ""


def check_text(place, name, text):
    checked, findings = 0, []
    for block in markdown.blocks(text):
        if block.language != "xml" and not (block.language == "" and block.lines[0].lstrip().startswith("<")):
            continue
        example, wrong = check_block(place, block)
        checked += example
        if wrong:
            findings.append(f"{name}:{block.line}: {wrong}")
    return checked, findings


def without_example(text, schema):
    """Elements of the route language that stand in no example of the guide, and attributes that stand in none of theirs."""
    shown = {}
    for block in markdown.blocks(text):
        if block.language == "xml":
            for element in ElementTree.fromstring(block.text()).iter():
                shown.setdefault(element.tag.rpartition("}")[2], set()).update(element.keys())
    xs, findings = "{http://www.w3.org/2001/XMLSchema}", []
    for element in ElementTree.parse(schema).getroot().findall(xs + "element"):
        name = element.get("name")
        if name not in shown:
            findings.append(f"<{name}> stands in no example")
            continue
        required = {a.get("name") for a in element.iter(xs + "attribute")} - {"name", "scope"}
        findings += [f"{a} of <{name}> stands in no example" for a in sorted(required - shown[name])]
    return findings


def check(place):
    wrong = place.check()
    checked, findings = 1, [f"config/: {wrong}"] if wrong else []
    for path in markdown.files(markdown.ROOT):
        name = path.relative_to(markdown.ROOT)
        number, found = check_text(place, name, path.read_text(encoding="utf-8"))
        checked, findings = checked + number, findings + found
    guide = markdown.ROOT / "docs" / "guides" / "routes.md"
    findings += [f"{guide.name}: {finding}" for finding in without_example(
        guide.read_text(encoding="utf-8"), markdown.ROOT / "config" / "schema" / "route.xsd")]
    return checked, findings


def route(steps):
    return f'```xml\n<route xmlns="urn:certbridge:route:1" name="r">\n  <from endpoint="registration-outbox"/>\n{steps}</route>\n```\n'


def test(place):
    def planted(text):
        return check_text(place, "planted.md", text)[1]
    guide = (markdown.ROOT / "docs" / "guides" / "routes.md").read_text(encoding="utf-8")
    schema = markdown.ROOT / "config" / "schema" / "route.xsd"
    markdown.self_test("check_examples", [
        ("an element without an example", 1, without_example(re.sub(r"<withdraw[^>]*>", "", guide), schema)),
        ("an attribute without an example", 1, without_example(re.sub(r' prefix="[^"]*"', "", guide), schema)),
        ("a route that is right", 0, planted(route('<process endpoint="registration-reader"/>'))),
        ("an endpoint that is not there", 1, planted(route('<process endpoint="registration-raeder"/>'))),
        ("an element that is not there", 1, planted(route('<proces endpoint="registration-reader"/>'))),
        ("a file delivered without a verdict", 1, planted(route(
            '<process endpoint="registration-reader"/><process endpoint="compose"/><deliver endpoint="library"/>'))),
        ("secrets that are right", 0, planted('```xml\n<secrets xmlns="urn:certbridge:secrets:1"><secret name="a" value="b"/></secrets>\n```\n')),
        ("secrets of another shape", 1, planted('    <secrets xmlns="urn:certbridge:secrets:1"><secret name="a"/></secrets>\n')),
        ("an example that is cut off", 1, planted('```xml\n<route xmlns="urn:certbridge:route:1" name="r">\n```\n'))])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(pathlib.Path(folder), options.programs)
        if options.self_test:
            test(place)
        sys.exit(markdown.finish("check_examples", *check(place)))


if __name__ == "__main__":
    main()

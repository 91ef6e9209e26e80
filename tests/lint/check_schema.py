#!/usr/bin/env python3
"""config/schema/editor.xsd is config/schema/certbridge.xsd with what all plugin.xml say (--write renews it).

An editor that holds certbridge.xml against it offers every plugin, kind, option and role with its meaning. It refuses
nothing that the host takes: a plugin from elsewhere has names of its own.
"""

import sys
import xml.etree.ElementTree as ElementTree

import check_docs
import lint

PLUGIN = "{urn:certbridge:plugin:1}"
TARGET = "config/schema/editor.xsd"
# Element and attribute of certbridge.xsd, its plain type, and the name of the type that replaces it.
PLACES = (("endpoint", "plugin", "name", "known-plugin"), ("endpoint", "kind", "name", "known-kind"),
          ("option", "name", "xs:string", "known-option"), ("lend", "role", "name", "known-role"))


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def meanings(manifests):
    """For each new type: name and sentences, in the order of names."""
    found = {place[3]: {} for place in PLACES}

    def add(kind, name, sentence):
        found[kind].setdefault(name, []).append(sentence)

    for manifest in manifests:
        root = ElementTree.parse(manifest).getroot()
        add("known-plugin", root.get("name"), check_docs.sentence(root.find(PLUGIN + "summary")))
        for kind in root.findall(PLUGIN + "makes"):
            where = f"{root.get('name')} {kind.get('kind')}"
            add("known-kind", kind.get("kind"), f"{root.get('name')}: {check_docs.sentence(kind)}")
            for option in kind.findall(PLUGIN + "option"):
                facts = ", ".join(filter(None, (check_docs.type_of(option), check_docs.default_of(option))))
                add("known-option", option.get("name"), f"{where} ({facts}): {check_docs.sentence(option)}")
            for role in kind.findall(PLUGIN + "role"):
                add("known-role", role.get("name"), f"{where} ({role.get('as')}): {check_docs.sentence(role)}")
    return found


def types(found):
    lines = []
    for _, _, plain, name in PLACES:
        lines += [f'  <xs:simpleType name="{name}">', f'    <xs:union memberTypes="{plain}">', "      <xs:simpleType>",
                  '        <xs:restriction base="xs:string">']
        for value, sentences in sorted(found[name].items()):
            lines += [f'          <xs:enumeration value="{escaped(value)}"><xs:annotation>']
            lines += [f"            <xs:documentation>{escaped(one)}</xs:documentation>" for one in sentences]
            lines += ["          </xs:annotation></xs:enumeration>"]
        lines += ["        </xs:restriction>", "      </xs:simpleType>", "    </xs:union>", "  </xs:simpleType>"]
    return "\n".join(lines) + "\n"


def generated(schema, manifests):
    for element, attribute, plain, name in PLACES:
        start = schema.index(f'<xs:element name="{element}">')
        old = f'<xs:attribute name="{attribute}" type="{plain}"'
        at = schema.index(old, start)
        schema = schema[:at] + f'<xs:attribute name="{attribute}" type="{name}"' + schema[at + len(old):]
    note = "<!-- Written by tests/lint/check_schema.py from certbridge.xsd and every plugin.xml; for editors only. -->\n"
    head, rest = schema.split("\n", 1)
    body, end = rest.rsplit("</xs:schema>", 1)
    return head + "\n" + note + body + types(meanings(manifests)) + "</xs:schema>" + end


def check_at(root, write):
    manifests = sorted(root.glob("adapters/*/plugin.xml")) + sorted(root.glob("plugins/*/plugin.xml"))
    fresh = generated((root / "config/schema/certbridge.xsd").read_text(encoding="utf-8"), manifests)
    path = root / TARGET
    if path.exists() and path.read_text(encoding="utf-8") == fresh:
        return []
    if write:
        path.write_text(fresh, encoding="utf-8")
        return []
    return [f"{TARGET}: differs from the manifests; run tests/lint/check_schema.py --write"]


def valid(schema, configuration):
    done = lint.run(["xmllint", "--noout", "--schema", str(schema), str(configuration)])
    return [] if done.returncode == 0 else done.stderr.splitlines()[:1]


def check():
    """The schema is fresh, and takes the shipped configuration."""
    return (check_at(lint.ROOT, "--write" in sys.argv) +
            valid(lint.ROOT / TARGET, lint.ROOT / "config/certbridge.xml"))


def test():
    schema = (lint.ROOT / "config/schema/certbridge.xsd").read_text(encoding="utf-8")
    manifests = sorted(lint.ROOT.glob("plugins/*/plugin.xml"))
    whole, part = generated(schema, manifests), generated(schema, manifests[:1])
    return lint.self_test("check_schema", [
        ("a manifest more is another schema", [] if whole == part else ["differs"], 1),
        ("an option's meaning is told", ["told"] if "municipal_library collector (" in whole else [], 1),
        ("the plain type still holds", ["holds"] if '<xs:union memberTypes="xs:string">' in whole else [], 1)])


if __name__ == "__main__":
    lint.main("check_schema", check, test)

#!/usr/bin/env python3
"""docs/openapi.json is sound in itself, and has the paths of the front, no more and no less."""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"
SERVED = [ROOT / "host" / "query" / name for name in ("query_front.cpp", "desk_services.cpp")]
REFUSED = ("400", "401", "403", "404", "413", "415", "503")  # what any query may come to
READ = ("401", "503")  # what anything that is fetched may come to


def sources():
    """What says which paths are served."""
    return "".join(path.read_text(encoding="utf-8") for path in SERVED)


def parts(value, at="#"):
    """Every object of the document with its place."""
    if isinstance(value, dict):
        yield at, value
        for name, one in value.items():
            yield from parts(one, f"{at}/{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from parts(one, f"{at}/{number}")


def check_schemas(document):
    schemas = document["components"]["schemas"]
    used, findings = set(), []
    for at, part in parts(document):
        if "$ref" in part:
            name = part["$ref"].removeprefix("#/components/schemas/")
            used.add(name)
            if name not in schemas:
                findings.append(f"{at}: there is no schema {name}")
        required = part.get("required")
        if isinstance(required, list) and "properties" in part:
            findings += [f"{at}: {name} is required and not described" for name in required if name not in part["properties"]]
        if part.get("type") == "array" and "items" not in part:
            findings.append(f"{at}: a list of what?")
    return findings + [f"schema {name} is used nowhere" for name in sorted(set(schemas) - used)]


def check_operations(document):
    findings, names = [], []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            at = f"{method} {path}"
            names.append(operation.get("operationId"))
            said = operation.get("responses", {})
            due = ("200", *(REFUSED if method == "post" else READ))
            findings += [f"{at}: status {one} is not described" for one in due if one not in said]
            findings += [f"{at}: status {one} has no content" for one, what in said.items() if not what.get("content")]
            members = ("summary", "security", *(("requestBody",) if method == "post" else ()))
            findings += [f"{at}: {what} is missing" for what in members if what not in operation]
            if method not in ("get", "post"):
                findings.append(f"{at}: nothing is served with {method}")
    return findings + [f"operationId {name} is there twice" for name in sorted({n for n in names if names.count(n) > 1})]


def check_paths(document, source):
    """A path that is served and ends in a slash stands for all that begin with it."""
    served = set(re.findall(r'"(/api/v1/[a-z/-]+)"', source))
    described = {path.split("{")[0] for path in document["paths"]}
    return ([f"{path} is served and not described" for path in sorted(served - described)] +
            [f"{path} is described and not served" for path in sorted(described - served)])


def check(document, source):
    return check_schemas(document) + check_operations(document) + check_paths(document, source)


def served_by():
    """The sources that name the paths."""
    return FRONT.read_text(encoding="utf-8") + SERVICES.read_text(encoding="utf-8")


def self_test():
    """A check that finds nothing proves nothing."""
    source = sources()
    text = DOCUMENT.read_text(encoding="utf-8")
    changed = {
        "a reference to nowhere": text.replace('"#/components/schemas/Ground"', '"#/components/schemas/Grounds"'),
        "a required member that is none": text.replace('"asOf",\n', '"asOff",\n', 1),
        "a path that is not served": text.replace("/api/v1/paper-accepted", "/api/v1/paper-taken"),
        "a status that is left out": text.replace('"415"', '"416"', 1),
    }
    return [f"{what} is not found" for what, one in changed.items() if not check(json.loads(one), source)]


def main():
    if "--self-test" in sys.argv:
        findings = self_test()
    else:
        findings = check(json.loads(DOCUMENT.read_text(encoding="utf-8")), sources())
    for finding in findings:
        print(finding)
    print(f"check_openapi: {len(findings)} findings")
    sys.exit(1 if findings else 0)


main()

#!/usr/bin/env python3
"""Who may include what. The table is the dependency law of docs/architecture.md; exceptions can only shrink."""

import pathlib
import re
import tempfile

import lint

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')

# Third-party headers by the first part of their path.
THIRD_PARTY = {
    "Poco": r"Poco/", "boost": r"boost/", "libxml2": r"libxml/", "openssl": r"openssl/", "soci": r"soci/|sqlite3\.h",
    "cli11": r"CLI/", "deflate": r"libdeflate\.h", "qrencode": r"qrencode\.h", "freetype": r"ft2build\.h|freetype/|hb", "gtest": r"gtest/|gmock/",
    "postgresql": r"libpq", "libssh": r"libssh/",
    "qpdf": r"qpdf/", "cairo": r"cairo", "png": r"png\.h",
}
# Sockets, threads and processes are the host's and the adapters' business.
SYSTEM_OF_HOST = r"sys/socket\.h|netinet/|arpa/inet\.h|netdb\.h|pthread\.h|thread$|sys/wait\.h"

# (part, header files only?) -> third-party libraries that may be included.
RULES = [
    ("sdk/include", set(), {"boost"}),
    ("sdk/src", {"libxml2"}, set()),
    ("sdk/testing", {"gtest", "libxml2", "openssl"}, {"gtest"}),
    ("adapters", {"Poco", "boost", "libxml2", "openssl", "soci", "postgresql", "libssh"}, set()),
    ("plugins/shared", {"openssl", "deflate", "libxml2", "boost"}, set()),
    ("plugins", {"openssl", "libxml2", "boost", "qrencode", "freetype", "qpdf", "cairo", "png"}, set()),
    ("front", {"boost", "openssl"}, set()),
    ("host", {"Poco", "boost", "libxml2", "openssl", "soci", "cli11"}, set()),
]

# It parses answers of servers by Beast; whoever serves is front/.
BEAST_CLIENT = "adapters/http/response_parser.cpp"

# Starts a program for one file that somebody hostile may have made; no other plugin starts any (decision 30).
APART = "plugins/ofd_compose/apart.cpp"

# Folders of a plugin that is split by ideas, the lowest first: each may include those before it, never one behind it.
LAYERS = {
    ("plugins", "provincial_platform"): ("exchange", "profile", "message", "booking", "daily_log", "submission"),
}

# "file includes header": must still be true, else the entry has to go.
EXCEPTIONS = {
    "sdk/include/certbridge/plugin.h includes boost/dll/alias.hpp",
    "plugins/shared/sm/issue/issue.cpp includes ../src/openssl_handles.h",
}


def part_of(path):
    parts = path.parts
    if parts[:2] == ("plugins", "shared") or parts[0] == "sdk":
        return "/".join(parts[:2])
    return parts[0]


def third_party(header):
    for name, pattern in THIRD_PARTY.items():
        if re.match(pattern, header):
            return name
    return None


def breaks_layers(path, kind, header):
    """Why a file of a plugin with layers may not include this header of it, or nothing."""
    layers = LAYERS.get(path.parts[:2])
    if layers is None or len(path.parts) < 4 or kind != '"':
        return None
    own, other = path.parts[2], header.split("/")[0]
    if own not in layers:
        return f"{own}/ has no place among the layers of {path.parts[1]}"
    if "/" not in header:
        return "includes name the folder"
    if other in layers and layers.index(other) > layers.index(own):
        return f"{own}/ never sees {other}/"
    return None


def judge(path, kind, header):
    """Why this file may not include this header, or nothing."""
    part = part_of(path)
    rule = next((r for r in RULES if r[0] == part), None)
    if rule is None or "tests" in path.parts or (part == "plugins" and "testing" in path.parts):
        return None
    # A header below src/ is seen by its own part only.
    in_header = path.suffix == ".h" and "src" not in path.parts
    library = third_party(header)
    if library and library not in rule[2 if in_header else 1]:
        return f"{library} is not for {'headers of ' if in_header else ''}{part}"
    if header == "sys/wait.h" and str(path) == APART:
        return None
    if part.startswith("plugins") and re.match(SYSTEM_OF_HOST, header):
        return "sockets, threads and processes are not for plugins"
    first = header.split("/")[0]
    if header.startswith("../") or "/../" in header:
        return "includes are relative to the part's folder"
    if kind == '"' and part in ("adapters", "plugins", "plugins/shared") and first in (
            "host", "adapters", "plugins", "config", "journal", "engine", "routes", "observe", "cli"):
        if not (lint.ROOT / path.parent / header).exists():
            return f"{part} never sees {first}/"
    if re.match(r"boost/beast", header) and part != "front" and str(path) != BEAST_CLIENT:
        return "Beast is for front/"
    if part == "front" and kind == '"' and re.match(r"certbridge/(?!result\.h)", header):
        return "the front knows no certificate and no interface of the SDK"
    if part == "host" and re.match(r"adapters/|plugins/(shared|seal|ofd|registration|municipal)|certbridge_(sm|ofd)/", header):
        return "host never includes an adapter or a plugin"
    if part == "sdk/src" and kind == '"' and re.match(r"(config|journal|engine|plugins)/", header):
        return "the SDK knows no host"
    if part == "sdk/testing" and re.match(r"(config|journal|engine)/", header):
        return "the SDK knows no host"
    return breaks_layers(path, kind, header)


def check(root):
    findings, used = [], set()
    for path in lint.files(root, {".h", ".cpp"}):
        relative = path.relative_to(root)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            entry = f"{relative} includes {match[2]}"
            if entry in EXCEPTIONS:
                used.add(entry)
                continue
            reason = judge(relative, match[1], match[2])
            if reason:
                findings.append(f"{relative}:{number}: {match[2]}: {reason}")
    return findings, used


def check_repository():
    findings, used = check(lint.ROOT)
    return findings + [f"stale exception: {entry}" for entry in sorted(EXCEPTIONS - used)]


def planted(path, text):
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / path
        target.parent.mkdir(parents=True)
        target.write_text(text)
        return check(pathlib.Path(folder))[0]


def test():
    return lint.self_test("check_includes", [
        ("Poco in an SDK header", planted("sdk/include/certbridge/x.h", "#include <Poco/URI.h>\n"), 1),
        ("OpenSSL in a plugin's header", planted("plugins/seal/x.h", "#include <openssl/evp.h>\n"), 1),
        ("OpenSSL in a plugin's source", planted("plugins/seal/x.cpp", "#include <openssl/evp.h>\n"), 0),
        ("a plugin that sees the host", planted("plugins/seal/x.cpp", '#include "journal/store.h"\n'), 1),
        ("a plugin with a socket", planted("plugins/seal/x.cpp", "#include <sys/socket.h>\n"), 1),
        ("a plugin with a thread", planted("plugins/seal/x.cpp", "#include <thread>\n"), 1),
        ("a plugin with a process", planted("plugins/seal/x.cpp", "#include <sys/wait.h>\n"), 1),
        ("a host that sees a plugin", planted("host/x.cpp", '#include "certbridge_sm/der.h"\n'), 1),
        ("the command line library in a host header", planted("host/x.h", "#include <CLI/CLI.hpp>\n"), 1),
        ("a climb out of the folder", planted("adapters/http/x.cpp", '#include "../sql/x.h"\n'), 1),
        ("Beast in the host", planted("host/x.cpp", "#include <boost/beast/http.hpp>\n"), 1),
        ("a front that knows messages", planted("front/src/x.cpp", '#include "certbridge/message.h"\n'), 1),
        ("a decent front", planted("front/src/x.cpp", '#include "certbridge/result.h"\n#include <boost/beast/http.hpp>\n'), 0),
        ("a layer that sees a higher one", planted("plugins/provincial_platform/profile/x.h", '#include "message/x.h"\n'), 1),
        ("a layer that sees a lower one", planted("plugins/provincial_platform/message/x.h", '#include "profile/x.h"\n'), 0),
        ("a header of a layer without its folder", planted("plugins/provincial_platform/message/x.h", '#include "y.h"\n'), 1),
        ("a folder without a place", planted("plugins/provincial_platform/more/x.h", '#include "profile/x.h"\n'), 1),
        ("a plugin's door above its layers", planted("plugins/provincial_platform/plugin.cpp", '#include "submission/x.h"\n'), 0),
        ("a decent source", planted("host/x.cpp", '#include <string>\n#include "config/model.h"\n'), 0),
    ])


if __name__ == "__main__":
    lint.main("check_includes", check_repository, test)

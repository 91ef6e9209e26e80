#!/usr/bin/env python3
"""The tables and queries in the shape of the province's messages (config/registration/message-tables-*) are what the profiles say."""

import pathlib
import sys
import tempfile

import lint

sys.path.insert(0, str(lint.ROOT / "scripts"))
import message_tables  # noqa: E402

SCRIPT = lint.ROOT / "scripts" / "message_tables.py"


def run(*words):
    """What the command says, by its exit code."""
    done = lint.run([sys.executable, str(SCRIPT), *map(str, words)])
    return done.returncode, (done.stdout + done.stderr).splitlines()


def check():
    return run("--check")[1]


def columns_of(text, table):
    """Names of the columns of a table in a file of CREATE statements."""
    lines = text[text.index(f"CREATE TABLE {table} ("):].splitlines()[1:]
    return [line.split()[0] for line in lines[:lines.index(");")]]


def with_patch(folder):
    """Columns that a province has added, in a table of the profile and in one of its own; and one that it leaves out, if it is there."""
    run("--profile", message_tables.PROFILES / "v1.xml", "--patch", message_tables.PROFILES / "example-patch.xml", "--out", folder)
    tables = (folder / "message-tables-v1.sql").read_text("utf-8")
    queries = (folder / "message-tables-v1.xml").read_text("utf-8")
    return ([name for name in columns_of(tables, "ktt_fw_h") if name.startswith("x_") and name in queries]
            + [name for name in columns_of(tables, "zrz_k_101") if name == "yslx" and "zrz_k_101" in queries]
            + [name for name in columns_of(tables, "qlt_fw_fdcq_yz") if name == "qlqssj"])


def wrong_profile(folder, attribute):
    """What is said about a profile with one more attribute in its first table."""
    text = (message_tables.PROFILES / "v1.xml").read_text("utf-8")
    path = folder / "wrong.xml"
    path.write_text(text.replace('<table name="ZTT_GY_QLR">', f'<table name="ZTT_GY_QLR"><attribute name="{attribute}"/>'), "utf-8")
    return run("--profile", path, "--out", folder)


def test():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        _, missing = run("--check", "--out", folder)
        run("--out", folder)
        file = folder / "message-tables-v2.sql"
        file.write_text(file.read_text("utf-8").replace("qlrmc TEXT", "qlrmc VARCHAR(9)"), "utf-8")
        changed, same = run("--check", "--out", folder)[1], run("--check")[1]
        code, said = wrong_profile(folder, "BOOKING")
        return lint.self_test("check_message_tables", [
            ("files that are not there", missing, 4), ("a column that was changed by hand", changed, 1), ("as they are shipped", same, 0),
            ("attributes and tables of a province", with_patch(folder), 3), ("a column with the name of a key", said if code == 2 else [], 1),
            ("an attribute that stands twice", wrong_profile(folder, "QLRMC")[1], 1),
            ("a file that is no profile", run("--profile", lint.ROOT / "config/issuers.xml", "--out", folder)[1], 1)])


if __name__ == "__main__":
    lint.main("check_message_tables", check, test)

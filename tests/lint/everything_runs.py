"""What the release build leaves to AddressSanitizer has to run there: a test that ran nowhere would always pass.

    everything_runs.py build/release build/asan

Called by ./test.sh --all, which runs the tests of both folders in parts (cmake/functions.cmake says which).
"""

import json
import subprocess
import sys


def labels(folder: str) -> dict[str, set[str]]:
    """Each test of a build folder, with its labels."""
    listed = subprocess.run(["ctest", "--test-dir", folder, "--show-only=json-v1"], check=True, capture_output=True)
    tests = json.loads(listed.stdout)["tests"]
    return {test["name"]: {label for entry in test.get("properties", []) if entry["name"] == "LABELS"
                           for label in entry["value"]} for test in tests}


def left_out(release: dict[str, set[str]], sanitized: dict[str, set[str]]) -> list[str]:
    runs_sanitized = {name for name, given in sanitized.items() if "not-sanitized" not in given}
    return sorted(name for name, given in release.items() if "once" in given and name not in runs_sanitized)


def main() -> int:
    release, sanitized = labels(sys.argv[1]), labels(sys.argv[2])
    if not release or not sanitized:
        print("a build folder has no tests: build both first", file=sys.stderr)
        return 1
    missing = left_out(release, sanitized)
    for name in missing:
        print(f"{name}: has the label `once` but does not run in {sys.argv[2]}; take the label away "
              "(certbridge_not_sanitized) or build it there", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

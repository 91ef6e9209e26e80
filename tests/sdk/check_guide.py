#!/usr/bin/env python3
"""Each code block of the guide under a line `<!-- from FILE -->` must stand so in that file.

    check_guide.py GUIDE REPOSITORY
"""
import pathlib
import re
import sys

guide = pathlib.Path(sys.argv[1]).read_text()
root = pathlib.Path(sys.argv[2])
blocks = re.findall(r"<!-- from (\S+) -->\n```\w*\n(.*?)```", guide, re.S)
wrong = [name for name, block in blocks if block not in (root / name).read_text()]
for name in wrong:
    print(f"a block quoted from {name} is no longer what stands there")
print(f"{len(blocks)} quoted blocks")
sys.exit(1 if wrong or len(blocks) < 4 else 0)

"""`python -m tests.bench`: make the databases, measure, print the table."""

import argparse
import json
import subprocess
import sys

from tests.bench.databases import ROOT, ensure, environment
from tests.bench.table import work_rows, written

SIZES = {"hundredth": 4_200, "tenth": 42_000, "full": 420_000}
PARTS = ("pages", "imports", "numbers", "papers", "long_paper")


def run(part: str, scale: str) -> dict:
    """The figures of one part on the database of one size, measured in a process of its own."""
    print(f"bench: {part} at {SIZES[scale]} students", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", f"tests.bench.{'pages' if part == 'pages' else 'work'}", part]
    done = subprocess.run(command, cwd=ROOT, env=environment(scale), check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def main() -> int:
    """Exit code 1 where a figure is out of its bound."""
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--small", choices=SIZES, default="tenth")
    parser.add_argument("--large", choices=SIZES, default="full")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    options = parser.parse_args()
    scales = (options.small, options.large)
    for scale in dict.fromkeys(scales):
        ensure(scale)
    text, kept = "", True
    if "pages" in options.only:
        small, large = (run("pages", scale) for scale in scales)
        text, kept = written(small, large, *(SIZES[scale] for scale in scales))
    works = {part: run(part, options.large) for part in PARTS[1:] if part in options.only}
    if works:
        more, good = work_rows(works)
        text, kept = text + "\n" + more, kept and good
    print(text)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())

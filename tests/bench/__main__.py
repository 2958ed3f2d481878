"""`python -m tests.bench`: make the databases, measure, print the table."""

import argparse
import json
import os
import signal
import subprocess
import sys

from tests.bench.databases import ROOT, ensure, environment
from tests.bench.table import MARKS, into, machine, page_rows, work_rows

SIZES = {"hundredth": 4_200, "tenth": 42_000, "full": 420_000}
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "25"))
PARTS = ("pages", "imports", "roster", "comparison", "verification", "problems", "numbers", "papers", "long_paper")


def pages(*scales: str) -> list[dict]:
    """The figures of the pages at each size. Each has a process of its own, and they go round by turns: so what else the
    machine does in between weighs on all sizes alike.
    """
    print(
        f"bench: pages at {' and '.join(str(SIZES[scale]) for scale in scales)} students", file=sys.stderr, flush=True
    )
    command = [sys.executable, "-m", "tests.bench.pages"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = []
    for scale in scales:
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment(scale), **pipes))
        _await(running[-1], "ready")
    for one in running * ROUNDS:
        print(file=one.stdin, flush=True)
        _await(one, "done")
    return [json.loads(one.communicate()[0]) for one in running]


def _await(process: subprocess.Popen, word: str) -> None:
    if process.stdout.readline().strip() != word:
        raise SystemExit(f"bench: the pages could not be measured (exit code {process.wait()})")


def run(part: str, scale: str) -> dict:
    """The figures of one part of the work on the database of one size, measured in a process of its own."""
    print(f"bench: {part} at {SIZES[scale]} students", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "tests.bench.work", part]
    done = subprocess.run(command, cwd=ROOT, env=environment(scale), check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def main() -> int:
    """Exit code 1 where a figure is out of its bound."""
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument("--small", choices=SIZES, default="tenth")
    parser.add_argument("--large", choices=SIZES, default="full")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    options = parser.parse_args()
    readme = ROOT / "README.md"
    if options.write and (set(options.only) != set(PARTS) or not all(m in readme.read_text() for m in MARKS)):
        parser.error(f"--write needs a whole run, and {' and '.join(MARKS)} in README.md")
    # So that what is half made is dropped, whoever stops this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    scales = (options.small, options.large)
    for scale in dict.fromkeys(scales):
        ensure(scale)
    measured = pages(*scales) if "pages" in options.only else []
    works = {}
    for part in PARTS:
        if part in options.only and part != "pages":
            told = run(part, options.large)
            works |= told if part == "roster" else {part: told}
    tables = [work_rows(works)] if works else []
    if measured:
        tables.insert(0, page_rows(*measured, *(SIZES[scale] for scale in scales)))
    text = "\n\n".join([machine(measured[-1] if measured else None), *(table for table, _ in tables)])
    print(text)
    if options.write:
        readme.write_text(into(readme.read_text(), text))
    return 0 if all(kept for _, kept in tables) else 1


if __name__ == "__main__":
    sys.exit(main())

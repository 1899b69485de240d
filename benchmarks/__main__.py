"""Runs every measurement and writes docs/benchmarks.md; ends with 1 where a figure could not be trusted."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import answering

WRITTEN = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Made by `make bench` on {on:%Y-%m-%d}: ratios within interleaved rounds of one run on one machine. Only the ratios
mean anything elsewhere. A run with one failed visit is void, and rows are counted in the databases afterwards.

## Answering a form

Ten five-point questions and a line of text, eight visitors at once, each with an empty cookie jar. The yardstick
(`benchmarks/bare.py`) is Django with nothing but the work: it renders the same eleven fields and stores them as one
plain row, on the same server with the same workers. Ours finds out by link who answers, seals the sheet, and takes
a second one of the same person in place of the first. CPU is that of each side's own processes, its database
connections included.

| | bare, CPU ms | ours, CPU ms | ratio (lowest to highest of {rounds} rounds) |
|---|---|---|---|
"""


def main() -> int:
    """Measure, write, and say whether all of it held."""
    lines, good = answering.measure()
    WRITTEN.write_text(HEAD.format(on=datetime.now(UTC), rounds=answering.ROUNDS) + "\n".join(lines) + "\n")
    return not good


if __name__ == "__main__":
    sys.exit(main())

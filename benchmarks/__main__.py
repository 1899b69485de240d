"""Runs every measurement and writes docs/benchmarks.md; ends with 1 where a run is void or a target is missed."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import answering, glance, sealing

WRITTEN = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
PAGE = """# Benchmarks

Made by `make bench` on {on:%Y-%m-%d}. Ratios are taken within interleaved rounds of one run on one machine, and mean
something elsewhere; milliseconds and seconds are for reading. A run with one failed visit is void, and rows are
counted in the databases afterwards.

## Answering a form

Ten five-point questions and a line of text, eight visitors at once, each with an empty cookie jar; {rounds} rounds of
{seconds} seconds a side. The yardstick (`benchmarks/bare.py`) is Django with nothing but the work: it renders the same
eleven fields and stores them as one plain row, on the same server with the same workers. Ours finds out by link who
answers, seals the sheet, and takes a second one of the same person in place of the first. CPU is that of each side's
own processes, its database connections included.

| | bare, CPU ms | ours, CPU ms | ratio (lowest to highest of {rounds} rounds) | at most | aim |
|---|---|---|---|---|---|
{answering}

SQL statements besides BEGIN and COMMIT, the role's own counted: page 2 (at most 4), answer with its thanks 6 (at most
6), sent in 4 messages; the same for 10 and 100 questions, 10 and 10,000 people
(`tests/surveys/test_answering.py::test_a_page_asks_the_database_twice_and_its_answer_six_times`).

## Sealing a wave

One worker opens the free lines and then the boxes of one wave, checks each sheet, writes the sheets shuffled, and
empties the inbox and the lists; a line was written in every fourth. At most {within} seconds for 100,000, memory flat.

| sheets | free lines, s | boxes, s | together, s | most memory, MB |
|---|---|---|---|---|
{sealing}

## A district at a glance

The page of a district with 1,000 schools, drawn {times} times in one process, before and after a hundred times as many
answers are stored: it reads released labels and counts, never an answer.

| answers stored | statements (at most 6) | in the database, ms | whole page, ms |
|---|---|---|---|
{glance}
"""


def main() -> int:
    """Measure, write, and say whether all of it held."""
    answered, is_answering_good = answering.measure()
    sealed, is_sealing_good = sealing.measure()
    seen, is_glance_good = glance.measure()
    words = PAGE.format(
        on=datetime.now(UTC),
        rounds=answering.ROUNDS,
        seconds=answering.SECONDS,
        within=sealing.WITHIN,
        answering="\n".join(answered),
        sealing="\n".join(sealed),
        times=glance.ROUNDS,
        glance="\n".join(seen),
    )
    WRITTEN.write_text(words)
    return not (is_answering_good and is_sealing_good and is_glance_good)


if __name__ == "__main__":
    sys.exit(main())

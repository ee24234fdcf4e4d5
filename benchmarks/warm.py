"""How long a diagnosis takes in a process that has its tables already, and how long all tables take from nothing.

    python benchmarks/warm.py [--most N]

All tables of the four checks are made first. The outputs are those of `planted.py`: N single mistakes drawn at random among all, and N
pairs. Of every diagnosis counts what lies between the text and the result; its words are written later.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np
from planted import SEED, Case, pairs, singles
from startup import machine

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.explain import explain, tables_of
from whygrad.from_numbers.tables.building import uncollected
from whygrad.onethread import one_thread
from whygrad.read import read_text

OF_CELL = ("singles",)
OF_SEQUENCE = (*OF_CELL, "loops", "loop_pairs", "passes", "double_passes")


def tables_made(folder: Path) -> float:
    """Make all tables as a diagnosis makes them; the seconds of the processor that this takes."""
    start = time.process_time()
    tables = tables_of(SEQUENCE_MODELS.id, folder)
    with uncollected(), np.errstate(all="ignore"):
        for check in SEQUENCE_MODELS.printed:
            table = tables.of(check)
            for part in OF_SEQUENCE if table.sequence else OF_CELL:
                getattr(table, part)
    return time.process_time() - start


def planted_cases(most: int) -> dict[str, list[Case]]:
    """So many outputs of each kind."""
    dice = random.Random(SEED)  # noqa: S311 - a benchmark, repeatable
    return {
        "singles": dice.sample([case for case in singles(dice) if isinstance(case, Case)], most),
        "pairs": list(islice((case for case in pairs(dice) if isinstance(case, Case)), most)),
    }


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=200, help="diagnose so many of each kind (default 200)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        folder = Path(cache)
        print(f"{machine()}; all tables from nothing: {tables_made(folder):.1f} s of the processor\n")
        print("| kind | check | diagnosed | median, ms | nine in ten within, ms | slowest, ms |")
        print("|---|---|---:|---:|---:|---:|")
        for kind, cases in planted_cases(options.most).items():
            taken: dict[str, list[float]] = {}
            for case in cases:
                start = time.perf_counter()
                with one_thread():
                    explain(read_text(case.text, "a planted output"), folder)
                taken.setdefault(case.check, []).append(1000 * (time.perf_counter() - start))
            for check, times in {**taken, "all": [one for many in taken.values() for one in many]}.items():
                ordered = sorted(times)
                print(
                    f"| {kind} | {check} | {len(ordered)} | {statistics.median(ordered):.0f} | {ordered[int(0.9 * len(ordered))]:.0f} "
                    f"| {ordered[-1]:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()

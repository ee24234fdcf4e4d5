"""Whether the time to read a post grows with its length, and not faster, whatever is repeated in it.

    python benchmarks/reader.py [--kilobytes N]

Each text is read at a quarter of its length and whole, by turns, three times; the least processor time of each counts. Four times the
time for four times the text is growth with the length; sixteen would be its square. The reader answers most of these texts with one
sentence that says what is wrong with them; that is read too.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from typing import TYPE_CHECKING

from startup import machine

from whygrad.errors import WhygradError
from whygrad.read import read_text

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS = 3
PARTS = 4
TEXTS: dict[str, Callable[[int], str]] = {
    "assertions": lambda size: "AssertionError: 0.1 != 0.2 : dWf[3][1]\n" * (size // 39),
    "digits of a value": lambda size: "dWf[3][1] = " + "1" * size,
    "open brackets": lambda size: "dx[1][2] = " + "[" * size,
    "nested numbers": lambda size: "dx[1][2] = " + "[1 " * (size // 3),
    "one value again and again": lambda size: "dWf[3][1] = 0.5\n" * (size // 16),
    "other values": lambda size: "".join(f"dWf[3][1] = 0.{place:08d}\n" for place in range(size // 23)),
    "labels without values": lambda size: "dx " * (size // 3),
    "line ends": lambda size: "dWf[3][1] =" + "\n" * size,
    "quote marks": lambda size: "> \n" * (size // 3),
    "spaces": lambda size: "dx" + " " * size + "=",
    "tags": lambda size: "<a " * (size // 3),
    "cells": lambda size: "<tr>" + "<td>\n" * (size // 5),
    "numbers": lambda size: "dx[1][2] = " + "1. " * (size // 3),
    "headings": lambda size: "expected: 0.5\nmine: 0.5\n" * (size // 24),
    "indexes": lambda size: "dx" + "[1]" * (size // 3),
    "names of checks": lambda size: "lstm cell backward " * (size // 19) + "\ndbf[4] = [0.5]",
}  # fmt: skip


def seconds(text: str) -> float:
    """Processor time of one reading."""
    start = time.process_time()
    with contextlib.suppress(WhygradError):
        read_text(text, "post.txt")
    return time.process_time() - start


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kilobytes", type=int, default=900, help="length of the whole text (default 900)")
    size = parser.parse_args().kilobytes * 1000
    print(f"{machine()}; least of {TURNS} turns\n")
    print(f"| text | a quarter, s | {size // 1000} kB, s | times |")
    print("|---|---:|---:|---:|")
    for name, make in TEXTS.items():
        short, long = make(size // PARTS), make(size)
        turns = [(seconds(short), seconds(long)) for _ in range(TURNS)]
        quarter, whole = (min(times) for times in zip(*turns, strict=True))
        print(f"| {name} | {quarter:.2f} | {whole:.2f} | {whole / quarter:.1f} |")


if __name__ == "__main__":
    main()

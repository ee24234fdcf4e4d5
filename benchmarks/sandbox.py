"""How long a sandbox takes until its first answer, and for each further one, against ``python -c "import numpy"`` in the same run.

    python benchmarks/sandbox.py [--rounds N]

The rounds take turns, so a slow moment of the machine falls on all alike; figures are medians.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

import numpy as np

from whygrad.sandbox import launch
from whygrad.sandbox.parent import Sandbox
from whygrad.sandbox.requests import Piece, Request

NAME = "rnn_cell_forward"
CODE = f"def {NAME}(xt, a_prev, parameters):\n    return xt, a_prev\n"
REQUEST = Request(NAME, (np.ones((5, 10)), np.ones((5, 10)), {"Waa": np.ones((5, 5))}), frozenset({NAME}))
REQUESTS = 100


def baseline() -> float:
    """Seconds of a Python that loads NumPy and ends."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    return time.perf_counter() - began


def sandbox() -> tuple[str, float, float]:
    """The tier, seconds until the first answer, and seconds of a further one."""
    began = time.perf_counter()
    with Sandbox([Piece("a.py", 1, CODE, (NAME,))], {NAME: CODE}) as box:
        box.run(REQUEST)
        first = time.perf_counter() - began
        began = time.perf_counter()
        for _ in range(REQUESTS):
            box.run(REQUEST)
        return box.tier, first, (time.perf_counter() - began) / REQUESTS


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="How long a sandbox takes.")
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    installed = launch.bubblewrap()
    seconds: list[float] = []
    figures: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        seconds.append(baseline())
        for wrapper in dict.fromkeys((installed, None)):
            launch.bubblewrap = lambda wrapper=wrapper: wrapper
            tier, first, further = sandbox()
            figures.setdefault(tier, []).append((first, further))
    unit = statistics.median(seconds)
    print(f"`import numpy`: {unit * 1000:.0f} ms; {rounds} rounds\n\n| tier | first answer | further answers |\n|---|---|---|")
    for tier, taken in figures.items():
        first, further = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"| {tier} | {first / unit:.1f} times | {further * 1000:.1f} ms |")


if __name__ == "__main__":
    main()

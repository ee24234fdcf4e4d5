"""How many published programs carry a mistake, by (mistake id, quantity); ("...", "") is the count for all other quantities.

Counted over 345 published notebooks and 97 distinct wrong outputs. Where a mistake was never seen, a small number says that it is possible.
"""

from __future__ import annotations

PROGRAMS = 442
"""How many programs were read."""

HABITS: dict[tuple[str, str], float] = {
    ("carry-missing", "da_prevt"): 90,
    ("carry-missing", "dc_prevt"): 81,
    ("weights-from-globals", ""): 29,
    ("view-of-output", ""): 40,
    ("one-buffer-two-names", ""): 11,
    ("state-not-carried", "a_prev"): 9,
    ("state-not-carried", ""): 3,
    ("initial-state-wrong", ""): 6,
    ("overwritten-not-summed", ""): 7,
    ("upstream-missing", ""): 6,
    ("kind-replaced", ""): 9,
    ("wrong-activation-derivative", ""): 12,
    ("accumulates-itself", ""): 6,
    ("accumulator-copied", ""): 6,
    ("bracket-moved", ""): 5,
    ("initial-gradient-wrong", ""): 14,
    ("gate-swapped", ""): 4,
    ("activation-wrong", ""): 2.5,
    ("activation-derivative-missing", ""): 5,
    ("mean-for-sum", ""): 4,
    ("sum-wrong", ""): 4,
    ("slice-wrong", ""): 4,
    ("carry-added-up", ""): 3,
    ("name-replaced", ""): 16,
    ("term-dropped", ""): 8,
    ("factor-dropped", ""): 8,
    ("printed-formula", ""): 6,
    ("check-draws-otherwise", ""): 12,
    ("check-draws-otherwise", "ba"): 60,
    ("output-slot-as-state", ""): 4,
    ("upstream-wrong-step", ""): 3,
    ("left-at-zero", ""): 0.3,
    ("carry-wrong", ""): 2,
    ("call-argument-wrong", ""): 3,
    ("input-gradient-stored-wrong", ""): 2,
    ("input-of-wrong-step", ""): 2,
    ("cache-of-wrong-step", ""): 2,
    ("loop-wrong", ""): 2,
    ("extra-upstream", ""): 1,
    ("draws-random", ""): 1,
    ("", ""): 1,
}

"""Caches of the learner's own layout: where the backward functions that read them are wrong, the line is found too."""

from __future__ import annotations

import pytest
from styles import TEXTS

from whygrad.from_code.examine import examine
from whygrad.from_code.parts import PARTS
from whygrad.read.pieces import Cell, collect
from whygrad.read.source import Origin
from whygrad.sandbox.harness import Harness

ENTRIES = "a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters"
PLAIN = TEXTS["course_template"]
AS_DICTIONARIES = (
    PLAIN.replace(f"cache = ({ENTRIES})", f"cache = dict({', '.join(f'{name}={name}' for name in ENTRIES.split(', '))})")
    .replace(f"({ENTRIES}) = cache", "\n    ".join(f"{name} = cache['{name}']" for name in ENTRIES.split(", ")))
    .replace("(a1, c1, a0, c0, f1, i1, cc1, o1, x1, parameters) = caches[0]", "x1 = caches[0]['xt']")
)
WITH_MORE = (
    PLAIN.replace(f"cache = ({ENTRIES})", f"cache = ({ENTRIES}, concat)")
    .replace(f"({ENTRIES}) = cache", f"({ENTRIES}, concat) = cache")
    .replace("o1, x1, parameters) = caches[0]", "o1, x1, parameters, _) = caches[0]")
)


def told(program: str) -> list[tuple[str, str]]:
    """Kind and line of each mistake."""
    source = collect("rnn.py", [Cell(program, Origin("rnn.py", None, tuple(program.split("\n"))))])
    mistakes = examine(source, Harness(source.pieces, PARTS), "a tier").mistakes
    return [(one.id, one.location.text if one.location else "") for one in mistakes]


@pytest.mark.parametrize("program", [AS_DICTIONARIES, WITH_MORE], ids=["dictionaries", "one entry more"])
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * np.tanh(c_next) * (1 - ot)", "factor-dropped"),
        ("dbf = np.sum(dft, axis=1, keepdims=True)", "dbf = np.sum(dft, axis=0, keepdims=True)", "sum-wrong"),
        ("dWf = dWf + gradients['dWf']", "dWf = gradients['dWf']", "overwritten-not-summed"),
        ("da0 = gradients['da_prev']", "da0 = da[:, :, 0]", "initial-gradient-wrong"),
        (
            "gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])",
            "gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[0])",
            "call-argument-wrong",
        ),
        (
            "gradients = lstm_cell_backward(da[:,:,t] + da_prevt, dc_prevt, caches[t])",
            "gradients = lstm_cell_backward(da[:,:,t], dc_prevt, caches[t])",
            "carry-missing",
        ),
    ],
)
def test_the_line_is_found(program: str, old: str, new: str, kind: str) -> None:
    """With the learner's own caches in place of the course's."""
    assert old in program
    assert told(program) == []
    assert told(program.replace(old, new)) == [(kind, new)]

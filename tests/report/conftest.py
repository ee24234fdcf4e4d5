"""Results to draw: as the search would give them, in our own words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from whygrad.records import Confidence, Explanation, FunctionVerdict, Location, Mistake, Prediction, Result, Sandbox, Search


@pytest.fixture
def view() -> Mistake:
    """One mistake in a forward function, at the first step."""
    return Mistake(
        id="view-of-output",
        function="lstm_forward",
        quantity="c_next",
        step=0,
        says="the state is a view of the output array c and not an array of its own",
        hints=(
            "Look at c_next in lstm_forward: the cell state of this step.",
            (
                "The step writes its result into c, and the state that the cache should remember is that same memory. "
                "So the backward pass later reads the new cell state where it asks for the old one, "
                "and only what passes through the forget gate at the first step is wrong."
            ),
            "What the mathematics asks for: c⟨0⟩ is zero and stays zero.",
        ),
        confidence=Confidence(numbers=24, telling=7, digits=91, tried=5310, log10_chance=-60.4),
    )


@pytest.fixture
def carry() -> Mistake:
    """One mistake in the loop, at every step."""
    return Mistake(
        id="carry-not-assigned",
        function="lstm_backward",
        quantity="dc_prevt",
        step=None,
        says="the cell state's gradient is never handed to the earlier step",
        hints=(
            "Look at dc_prevt in lstm_backward.",
            "Every step of the loop starts with a zero there.",
            "What the mathematics asks for: step t receives what step t+1 returned.",
        ),
        confidence=Confidence(numbers=13, telling=10, digits=100, tried=5310, log10_chance=-80.0),
    )


@pytest.fixture
def zero() -> Mistake:
    """A mistake in another function that prints the same numbers as ``carry``."""
    return Mistake(
        id="factor-dropped",
        function="lstm_cell_backward",
        quantity="dc_prev",
        step=None,
        says="dc_prev is always zero",
        hints=("Look at dc_prev in lstm_cell_backward.", "The cell gives back zeros.", "What the mathematics asks for: dc times Γf."),
        confidence=Confidence(numbers=13, telling=10, digits=100, tried=5310, log10_chance=-80.0),
    )


@pytest.fixture
def one(view: Mistake) -> Result:
    """The usual case: one mistake explains everything."""
    return Result(
        verdict="explained",
        assignment="sequence-models",
        checks=("lstm_cell_backward", "lstm_backward"),
        version="new",
        printed=24,
        reproduced=24,
        mistakes=(view,),
        predictions=(Prediction("lstm_backward", "dx[0][1][0]", "-0.01234567"),),
        search=Search(5310, complete=True),
        exonerated=("lstm_cell_backward", "lstm_backward"),
    )


@pytest.fixture
def tie(carry: Mistake, zero: Mistake) -> Result:
    """Two functions either of which prints the same numbers, and the probe that tells them apart."""
    return Result(
        verdict="explained",
        assignment="sequence-models",
        checks=("lstm_backward",),
        version="new",
        printed=13,
        reproduced=13,
        mistakes=(carry,),
        alternatives=(Explanation((zero,), 13, -2.0),),
        predictions=(Prediction("lstm_cell_backward", "dc_prev[2][3]", "0.797522038797", "0.0"),),
        search=Search(5310, complete=True),
    )


def place(line: int, text: str, column: int = 5, cell: int | None = 4) -> Location:
    """A line of a cell of the same notebook, or of a file without cells."""
    file = "work/rnn.py" if cell is None else "work/rnn.ipynb"
    return Location(file.removeprefix("work/") + ("" if cell is None else f", cell {cell}"), line, column, text, file, cell)


@pytest.fixture
def coded(view: Mistake) -> Result:
    """Code with a mistake that is proved, a blank function, and one that is wrong nobody knows where."""
    defined = {function: place(1, f"def {function}(", 1, cell) for cell, function in enumerate(("lstm_forward", "rnn_backward"), 4)}
    blank = place(3, "gradients = None", cell=6)
    around = ("a_next = a0", "c_next = c[:, :, 0]", "", "for t in range(T_x):")
    line = replace(place(12, "c_next = c[:, :, 0]"), excerpt=around, excerpt_line=11)
    return Result(
        verdict="partly",
        assignment="sequence-models",
        checks=("rnn_cell_forward", "lstm_forward", "rnn_backward", "lstm_backward"),
        mistakes=(
            replace(view, confidence=None, location=line, proved=True, proof="proved"),
            Mistake(
                "not-filled-in",
                "lstm_backward",
                "lstm_backward",
                None,
                "lstm_backward is not filled in yet",
                ("Look at lstm_backward.", "It can be judged later.", "It can be judged later."),
                location=blank,
                proved=False,
                proof="contract",
            ),
        ),
        search=Search(31, complete=True),
        exonerated=("rnn_cell_forward",),
        unexplained=("rnn_backward",),
        notes=("rnn_cell_forward is defined 2 times; the last one, at cell 3, line 1, was taken",),
        functions=(
            FunctionVerdict("rnn_cell_forward", "right", "returns the right a_next, yt_pred and cache", place(1, "def", 1, 3)),
            FunctionVerdict("lstm_forward", "wrong", "returns the right a, but a wrong cache", defined["lstm_forward"]),
            FunctionVerdict("rnn_backward", "wrong", "dba is wrong: all 4 entries differ", defined["rnn_backward"]),
            FunctionVerdict("lstm_backward", "blank", "is not filled in yet: see line 3", blank),
            FunctionVerdict("lstm_cell_backward", "missing", "is not there"),
        ),
        sandbox=Sandbox("landlock 7 + seccomp + limits"),
    )

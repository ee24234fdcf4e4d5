"""A function with some lines replaced is the one that is made of all its lines."""

from __future__ import annotations

from itertools import combinations

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.edited import edited_lines
from whygrad.from_numbers.linewise import Linewise
from whygrad.from_numbers.replaced import Replaced, simply_edited
from whygrad.from_numbers.variants import Variants

VARIANTS = Variants(SEQUENCE_MODELS)
COUNT = (
    "def count(upper, start):",
    "    total = start",
    "",
    "    for t in range(upper):",
    "        total = total + t",
    "        for s in [1, 2]:",
    "            total += s",
    "        total = total * 2",
    "    if total:",
    "        total = total - 1",
    "    last = t",
    "    return (total, last)",
)


def whole(lines: tuple[str, ...], new: dict[int, str]) -> Linewise:
    """The function made of all its lines."""
    return Linewise(tuple(filter(None, (new.get(number, line) for number, line in enumerate(lines)))))


@pytest.mark.parametrize("loop", ["rnn_backward", "lstm_backward", "lstm_forward"])
def test_every_two_lines(loop: str) -> None:
    """At the top and in the loop: the very steps."""
    lines = SEQUENCE_MODELS.functions[loop]
    function = Replaced(lines)
    texts = [line for edit in VARIANTS.of_function(loop)[::3] for line in edit.lines if line[0] == loop]
    taken = [(number, text) for _, number, text in texts if function.takes(number, text)]
    assert len(taken) > len(texts) / 2
    for one, other in combinations(taken[::2], 2):
        if one[0] != other[0]:
            assert function.by(sorted([one, other])).steps == whole(lines, dict([one, other])).steps


def test_statements_and_nothing_else() -> None:
    """Blocks, lines that are left out or stand in for several, and what stands deeper than in a loop are none."""
    function = Replaced(COUNT)
    deep, top = "        total = 7", "    total = 7"
    taken = [number for number in range(len(COUNT)) if function.takes(number, deep) or function.takes(number, top)]
    assert taken == [1, 4, 7, 10]
    for text in ("", "    if total:", f"{top}\n    last = 1", deep):
        assert not function.takes(1, text)
    for new in ({1: top}, {4: deep}, {7: deep, 10: "    last = 3"}, {}):
        assert function.by(new.items()).steps == whole(COUNT, new).steps
        assert function.by(new.items()).call({}, (3, 1)) == whole(COUNT, new).call({}, (3, 1))


def test_edited_functions_are_those_of_all_their_lines() -> None:
    """Of pairs in a loop and its check; never of a cell, whose lines may change places, and never of one line edited twice."""
    loop, cell = VARIANTS.of_function("rnn_forward")[::7], VARIANTS.of_function("rnn_cell_forward")[:3]
    simple = 0
    for edits in (*combinations(loop, 2), *((edit, cell[0]) for edit in loop)):
        functions, lines = simply_edited(SEQUENCE_MODELS, edits), edited_lines(SEQUENCE_MODELS, edits)
        if functions is not None:
            simple += 1
            assert lines is not None
            assert {name: own.steps for name, own in functions.items()} == {name: Linewise(own).steps for name, own in lines.items()}
            assert cell[0] not in edits
    assert simple > len(loop)
    assert simply_edited(SEQUENCE_MODELS, (loop[0], loop[0])) is None


def test_what_is_no_python_is_told_at_once() -> None:
    """As it is for a whole function."""
    with pytest.raises(SyntaxError):
        Replaced(COUNT).by([(1, "    total = (start")])

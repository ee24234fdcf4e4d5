"""A function with some lines replaced is the one that is made of all its lines."""

from __future__ import annotations

from itertools import combinations

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.from_numbers.programs.edited import Program, edited_lines
from whygrad.from_numbers.programs.linewise import Linewise
from whygrad.from_numbers.programs.replaced import Replaced, replaced
from whygrad.from_numbers.programs.variants import Variants

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
    assert len(taken) > len(texts) * 0.9
    for one, other in combinations(taken[::2], 2):
        if one[0] != other[0]:
            assert function.by(dict([one, other])).steps == whole(lines, dict([one, other])).steps


def test_statements_and_heads_and_nothing_else() -> None:
    """Not other blocks, lines of elsewhere, or what stands deeper than in a loop. A line may be left out or become several."""
    function = Replaced(COUNT)
    deep, top, head = "        total = 7", "    total = 7", "    for t in [upper, 1]:"
    taken = [number for number in range(len(COUNT)) if any(function.takes(number, text) for text in (deep, top, head))]
    assert taken == [1, 3, 4, 7, 10]
    for number, text in (
        (1, "    if total:"),
        (1, deep),
        (1, head),
        (3, top),
        (3, ""),
        (3, "    while total:"),
        (4, f"{deep}\n{top}"),
        (8, head),
    ):
        assert not function.takes(number, text)
    for new in (
        {1: top},
        {4: deep},
        {7: deep, 10: "    last = 3"},
        {3: head},
        {1: f"{top}\n    start = 1", 3: head, 4: "", 7: f"{deep}\n{deep}"},
        {},
    ):
        assert function.by(new).steps == whole(COUNT, new).steps
        assert function.by(new).call({}, (3, 1)) == whole(COUNT, new).call({}, (3, 1))


def test_edited_functions_are_those_of_all_their_lines() -> None:
    """Of pairs in a loop and its check, and with a cell, whose lines may change places."""
    loop, cell = VARIANTS.of_function("rnn_forward")[::7], VARIANTS.of_function("rnn_cell_forward")[:3]
    for edits in (*combinations(loop, 2), *((edit, cell[0]) for edit in loop)):
        program, lines = Program(SEQUENCE_MODELS, edits), edited_lines(SEQUENCE_MODELS, edits)
        assert program.broken == (lines is None)
        own = lines or {}
        assert {name: function.steps for name, function in program.edited.items()} == {name: Linewise(own[name]).steps for name in own}


def test_what_is_no_python_is_told_at_once() -> None:
    """As it is for a whole function."""
    with pytest.raises(SyntaxError):
        replaced(COUNT, {1: "    total = (start"})

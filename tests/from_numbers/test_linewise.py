"""A function run line by line does what Python does with it as a whole."""

from __future__ import annotations

import pytest

from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled
from whygrad.from_numbers.programs.edited import edited_lines
from whygrad.from_numbers.programs.linewise import Linewise
from whygrad.mistakes import Edit

COUNT = (
    "def count(upper, start):",
    "    total = start",
    "    for t in range(upper):",
    "        total = total + t",
    "        for s in [1, 2]:",
    "            total += s",
    "        if t == 1:\n            total = -total",
    "    last = t",
    "    return (total, last)",
)
CALL = "        gradients = rnn_cell_backward({}, {})"


def test_loops_and_blocks() -> None:
    """Loops in loops, a block that is no loop, a line of several lines, the loop's name after it: all as compiled."""
    space: dict[str, object] = {}
    exec(compiled(COUNT), space)  # noqa: S102 - the text above
    whole = space["count"]
    assert callable(whole)
    assert Linewise(COUNT).call({}, (4, 0.5)) == whole(4, 0.5)


def test_what_is_no_python_is_told_at_once() -> None:
    """A line that does not compile is a SyntaxError before anything runs."""
    with pytest.raises(SyntaxError):
        Linewise(("def f(x):", "    y = (x", "    return y"))


def test_too_few_arguments_and_unknown_names_raise() -> None:
    """As in Python, a call with another number of arguments fails, and so does a name that nothing has set."""
    function = Linewise(("def f(x):", "    y = z", "    return y"))
    with pytest.raises(ValueError, match="shorter"):
        function.call({}, ())
    with pytest.raises(NameError):
        function.call({}, (1,))


def call_edit(carried: str, cache: str) -> Edit:
    """The loop's call of the cell with these arguments."""
    lines = SEQUENCE_MODELS.functions["rnn_backward"]
    number = next(at for at, line in enumerate(lines) if "rnn_cell_backward(" in line)
    return Edit("by-hand", "rnn_backward", "", (("rnn_backward", number, CALL.format(carried, cache)),), f"{carried} {cache}")


def test_two_edits_of_one_call_go_together_where_they_change_different_arguments() -> None:
    """Each argument is written as the edit that changes it has it; two wishes for one argument cannot be met."""
    upstream, cache = call_edit("da[:, :, 0] + da_prevt", "caches[t]"), call_edit("da[:, :, t] + da_prevt", "caches[t - 1]")
    for edits in ((upstream, cache), (cache, upstream)):
        both = edited_lines(SEQUENCE_MODELS, edits)
        assert both is not None
        assert CALL.format("da[:, :, 0] + da_prevt", "caches[t - 1]") in both["rnn_backward"]
    assert edited_lines(SEQUENCE_MODELS, (upstream, call_edit("da_prevt", "caches[t]"))) is None

"""A name is overwritten whose value is needed again: told at the line that does it, not where it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result

GATES = "    dcct = (dc_next * it + ot * (1 - np.square(np.tanh(c_next))) * it * da_next) * (1 - np.square(cct))\n"
SQUARED = "    cct **= 2\n" + GATES.replace("np.square(cct)", "cct")
STATE = "    c_next = ft * c_prev + it * cct\n"
TERSE = "    c = f * c_prev + i * g\n    a = o * np.tanh(c)\n"
OVERWRITTEN = [
    ("course_template", STATE, "    it *= cct\n    c_next = ft * c_prev + it\n", "it *= cct", "the name it is changed in place"),
    ("course_template", STATE, "    ft = ft * c_prev\n    c_next = ft + it * cct\n", "ft = ft * c_prev", "ft gets another value"),
    ("course_template", GATES, SQUARED, "cct **= 2", "cct is changed in place"),
    ("terse", TERSE, "    c = f * c_prev + i * g\n    c = np.tanh(c)\n    a = o * c\n", "c = np.tanh(c)", "c gets another value"),
]  # fmt: skip
WRONG_THEMSELVES = [
    ("course_template", "    dbf = np.sum(dft, axis=1, keepdims=True)\n", "    dbf /= xt.shape[1]\n", "mean-for-sum"),
    ("course_template", "    dbf = np.sum(dft, axis=1, keepdims=True)\n", "    dbf = -dbf\n", "sign-flipped"),
]


@pytest.mark.parametrize("case", OVERWRITTEN, ids=[case[3] for case in OVERWRITTEN])
def test_what_is_needed_again_is_overwritten(examined: Callable[[str], Result], case: tuple[str, ...]) -> None:
    """One mistake, wherever the value is missed: in the cache, in what is returned, in the line of another gate."""
    style, before, after, line, says = case
    assert before in TEXTS[style]
    (mistake,) = examined(TEXTS[style].replace(before, after, 1)).mistakes
    assert mistake.location is not None
    assert mistake.location.text.strip() == line
    assert (mistake.id, mistake.proof) == ("updated-in-place", "proved")
    assert mistake.says.startswith(f"{says} here, and line ")
    assert mistake.says.endswith(" asks for what it held before")
    assert "which of the lines behind it mean the one, and which the other?" in mistake.hints[1]


@pytest.mark.parametrize(("style", "before", "more", "id_"), WRONG_THEMSELVES, ids=[case[3] for case in WRONG_THEMSELVES])
def test_a_line_that_is_wrong_itself_is_named(examined: Callable[[str], Result], style: str, before: str, more: str, id_: str) -> None:
    """Nothing needs its value: not that it overwrites is the mistake, but what it computes."""
    (mistake,) = examined(TEXTS[style].replace(before, before + more, 1)).mistakes
    assert mistake.location is not None
    assert mistake.location.text.strip() == more.strip()
    assert mistake.id == id_


def test_gates_unpacked_in_another_order(examined: Callable[[str], Result]) -> None:
    """Named as such, with what to look at in a stack, also where four names change places."""
    text = TEXTS["course_template"]
    start = text.index("    dWf = ", text.index("def lstm_cell_backward"))
    for line in ("dft, dit, dcct, dot = np.vsplit(np.vstack((dft, dit, dot, dcct)), 4)", "dot, dcct, dit, dft = dit, dft, dcct, dot"):
        (mistake,) = examined(f"{text[:start]}    {line}\n{text[start:]}").mistakes
        assert mistake.location is not None
        assert mistake.location.text.strip() == line
        assert (mistake.id, mistake.proof) == ("gates-out-of-order", "proved")
        assert mistake.says.endswith("are unpacked here in another order than they stand in")
        assert "is the stack cut in the order in which it was made" in mistake.hints[1]


@pytest.mark.parametrize(
    ("line", "id_"),
    [
        ("it = sigmoid(np.dot(parameters['Wi'], both) + parameters['bf'])", "name-replaced"),
        ("cct = sigmoid(np.dot(parameters['Wc'], both) + parameters['bc'])", "activation-wrong"),
        ("cct = da_next * cct", "updated-in-place"),
        ("c_prev = dc_next * ft", "updated-in-place"),
    ],
)
def test_what_the_cache_holds_is_computed_again(examined: Callable[[str], Result], line: str, id_: str) -> None:
    """With a slip of the forward pass it is told as such; anything else under the name is what takes its value."""
    before = "    (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) = cache\n"
    more = f"    both = np.concatenate((a_prev, xt), axis=0)\n    {line}\n"
    (mistake,) = examined(TEXTS["course_template"].replace(before, before + more, 1)).mistakes
    assert mistake.location is not None
    assert (mistake.location.text.strip(), mistake.id) == (line, id_)

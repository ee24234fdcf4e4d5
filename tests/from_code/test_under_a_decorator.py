"""A name may stand for more than the function below it: a decorator, or another value of the name, calls that with other arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result

WRITTEN = """
def {wrapper}(f):
    def g(da_next, dc_next, cache):
        {hands}
    return g

@{wrapper}
def lstm_cell_backward({given}):
    {takes}
    n_a = a_next.shape[0]
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    dot = da_next * np.tanh(c_next) * ot * (1 - ot)
    dcct = dc * it * (1 - cct ** 2)
    dit = dc * cct * it * (1 - it)
    dft = dc * c_prev * ft * (1 - ft)
    z = np.vstack((a_prev, xt))
    gr = {{}}
    dz = 0
    for k, d in (("f", dft), ("i", dit), ("c", dcct), ("o", dot)):
        gr["dW" + k] = d @ z.T
        gr["db" + k] = d.sum(axis=1, keepdims=True)
        dz = dz + parameters["W" + k].T @ d
    gr["da_prev"], gr["dxt"], gr["dc_prev"] = dz[:n_a], dz[n_a:], dc * ft
    return gr
"""
KEPT = "a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters"
STYLES = {
    "one more": WRITTEN.format(
        wrapper="counted", given="da_next, dc_next, cache, entries", hands="return f(da_next, dc_next, cache, 10)",
        takes=f"{KEPT} = cache[:entries]",
    ),
    "unpacked": WRITTEN.format(
        wrapper="unpacked", given=f"da_next, dc_next, {KEPT}", hands="return f(da_next, dc_next, *cache)", takes="assert da_next.ndim == 2",
    ),
    "fewer": WRITTEN.format(
        wrapper="both", given="upstream, cache", hands="return f((da_next, dc_next), cache)",
        takes=f"da_next, dc_next = upstream; {KEPT} = cache",
    ),
    "another order": WRITTEN.format(
        wrapper="turned", given="cache, dc_next, da_next", hands="return f(cache, dc_next, da_next)", takes=f"{KEPT} = cache",
    ),
    "by keyword": WRITTEN.format(
        wrapper="entries", given="da_next, dc_next, cache, *, entries", hands="return f(da_next, dc_next, cache, entries=10)",
        takes=f"{KEPT} = cache[:entries]",
    ),
    "partial": WRITTEN.format(wrapper="same", given="entries, da_next, dc_next, cache", hands="", takes=f"{KEPT} = cache[:entries]")
    .replace("@same\n", "")
    .partition("    return g\n")[2]
    + "\nfrom functools import partial\nlstm_cell_backward = partial(lstm_cell_backward, 10)\n",
}  # fmt: skip
"""Right backward cells that are called with other arguments than their ``def`` line names."""
SLIPS = [
    ("dit = dc * cct * it", "dit = dc * it * it"),
    ("dc = dc_next + da_next", "dc = dc_next - da_next"),
    ("(1 - cct ** 2)", "(1 - cct)"),
]


def program(cell: str) -> str:
    """The reference program with this backward cell."""
    return edited(without=("lstm_cell_backward",)) + "\n\n" + cell


@pytest.mark.parametrize("style", STYLES)
def test_a_right_function_is_right(examined: Callable[[str], Result], style: str) -> None:
    """However it is called by what stands around it."""
    assert examined(program(STYLES[style])).verdict == "right"


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip[1])
@pytest.mark.parametrize("style", STYLES)
def test_a_slip_is_told_at_its_line(examined: Callable[[str], Result], style: str, slip: tuple[str, str]) -> None:
    """The ``def`` line says nothing of the call, so nothing is said of it."""
    assert slip[0] in STYLES[style]
    text = program(STYLES[style].replace(*slip))
    answer = examined(text)
    assert {one.function for one in answer.functions if one.verdict == "wrong"} == {"lstm_cell_backward"}
    assert [one.location and one.location.line for one in answer.mistakes] == [line_of(text, slip[1])]


TIMED = """
def timed(f):
    def g(*given):
        return f(*given)
    return g

@timed
def lstm_cell_backward(da_next, dc_next, cache{more}):
    "Nothing is computed."
    return {{}}
"""


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (", clip", "takes 4 arguments (da_next, dc_next, cache, clip), but it is called with 3: "),
        (", *, clip", "asks for clip as well, by keyword, which the assignment does not hand in: it is called as "),
    ],
)
def test_what_is_asked_for_under_a_decorator_that_hands_on_what_it_gets(examined: Callable[[str], Result], more: str, says: str) -> None:
    """It is so of the call too, as what Python says of it shows."""
    text = program(TIMED.format(more=more))
    (said,) = examined(text).mistakes
    assert said.says == f"lstm_cell_backward {says}lstm_cell_backward(da_next, dc_next, cache)"
    assert said.id == "called-otherwise"


def test_an_order_of_its_own_under_a_decorator_that_hands_on_what_it_gets(examined: Callable[[str], Result]) -> None:
    """It is told if more is right in that order."""
    hands_on = STYLES["another order"].replace("return f(cache, dc_next, da_next)", "return f(da_next, dc_next, cache)")
    (said,) = examined(program(hands_on)).mistakes
    order = "lstm_cell_backward takes its arguments in the order (cache, dc_next, da_next), but it is called as "
    assert said.says == f"{order}lstm_cell_backward(da_next, dc_next, cache)"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("da_next, dc_next, cache, *, eps", "asks for eps as well, by keyword, which the assignment does not hand in: it is called as "),
        (
            "da_next, *, dc_next, cache",
            "takes dc_next and cache by keyword only, for * stands before in its def line, but it is called as ",
        ),
    ],
)
def test_what_only_a_keyword_fills_is_named(examined: Callable[[str], Result], given: str, says: str) -> None:
    """It is what is in the way of the call, and stands in no list of arguments."""
    text = edited(("lstm_cell_backward", "(da_next, dc_next, cache)", f"({given})"))
    (said,) = examined(text).mistakes
    assert said.says == f"lstm_cell_backward {says}lstm_cell_backward(da_next, dc_next, cache)"

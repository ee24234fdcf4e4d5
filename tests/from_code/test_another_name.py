"""A name in the place of another makes a function raise, mostly at a later line: told where it stands, and nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

BEFORE = (  # in the function, or in the call of a helper or what that hands back
    ("gate_dictionaries", "    a_next = a0\n", "    a_next = parameters\n"),
    ("spanish_lambdas", "    oculto = a0\n", "    oculto = memorias\n"),
    ("gate_dictionaries", 'state = {"a": a0,', 'state = {"a": parameters,'),
    ("gate_dictionaries", 'inputs = {"x": xt,', 'inputs = {"x": parameters,'),
    ("branches_and_asserts", "        if total is None:", "        if x is None:"),
    ("branches_and_asserts", 'total["da0"] = dx, da_prev', 'total["da0"] = dx, key'),
    ("keywords_and_early_returns", "enumerate(steps[:T])", "enumerate(da_prevt[:T])"),
    ("einsum_lists", "xt, parameters = cache", "xt, parameters = da_next"),
    ("einsum_lists", "caches.append(cache)", "states.append(cache)"),
    ("branches_and_asserts", "dW = np.zeros(W.shape)", "dW = np.zeros(dot.shape)"),
    ("helper_functions", "        add_step(total, step, names)", "        add_step(total, step, caches)"),
    ("keywords_and_early_returns", 'slope(name="sigmoid", value=ot)', 'slope(name="sigmoid", value=parameters)'),
    ("classes", "RnnCell(parameters).backward(da_next,", "RnnCell(parameters).backward(xt,"),
    ("classes", "LstmCell(parameters).forward(xt,", "LstmCell(parameters).forward(c_prev,"),
    ("one_matrix", "    return W, b", "    return W, W"),
)
HANDED_BACK = (
    ("einsum_lists", "return a, y_pred, (caches, x)", "return a, y_pred, (states, x)"),
    ("batch_first", "caches.append(kept)", "caches.append(outs)"),
)


@pytest.mark.parametrize(("style", "before", "after"), BEFORE, ids=[after.strip()[:30] for _, _, after in BEFORE])
def test_a_wrong_name_is_told_where_it_stands(style: str, before: str, after: str, told: Tell) -> None:
    """The line that raises is right, be it in the function or in its helper."""
    text = slipped(style, (before, after))
    lines = {one.line for one in told(text)}
    assert lines == {line_of(text, after.strip())}
    assert all((one.id, one.proof) == ("name-replaced", "proved") and ", and so line " in one.says for one in told(text))


@pytest.mark.parametrize(("style", "before", "after"), HANDED_BACK, ids=["returned", "added"])
def test_what_is_handed_back_is_told_at_the_wrong_name(style: str, before: str, after: str, told: Tell) -> None:
    """Nothing raises; lists are never put into themselves to find out."""
    text = slipped(style, (before, after))
    (one,) = told(text)
    assert (one.id, one.proof, one.line) == ("name-replaced", "proved", line_of(text, after))
    assert ", and so rnn_forward returns " in one.says


HERE = (
    ("terse", 'W = np.vstack([p[f"W{k}"] for k', 'W = np.vstack([a[f"W{k}"] for k', "raises"),
    (
        "keywords_and_early_returns",
        "cache=steps[t])\n        da_prevt = gradients",
        "cache=steps[dWi])\n        da_prevt = gradients",
        "raises",
    ),
    ("in_place", "dot = da_next * tanh_c", "dot = da_next * dft", "raises"),
    ("stacked_input", "dc = dc_next.copy()", "dc = dconcat.copy()", "raises"),
)


@pytest.mark.parametrize(("style", "before", "after", "id_"), HERE, ids=[after[:20] for _, _, after, _ in HERE])
def test_a_wrong_name_where_it_raises_is_told_alone(style: str, before: str, after: str, id_: str, told: Tell) -> None:
    """With another name there all is right, so whatever else would mend the rest is no mistake."""
    text = slipped(style, (before, after))
    (one,) = told(text)
    assert (one.id, one.line) == (id_, line_of(text, after))


def test_a_helper_that_raises_hides_no_right_lines(told: Tell) -> None:
    """What the whole function hands back is not what a helper does."""
    (one,) = told(slipped("classes", ('concat) + self.p["b" + name])', 'concat) + self.p["b" - name])')))
    assert one.id == "raises"


def test_no_name_is_blamed_where_another_thing_is_wrong(told: Tell) -> None:
    """No other name makes up for a call that is gone within a helper."""
    text = slipped("one_matrix", ("return 1.0 / (1.0 + np.exp(-z))", "return 1.0 / (1.0)"))
    assert {one.id for one in told(text)} == {"raises"}


def test_what_lies_the_other_way_is_told_where_it_is_made(told: Tell) -> None:
    """Two lines read it."""
    text = slipped("batch_first", ("back, cell_back = one.pop('da_prev').T,", "back, cell_back = one.pop('da_prev'),"))
    (one,) = told(text)
    assert (one.id, one.proof, one.line) == ("transpose-wrong", "proved", line_of(text, "back, cell_back = one.pop"))


MADE = (
    ("one_matrix", "caches = [None] * T", "caches = [None]", "caches holds 1 entry here, and should hold 7"),
    ("one_matrix", "dz = np.empty((4 * H, m))", "dz = np.empty((H, m))", "dz has shape (4, 3) here, and should have (16, 3)"),
    ("in_place", "dconcat = np.zeros(concat.shape)", "dconcat = np.zeros(a_next.shape)", "dconcat has shape (4, 3) here"),
)


@pytest.mark.parametrize(("style", "before", "after", "says"), MADE, ids=["list", "array", "sum"])
def test_what_is_made_too_small_is_told_where_it_is_made(style: str, before: str, after: str, says: str, told: Tell) -> None:
    """It is filled, or added to, by lines that are right."""
    text = slipped(style, (before, after))
    (one,) = told(text)
    assert (one.line, one.proof) == (line_of(text, after), "proved")
    assert one.says.startswith(says)


def test_zeros_stand_for_no_dictionary(told: Tell) -> None:
    """What the line cannot make is asked for its keys later."""
    (one,) = told(slipped("terse", ('g = {"da_prev": np.zeros(da.shape[:2])}', 'g = {"da_prev": np.zeros(total.shape[:2])}')))
    assert one.id == "raises"


def test_what_lies_the_other_way_where_it_is_used_is_told_there(told: Tell) -> None:
    """Made the other way it would fit as well, and is right as it is."""
    text = slipped("terse", ("np.split(W.T @ dz,", "np.split(W @ dz,"))
    (one,) = told(text)
    assert (one.id, one.line) == ("transpose-wrong", line_of(text, "np.split(W @ dz,"))

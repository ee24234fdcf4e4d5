"""Two slips in one line are both named, from the values that the line read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from code_answer import examined
from slipping import edited, line_of
from styles import TEXTS

from whygrad.from_code.lines.two_slips import two_slips

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

DRAW = np.random.default_rng(5).standard_normal
A, B, C, F = (DRAW((4, 3)) for _ in range(4))
VALUES = {"a": A, "b": B, "c": C, "f": F}
PAIRS = [
    ("a + b * c * (1 + c)", A * B * C * (1 - C)),
    ("(a * b - b * c) * f * (1 - a)", (A * B + B * C) * F * (1 - F)),
    ("a * b + b * c * (1 - c ** 2) ** 2", (A * B + B * C) * (1 - C**2)),
    ("a * b * (f - 1) * (1 - c)", A * B * F * (1 - F)),
    ("np.sum(a, axis=1)", np.sum(B, axis=1, keepdims=True)),
    ("np.mean(a * b, axis=0, keepdims=True)", np.sum(A * B, axis=1, keepdims=True)),
    ("(a * b).mean(axis=1)", np.sum(A * B, axis=1, keepdims=True)),
]
OUTPUT = "dot = da_next * np.tanh(c_next) * ot * (1 - ot)"
SLIPS = [
    (OUTPUT, "dot = da_next + np.tanh(c_next) * ot * (1 + ot)"),
    (OUTPUT, "dot = dc_next * np.tanh(c_next) * ot * (1 + ot)"),
    ("da_next) * it * (1 - it)", "da_next) / it * (1 - ft)"),
]
SUM = "dbf = np.sum(dft, axis=1, keepdims=True)"


@pytest.mark.parametrize(("text", "right"), PAIRS, ids=[text for text, _ in PAIRS])
@np.errstate(all="ignore")
def test_two_changes_that_give_the_right_value(text: str, right: np.ndarray) -> None:
    """Each is said of its own part, and one alone is not enough."""
    pair = two_slips(text, VALUES, right, 1e-8)
    assert pair is not None
    assert pair[0].says != pair[1].says


def test_nothing_is_made_up() -> None:
    """A value that no two changes give has no name."""
    assert two_slips("a + b * c * (1 + c)", VALUES, DRAW((4, 3)), 1e-8) is None


@np.errstate(all="ignore")
def test_each_of_two_is_told_as_it_would_be_alone() -> None:
    """A difference turned round is no matrix product, and brackets are told and not what stands around them."""
    pair = two_slips("a * (1 - np.tanh(b ** 2)) * (c - 1)", VALUES, A * (1 - np.tanh(B) ** 2) * (1 - C), 1e-8)
    assert pair is not None
    assert [change.id for change in pair] == ["sign-flipped", "bracket-moved"]


@pytest.mark.parametrize(("before", "after"), SLIPS, ids=[after for _, after in SLIPS])
def test_a_line_with_two_slips_is_named(before: str, after: str) -> None:
    """In a program: at its line, proved."""
    text = TEXTS["course_template"].replace(before, after)
    (said,) = examined(text).findings
    assert said.id is not None
    assert said.proof == "proved"
    assert after.partition(" ")[0] in text.split("\n")[(said.line or 1) - 1]


@pytest.mark.parametrize("after", ["dbf = np.sum(dcct, axis=1)", "dbf = np.mean(dft, axis=0)"])
def test_a_sum_of_another_shape_hides_no_second_slip(after: str, told: Callable[[str], list[Told]]) -> None:
    """What is summed, or that it is no sum, is told beside it."""
    assert SUM in TEXTS["course_template"]
    (said,) = told(TEXTS["course_template"].replace(SUM, after))
    assert (said.id, said.proof) == ("gate-swapped" if "dcct" in after else "mean-for-sum", "proved")
    assert " has two slips: " in said.says


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * slope(np.tanh(c_next) * ot)"),
        (
            "(dc_next * c_prev + ot * (1 - np.square(np.tanh(c_next))) * c_prev * da_next) * ft * (1 - ft)",
            "(dc_next + ot * (1 - np.square(np.tanh(c_next))) * da_next) * slope(c_prev * ft)",
        ),
    ],
)
def test_a_bracket_of_a_helper_is_one_slip(before: str, after: str, told: Callable[[str], list[Told]]) -> None:
    """Whatever two slips would do the same; nor is a factor too many that belongs there."""
    text, head = TEXTS["course_template"], "def lstm_cell_backward("
    assert before in text
    text = text.replace(before, after).replace(head, f"def slope(s):\n    return s * (1 - s)\n\n\n{head}")
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == ("bracket-moved", "proved", text[: text.index(after)].count("\n") + 1)
    assert said.says.startswith("not all that stands in the brackets of slope(")


@pytest.mark.parametrize("wrong", ["slope(product(a_next, da_next))", "slope(product(da_next, a_next))"])
def test_a_bracket_around_a_helper_of_two(wrong: str, told: Callable[[str], list[Told]]) -> None:
    """The helper multiplies what it is given: it is not blamed."""
    product = "def product(x, y):\n    return x * y\n\ndef slope(a):\n    return 1 - a ** 2\n\n"
    text = edited(("rnn_cell_backward", "(1 - a_next ** 2) * da_next", wrong), ("rnn_cell_backward", "def rnn", f"{product}def rnn"))
    (said,) = told(text)
    assert (said.id, said.proof) == ("bracket-moved", "proved")
    assert wrong in text.splitlines()[said.line - 1]


def test_a_bracket_is_likelier_than_three_slips(told: Callable[[str], list[Told]]) -> None:
    """What is handed to the derivative has a factor that belongs outside: seen from the formula that is three things."""
    slope = "def slope(s):\n    return s * (1 - s)\n\n"
    line = ("lstm_cell_backward", "dc * c_prev * ft * (1 - ft)", "c_prev * slope(dc * ft)")
    (said,) = told(edited(line, ("lstm_cell_backward", "def lstm", f"{slope}def lstm")))
    assert (said.id, said.proof) == ("bracket-moved", "proved")


SLOPE = "dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)"
BEFORE = "slope = ot * (1 - np.tanh(c_next) ** 2)\n    "


def test_one_slip_in_the_line_that_reads_is_no_pair(told: Callable[[str], list[Told]]) -> None:
    """A bracket moved there is enough, whatever the line before makes, which nothing else reads."""
    text = edited(("lstm_cell_backward", SLOPE, f"{BEFORE}dc = da_next * (slope + dc_next)"))
    (said,) = told(text)
    assert (said.id, said.line) == ("bracket-moved", line_of(text, "dc = da_next * ("))


def test_a_number_that_happens_to_be_one_of_our_sizes_is_told_beside_another_slip(told: Callable[[str], list[Told]]) -> None:
    """It shows at other sizes only, and these are the ones that the search begins with then."""
    cut = ("lstm_cell_backward", "return gradients", "gradients['dxt'] = dxt[:2, :]\n    return gradients")
    text = edited(cut, ("lstm_cell_backward", SLOPE, SLOPE.replace(" * ot", "")))
    assert {one.line for one in told(text)} == {line_of(text, "dc = dc_next"), line_of(text, "gradients['dxt'] = ")}


UNIT_BY_UNIT = """
import numpy as np

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    hx, d = np.concatenate([a_prev, xt]), {g: np.zeros(ft.shape) for g in "fico"}
    dc_prev = np.zeros(ft.shape)
    for k in range(len(ft)):
        th = np.tanh(c_next[k])
        dc = dc_next[k] + da_next[k] * ot[k] * (1 - th ** 2)
        d["f"][k] = dc * c_prev[k] * ft[k] * (1 - ft[k])
        d["i"][k] = dc * cct[k] * it[k] * (1 - it[k])
        d["c"][k] = dc * it[k] * (1 - cct[k] ** 2)
        d["o"][k] = da_next[k] * th * ot[k] * (1 - ot[k])
        dc_prev[k] = dc * ft[k]
    back = sum(parameters["W" + g].T @ d[g] for g in "fico")
    out = {"dxt": back[len(ft):], "da_prev": back[:len(ft)], "dc_prev": dc_prev}
    for g in "fico":
        out["dW" + g], out["db" + g] = d[g] @ hx.T, d[g].sum(axis=1, keepdims=True)
    return out
"""


def test_two_that_mend_a_line_are_likelier_than_more_by_its_parts(told: Callable[[str], list[Told]]) -> None:
    """Multiplied out, one sign makes a part of the sum other than it should be."""
    line = 'd["f"][k] = dc * c_next[k] * ft[k] * (1 + ft[k])'
    (said,) = told(UNIT_BY_UNIT.replace('d["f"][k] = dc * c_prev[k] * ft[k] * (1 - ft[k])', line))
    assert " has two slips: " in said.says

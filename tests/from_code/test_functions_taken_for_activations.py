"""A function of NumPy that is typed where the tanh or the sigmoid is meant has a name, and the sentence says which stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

LINES = {
    "the state of an RNN": ("a_next = np.tanh(np.dot(Waa", "a_next = np.{}(np.dot(Waa"),
    "the state of an LSTM": ("a_next = ot * np.tanh(c_next)", "a_next = ot * np.{}(c_next)"),
    "the candidate": ("cct = np.tanh(", "cct = np.{}("),
    "a gate": ("ft = sigmoid(", "ft = np.{}("),
    "a gradient": ("dot = da_next * np.tanh(c_next)", "dot = da_next * np.{}(c_next)"),
    "a derivative": ("dc_prev = dc_next * ft + ot * (1 - np.square(np.tanh(", "dc_prev = dc_next * ft + ot * (1 - np.square(np.{}("),
}


@pytest.mark.parametrize("function", ["tan", "arctan", "sinh"])
@pytest.mark.parametrize("line", LINES)
def test_what_stands_where_an_activation_belongs_is_said(told: Callable[[str], list[Told]], line: str, function: str) -> None:
    """In the forward and in the backward cells."""
    before, after = LINES[line]
    text = slipped("course_template", (before, after.format(function)))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, after.format(function)), "activation-wrong", "proved")
    assert one.says == f"{after.partition(' ')[0]} has np.{function} where an activation belongs"


@pytest.mark.parametrize("function", ["cos", "sin", "cosh", "arctanh", "arcsinh", "exp"])
def test_rarer_functions_are_said_too(told: Callable[[str], list[Told]], function: str) -> None:
    """One that is not defined at each entry among them."""
    text = slipped("course_template", ("cct = np.tanh(", f"cct = np.{function}("))
    (one,) = told(text)
    assert (one.id, one.proof, one.says) == ("activation-wrong", "proved", f"cct has np.{function} where an activation belongs")

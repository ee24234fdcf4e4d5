"""A line such as ``a += b`` where ``a *= b`` belongs is told as that; and a state that a call makes anew is told as what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]


@pytest.mark.parametrize(
    ("whole", "first", "second", "slip"),
    [
        ("dcct = dc * it * (1 - cct ** 2)", "dcct = dc * it", "dcct *= 1 - cct**2", "dcct += 1 - cct**2"),
        ("dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev", "dft *= ft * (1 - ft)", "dft += ft * (1 - ft)"),
        ("dft = dc * c_prev * ft * (1 - ft)", "dft = dc * c_prev", "dft *= ft * (1 - ft)", "dft /= ft * (1 - ft)"),
        ("dc = dc_next + ", "dc = dc_next.copy()", "dc += ", "dc *= "),
    ],
)
def test_another_operator_before_the_equals_sign(told: Tell, whole: str, first: str, second: str, slip: str) -> None:
    """Both sides are right by themselves."""
    assert told(edited(("lstm_cell_backward", whole, f"{first}\n    {second}"))) == []
    text = edited(("lstm_cell_backward", whole, f"{first}\n    {slip}"))
    (said,) = told(text)
    name, operator = slip.split()[:2]
    assert (said.line, said.id) == (line_of(text, f"    {slip}"), "operator-replaced")
    assert said.says == f"{name} has a {operator} where another operator belongs"


def test_zeros_that_a_call_makes_anew(told: Tell) -> None:
    """Not that the loop gives no new value to what the zeros are made like."""
    text = edited(
        (
            "lstm_forward",
            "lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)",
            "lstm_cell_forward(x[:, :, t], a_next, np.zeros_like(a0), parameters)",
        )
    )
    (said,) = told(text)
    assert said.says == "the call at step 1 is given the start value once more: np.zeros_like(a0) makes it anew at every step"

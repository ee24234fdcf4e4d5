"""An entry of what the cell hands back in the place of another: told at its line, with its name, whether the line raises or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import line_of, slipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

STYLE = "course_template"
ADDED = ("dWf = dWf + gradients['dWf']", "dbf = dbf + gradients['dbf']")
SLIPS = [
    (ADDED[0], "dWf += gradients['dbf']", "name-replaced"),  # is added to each column
    (ADDED[0], "dWf += gradients['dbi']", "name-replaced"),
    (ADDED[0], "dWf += gradients['da_prev']", "name-replaced"),  # raises, and so do the next ones
    (ADDED[1], "dbf += gradients['dWf']", "name-replaced"),
    ("dx[:,:,t] = gradients['dxt']", "dx[:,:,t] += gradients['da_prev']", "raises"),
]


@pytest.mark.parametrize(("before", "after", "id_"), SLIPS, ids=[after for _, after, _ in SLIPS])
def test_another_key_is_told_where_it_is_read(before: str, after: str, id_: str, told: Tell) -> None:
    """It is proved that another one belongs there."""
    text = slipped(STYLE, (before, after))
    (said,) = told(text)
    assert (said.line, said.id, said.proof) == (line_of(text, after), id_, "proved")


def test_behind_a_key_that_raises_the_search_goes_on(told: Tell) -> None:
    """With another key there the loop comes to its end, and shows what else is wrong."""
    text = slipped(STYLE, (SLIPS[-1][0], SLIPS[-1][1]), ("dc_prevt = gradients['dc_prev']", "pass"))
    assert [one.id for one in told(text)] == ["raises", "carry-missing"]


def test_what_the_last_step_handed_back_is_returned(told: Tell) -> None:
    """Of the results that are made and go nowhere nothing is told: it is the return."""
    made = '    gradients = {"dx": dx'
    text = slipped(STYLE, (made, made.replace("gradients", "grads")))
    (said,) = told(text)
    line = line_of(text, "    grads = ")
    assert (text.split("\n")[said.line - 1].strip(), said.line > line, said.proof) == ("return gradients", True, "proved")
    assert said.says == "gradients stands here, where another name belongs"


@pytest.mark.parametrize(
    ("before", "after", "id_"),
    [
        ("dWaa += dWaat", "dWaa = dWaat", "overwritten-not-summed"),
        ("dx[:, :, t] = dxt", "dx[:, :, 0] = dxt", "input-gradient-stored-wrong"),
    ],
)
def test_what_the_last_step_handed_back_is_returned_beside_another_slip(before: str, after: str, id_: str, told: Tell) -> None:
    """Of the sums that are right nothing is told, nor that a line which is there is missing."""
    made = '    gradients = {"dx": dx'
    text = slipped(STYLE, (made, made.replace("gradients", "grads")), (before, after))
    slip, end = told(text)
    assert (slip.line, slip.id, slip.proof) == (line_of(text, after), id_, "proved")
    assert (text.split("\n")[end.line - 1].strip(), end.proof) == ("return gradients", "proved")
    assert end.says == "gradients stands here, where another name belongs"

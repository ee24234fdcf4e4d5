"""Gradients that are taken out of a dictionary by their order: whether the learner's own cell has it, and whether the names say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result

    Examined = Callable[[str], Result]
    Edit = tuple[str, str, str]

CARRIES = "da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']\n        dx[:, :, t] = gradients['dxt']"
UNPACKED = "dx[:, :, t], da_prevt, dc_prevt, *others = gradients.values()"
BY_ORDER: list[Edit] = [("lstm_backward", CARRIES, UNPACKED)]
SUMS = "".join(f"        {name} = {name} + gradients['{name}']\n" for name in ("dWax", "dWaa", "dba"))
IN_ROWS = "        _, _, dWaxt, dWaat, dbat = gradients.values()\n" + "".join(
    f"        {name} = {name} + {name}t\n" for name in ("dWax", "dWaa", "dba")
)
GATES = "".join(f"        {name} = {name} + gradients['{name}']\n" for name in ("dWf", "dWi", "dWc", "dWo"))
GATES_IN_ROWS = "        _, _, _, dWft, _, dWit, _, dWct, _, dWot, _ = gradients.values()\n" + "".join(
    f"        {name} = {name} + {name}t\n" for name in ("dWf", "dWi", "dWc", "dWo")
)


def test_another_order_in_the_learners_own_cell_is_told(examined: Examined) -> None:
    """At the line that goes by it, with the order that is there; each function is right alone."""
    text = edited(*BY_ORDER, ("lstm_cell_backward", "'da_prev': da_prev, 'dc_prev': dc_prev", "'dc_prev': dc_prev, 'da_prev': da_prev"))
    found = examined(text)
    (said,) = found.mistakes
    assert (said.function, said.id, said.proof) == ("lstm_backward", "names-exchanged", "contract")
    assert said.says == (
        "lstm_backward takes what lstm_cell_backward returns by the order of its keys, and yours returns it in another one: dxt, dc_prev, "
        "da_prev, dWf, dbf, dWi, dbi, dWc, dbc, dWo, dbo"
    )
    assert said.location is not None
    assert said.location.line == line_of(text, UNPACKED)
    assert {one.function for one in found.functions if one.verdict != "right"} == {"lstm_backward"}


def test_also_where_it_raises(examined: Examined) -> None:
    """A parameter's gradient of another shape cannot be added."""
    keys = "'dWax': dWax, 'dWaa': dWaa, 'dba': dba}"
    text = edited(("rnn_backward", SUMS, IN_ROWS), ("rnn_cell_backward", keys, "'dba': dba, 'dWaa': dWaa, 'dWax': dWax}"))
    (said,) = examined(text).mistakes
    assert (said.function, said.id) == ("rnn_backward", "names-exchanged")
    assert "in another one: dxt, da_prev, dba, dWaa, dWax" in said.says


def test_the_order_of_the_learners_own_cell_is_right(examined: Examined) -> None:
    """Together with it; the note says what it goes by."""
    text = edited(
        ("lstm_backward", CARRIES, UNPACKED.replace("da_prevt, dc_prevt", "dc_prevt, da_prevt")),
        ("lstm_cell_backward", "'da_prev': da_prev, 'dc_prev': dc_prev", "'dc_prev': dc_prev, 'da_prev': da_prev"),
    )
    found = examined(text)
    assert found.verdict == "right"
    assert any("it relies on the order in which lstm_cell_backward returns its gradients" in note for note in found.notes)


@pytest.mark.parametrize(
    ("edits", "names"),
    [
        ([("lstm_backward", CARRIES, UNPACKED.replace("da_prevt, dc_prevt", "dc_prevt, da_prevt"))], "dc_prevt and da_prevt"),
        ([("lstm_backward", GATES, GATES_IN_ROWS.replace("dWit, _, dWct, _, dWot", "dWct, _, dWot, _, dWit"))], "dWct, dWot and dWit"),
        ([("rnn_backward", SUMS, IN_ROWS.replace("dWaxt, dWaat, dbat =", "dbat, dWaat, dWaxt ="))], "dbat and dWaxt"),
    ],
    ids=["carries", "gates", "shapes"],
)
def test_names_in_another_order_than_the_keys_are_told(examined: Examined, edits: list[Edit], names: str) -> None:
    """At the line that unpacks them, as one mistake."""
    text = edited(*edits)
    (said,) = examined(text).mistakes
    assert (said.id, said.proof) == ("name-replaced", "proved")
    assert said.says.startswith(f"{names} are unpacked here in another order than they stand in")
    assert said.location is not None
    assert said.location.line == line_of(text, edits[0][2].strip().partition("\n")[0])


def test_names_that_say_something_else_are_right_where_the_order_is(examined: Examined) -> None:
    """A program with its own names for the gates is judged by what comes out."""
    text = GATES_IN_ROWS
    for key, name in {"dWft": "dWit", "dWit": "dWct", "dWct": "dWft"}.items():
        text = text.replace(key, name.upper())
    assert examined(edited(("lstm_backward", GATES, text.replace("DW", "dW").replace("T", "t")))).verdict == "right"

"""What is said of one array under several names fits what the program does: adds to it or changes it, in a loop or in none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result

_DC = "    dc = dc_next"
_DOT_LATER = ("lstm_cell_backward", "    dot = da_next * np.tanh(c_next) * ot * (1 - ot)\n", "")
_STARTS = "    da_prevt = np.zeros((n_a, m), dtype)\n    dc_prevt = np.zeros((n_a, m), dtype)"
PROGRAMS = [
    (
        [_DOT_LATER, ("lstm_cell_backward", _DC, f"    dot = da_next\n    dot *= np.tanh(c_next) * ot * (1 - ot)\n{_DC}")],
        "dot and da_next are one array: what is changed in one is changed in both",
        ("dot *= ... changes the array itself. Print dot and da_next at the end: are they equal, and should they be?", "dot = da_next"),
    ),
    (
        [
            _DOT_LATER,
            ("lstm_cell_backward", _DC, f"    dot = ot\n    np.multiply(ot * (1 - ot), da_next * np.tanh(c_next), out=dot)\n{_DC}"),
        ],
        "dot and ot are one array: what is changed in one is changed in both",
        ("out=dot changes the array itself. Print dot and ot at the end", "dot = da_next"),
    ),
    (
        [
            ("lstm_backward", _STARTS, "    da_prevt = dc_prevt = np.zeros((n_a, m), dtype)"),
            ("lstm_backward", "        da_prevt = ", "        da_prevt[:] = "),
            ("lstm_backward", "        dc_prevt = ", "        dc_prevt[:] = "),
        ],
        "da_prevt and dc_prevt are one array: what is changed in one is changed in both",
        ("Print da_prevt and dc_prevt after the loop: are they equal, and should they be?", "step t receives the d"),
    ),
    (
        [
            ("lstm_backward", "    dbi = np.zeros((n_a, 1), dtype)", "    dbi = dbf"),
            ("lstm_backward", "dbf = dbf + ", "dbf += "),
            ("lstm_backward", "dbi = dbi + ", "dbi += "),
        ],
        "dbi and dbf are one array: what is added to one is added to both",
        ("after the loop: are they equal, though different gradients were added?", "a sum over the steps of its own"),
    ),
    (
        [
            ("lstm_backward", "    dbi = np.zeros((n_a, 1), dtype)", "    dbi = dbc = dbf"),
            ("lstm_backward", "    dbc = np.zeros((n_a, 1), dtype)\n", ""),
            *(("lstm_backward", f"db{gate} = db{gate} + ", f"db{gate} += ") for gate in "fic"),
        ],
        "dbi, dbc and dbf are one array: what is added to one is added to all",
        ("after the loop: are they equal, though different gradients were added?", "a sum over the steps of its own"),
    ),
    (
        [
            ("lstm_backward", "    dbi = np.zeros((n_a, 1), dtype)", "    dbi = dbf"),
            ("lstm_backward", "dbf = dbf + gradients['dbf']", "dbf[:] = dbf + gradients['dbf']"),
        ],
        "dbi and dbf are one array: what is changed in one is changed in both",
        ("dbf[:] = ... changes the array itself", "the sum over all steps"),
    ),
]


@pytest.mark.parametrize(("edits", "says", "hints"), PROGRAMS)
def test_the_words_fit_what_changes_it(
    edits: list[tuple[str, str, str]], says: str, hints: tuple[str, str], examined: Callable[[str], Result]
) -> None:
    """Nothing is called added that is multiplied or stored, no loop is spoken of where none is, and no parameters but of their sums."""
    (mistake,) = examined(edited(*edits)).mistakes
    assert (mistake.id, mistake.says) == ("one-buffer-two-names", says)
    for hint, part in zip(mistake.hints[1:], hints, strict=True):
        assert part in hint
    assert "added" not in says or "+=" in mistake.hints[1]

"""A gradient that comes in by two paths, each with a name, and their sum: whichever of the three lines is wrong is told, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

THROUGH = "dh = ot * (1 - np.tanh(c_next) ** 2) * da_next"
FORGET = "dft_c = dc_next * c_prev * ft * (1 - ft)", "dft_a = dh * c_prev * ft * (1 - ft)", "dft = dft_c + dft_a"
KEPT = "dc_prev_c = dc_next * ft", "dc_prev_a = da_next * ot * (1 - np.tanh(c_next) ** 2) * ft", "dc_prev = dc_prev_c + dc_prev_a"


def program(*slips: tuple[str, str]) -> str:
    """The LSTM whose backward cell writes two gradients as sums of two paths, with slips: what stands there, and what in its place."""
    lines = {"dft = dc * c_prev * ft * (1 - ft)": (THROUGH, *FORGET), "dc_prev = dc * ft": KEPT}
    text = edited(*(("lstm_cell_backward", old, "\n    ".join(new)) for old, new in lines.items()))
    for before, after in slips:
        assert before in text
        text = text.replace(before, after)
    return text


def test_the_form_is_right(told: Tell) -> None:
    """Nothing is told of it."""
    assert told(program()) == []


@pytest.mark.parametrize(
    ("before", "after", "id_"),
    [
        (FORGET[2], "dft = dft_c - dft_a", "sign-flipped"),
        (FORGET[2], "dft = dft_c * dft_a", "operator-replaced"),
        (FORGET[2], "dft = dft_c + dft_c", None),
        (FORGET[2], "dft = dft_a", "term-dropped"),
        (FORGET[2], "dft = dft_c", "term-dropped"),
        (FORGET[0], "dft_c = dc_next * c_prev * ft", None),
        (FORGET[1], "dft_a = dh * c_prev * (1 - ft)", None),
        (KEPT[1], "dc_prev_a = da_next * ot * np.tanh(c_next) ** 2 * ft", None),
        (KEPT[0], "dc_prev_c = dc_next * it", None),
        (KEPT[2], "dc_prev = dc_prev_a", "term-dropped"),
    ],
)
def test_the_one_of_three_lines_that_is_wrong_is_told(told: Tell, before: str, after: str, id_: str | None) -> None:
    """What comes by one path alone is known to be right."""
    text = program((before, after))
    (said,) = told(text)
    assert said.line == line_of(text, f"    {after}\n")
    assert id_ in {None, said.id}


RECOMPUTED = "dtanh = (1 - a_next ** 2) * da_next"


@pytest.mark.parametrize(
    ("lines", "slip"),
    [
        (
            ("zx, za = Wax @ xt, Waa @ a_prev", "act = np.tanh(zx + za + parameters['ba'])", "dtanh = (1 - act * act) * da_next"),
            ("zx + za + parameters", "zx + parameters"),
        ),
        (
            ("z = Wax @ xt + Waa @ a_prev + parameters['ba']", "dtanh = (1 - np.tanh(z) ** 2) * da_next"),
            ("Waa @ a_prev", "Waa @ a_next"),
        ),
        (
            ("z = Wax @ xt + Waa @ a_prev + parameters['ba']", "dtanh = (1 - np.tanh(z) ** 2) * da_next"),
            (" + parameters['ba']", " + 0"),
        ),
        (
            ("z = Wax @ xt + Waa @ a_prev + parameters['ba']", "th = np.tanh(z)", "dtanh = (1 - th * th) * da_next"),
            ("1 - th * th", "1 - th"),
        ),
    ],
)
def test_what_is_computed_anew_is_known_to_be_right(told: Tell, lines: tuple[str, ...], slip: tuple[str, str]) -> None:
    """The parts of z, z and its tanh: the line with the slip is told, and not the one before or behind it."""
    right = edited(("rnn_cell_backward", RECOMPUTED, "\n    ".join(lines)))
    assert told(right) == []
    text = right.replace(*slip)
    assert text != right
    (said,) = told(text)
    assert said.line == line_of(text, slip[1])


def test_a_weight_that_is_only_read_is_not_blamed_for_not_being_turned(told: Tell) -> None:
    """It is turned where it is used, which is where that is forgotten."""
    read = "Wax, Waa = [parameters[k] for k in ('Wax', 'Waa')]"
    text = edited(
        ("rnn_cell_backward", "Wax = parameters['Wax']", read),
        ("rnn_cell_backward", "    Waa = parameters['Waa']\n", ""),
        ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.einsum('ji,im->jm', Waa, dtanh)"),
    )
    (said,) = told(text)
    assert said.line == line_of(text, "    da_prev = np.einsum")


def test_one_line_is_told_where_it_explains_two_of_one_kind(told: Tell) -> None:
    """Two gates that get each other's gradients are one slip, at the line that mixes them up, and not two where they are used."""
    lines = ("dcct = dc * it * (1 - cct ** 2)", "dit = dc * cct * it * (1 - it)", "dft = dc * c_prev * ft * (1 - ft)")
    text = edited(
        *(("lstm_cell_backward", f"    {line}\n", "") for line in lines[:2]),
        ("lstm_cell_backward", lines[2], "\n    ".join((*lines, "gates = [dft, dit, dcct, dot]", "dit, dft, dcct, dot = gates"))),
    )
    (said,) = told(text)
    assert said.line in {line_of(text, "gates = ["), line_of(text, "dit, dft, dcct, dot = gates")}

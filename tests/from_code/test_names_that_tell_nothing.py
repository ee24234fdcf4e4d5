"""Names of the learner's own, of which none is a name of the assignment's: slips are told as they are among the assignment's names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

SHORT = {"a_next": "an", "c_next": "cn", "a_prev": "ap", "c_prev": "cp", "ft": "f", "it": "i", "cct": "g", "ot": "o"}
LISTS = """
def lstm_forward(x, a0, parameters):
    h, s, A, C, Y, caches = a0, np.zeros(a0.shape), [], [], [], []
    for t in range(x.shape[2]):
        h, s, y, cache = lstm_cell_forward(x[:, :, t], h, s, parameters)
        A.append(h)
        C.append(s)
        Y.append(y)
        caches.append(cache)
    return np.stack(A, axis=2), np.stack(Y, axis=2), np.stack(C, axis=2), (caches, x)
"""


SLOTS = """
def lstm_forward(x, a0, parameters):
    (n_a, m), T_x = a0.shape, x.shape[2]
    a, c, y, caches = np.zeros((n_a, m, T_x)), np.zeros((n_a, m, T_x)), np.zeros((parameters["Wy"].shape[0], m, T_x)), []
    for t in range(T_x):
        if t == 0:
            h = a0
            s = c[:, :, 0]
        else:
            h = a[:, :, t - 1]
            s = a[:, :, t - 1]
        a[:, :, t], c[:, :, t], y[:, :, t], cache = lstm_cell_forward(x[:, :, t], h, s, parameters)
        caches.append(cache)
    return a, y, c, (caches, x)
"""


def renamed(function: str, names: dict[str, str], *edits: tuple[str, str]) -> str:
    """The reference's function under other names, with texts of it written otherwise."""
    text = re.sub(r"\b\w+\b", lambda found: names.get(found[0], found[0]), PARTS[function])
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return text


CASES = {
    "a carry under the name of what the cell is given": (
        renamed("lstm_backward", {"dc_prevt": "dc_next"}, ("dc_next = gradients", "dc_next += gradients")),
        [("dc_next += ", "carry-added-up", "each step keeps the old value of dc_next where the new one should replace it")],
    ),
    "a cache in the other order beside two more": (
        renamed(
            "rnn_cell_forward",
            {"a_next": "neu", "a_prev": "alt"},
            ("neu = np.tanh(np.dot(Wax, xt) + np.dot(Waa, alt) + ba)", "z = np.dot(Wax, xt) + ba\n    neu = np.tanh(z)"),
            ("np.dot(Wya, neu)", "np.dot(Wya, alt)"),
            ("(neu, alt, xt", "(alt, neu, xt"),
        ),
        [
            ("z = ", "term-dropped", "a term that belongs to it"),
            ("yt_pred = ", "name-replaced", "alt where another value belongs"),
            ("cache = ", "name-replaced", "each other's place here"),
        ],
    ),
    "an activation behind a line that is right once another is mended": (
        renamed("lstm_cell_forward", SHORT, ("bo = parameters['bo']", "bo = parameters['bf']"), ("an = o * np.tanh(cn)", "an = o * cn")),
        [("bo = ", "gate-swapped", "bo gets bf"), ("an = ", "activation-wrong", "cn without its tanh")],
    ),
    "a list that gets what another list gets": (
        LISTS.replace("C.append(s)", "C.append(h)"),
        [("C.append(h)", "name-replaced", "h stands where another value belongs")],
    ),
    "a slip of its own in each branch of a right condition": (
        SLOTS,
        [("s = c", "view-of-output", "are one memory"), ("s = a", "gate-swapped", "a[:, :, t - 1] where another value belongs")],
    ),
    "lists that are returned in each other's place": (
        LISTS.replace("np.stack(A, axis=2)", "np.stack(B, axis=2)").replace("(C, ", "(A, ").replace("(B, ", "(C, "),
        [("return ", "name-replaced", "")],
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_each_slip_at_its_line_by_its_name(told: Tell, kind: str) -> None:
    """No line is told that only follows."""
    text, expected = CASES[kind]
    text = f"import numpy as np\n\n{text}"
    found = told(text)
    lines = [text.splitlines()[said.line - 1].strip() for said in found]
    assert [said.id for said in found] == [known for _, known, _ in expected]
    for line, said, (begins, _, says) in zip(lines, found, expected, strict=True):
        assert line.startswith(begins)
        assert says in said.says

"""One slip that makes several errors, one after another, is told once; and of a helper that raises nothing false is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

CALL = "a_next, c_next, yt, cache = lstm_cell_forward("
GATHERED = """def at(seq, t):
    return seq[t]


"""
STACKED = """    z = np.concatenate((a_prev, xt), axis=0)
    gates = "fico"
    dz = {stack}
    back = np.dot(np.vstack([parameters["W" + g] for g in gates]).T, dz)
    gradients = {{"da_prev": back[:n_a], "dxt": back[n_a:], "dc_prev": dc * ft}}
    for k, g in enumerate(gates):
        gradients["dW" + g] = np.dot(dz, z.T)[k * n_a:(k + 1) * n_a]
        gradients["db" + g] = np.sum(dz, axis=1, keepdims=True)[k * n_a:(k + 1) * n_a]
    return gradients"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n_x, m, T_x = x.shape", "n_x, m = x.shape"),  # then T_x has no value
        (CALL, "a_next, c_next, y_t, cach = lstm_cell_forward("),  # then yt has none, and then cache
        (CALL, "out = lstm_cell_forward("),
    ],
)
def test_what_only_follows_is_not_told(told: Tell, old: str, new: str) -> None:
    """What has no value at a later line should have got it from the line that raised before, or from the same other one."""
    assert len(told(edited(("lstm_forward", old, new)))) == 1


def test_an_index_is_no_part_that_is_asked_for(told: Tell) -> None:
    """A helper asks the sequence for a part, and not the number beside it."""
    text = edited(("lstm_backward", "caches[t]", "at(caches, t)"))
    text = text.replace("    caches, x = caches\n    a1,", "    steps, x = caches\n    a1,").replace("= caches[0]\n", "= steps[0]\n")
    said = [one.says for one in told(text.replace("def lstm_backward(", GATHERED + "def lstm_backward("))]
    assert said
    assert not any("asks it for its parts" in one for one in said)


@pytest.mark.parametrize(("head", "call"), [("s", "s=cache"), ("*, s", "s=cache"), ("s, /", "cache")])
def test_what_a_helper_cannot_use_is_told_at_its_call(told: Tell, head: str, call: str) -> None:
    """However the helper is handed it."""
    text = edited(("rnn_cell_backward", "1 - a_next ** 2", f"slope({call})")).replace(
        "def rnn_cell_backward(", f"def slope({head}):\n    return 1 - s ** 2\n\n\ndef rnn_cell_backward("
    )
    (said,) = told(text)
    assert said.line == line_of(text, "dtanh =")
    assert "hands cache, which is a tuple of 4 values, to slope, which computes with it" in said.says


def test_a_tuple_may_be_added_to(told: Tell) -> None:
    """A helper that adds to a shape is handed a shape rightly."""
    room = "def room(shape, more):\n    return np.zeros(shape + more)\n\n\n"
    text = edited(("lstm_forward", "a = np.zeros((n_a, m, T_x), dtype)", "a = room((n_a, m), T_x)"))
    for one in told(text.replace("def lstm_forward(", room + "def lstm_forward(")):
        assert "a tuple" not in one.says.partition("raises")[0]


@pytest.mark.parametrize("stack", ["np.r_[dft, dit, dot, dcct]", "np.append(np.append(np.append(dft, dit, 0), dot, 0), dcct, 0)"])
def test_a_row_that_is_like_all_others_is_not_blamed(told: Tell, stack: str) -> None:
    """What stands in another order than the names is told, and not the two lines that go over the names."""
    right = PARTS["lstm_cell_backward"]
    text = edited(("lstm_cell_backward", right[right.index("    dWf = ") :], STACKED.format(stack=stack)))
    lines = [text.split("\n")[one.line - 1] for one in told(text)]
    assert lines
    assert not any("gates" in line for line in lines)

"""A line that is right is not blamed for an error that comes out, or is made, elsewhere; and what raises oddly is told like all else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.reference.parts import FUNCTIONS, PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

HEAD = """
def rnn_backward(da, caches):
    caches, x = caches
    _, _, x1, parameters = caches[0]
    n_a, m, T_x = da.shape
    n_x, m = x1.shape
    dx = np.zeros((n_x, m, T_x))
    dWax, dWaa, dba = np.zeros((n_a, n_x)), np.zeros((n_a, n_a)), np.zeros((n_a, 1))
    later = np.zeros((n_a, m))
"""
SUMS = """
        dx[:, :, t] = g["dxt"]
        dWax += g["dWax"]
        dWaa += g["dWaa"]
        dba += g["dba"]
"""
END = """
    return {"dx": dx, "da0": later, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""
IN_A_DICTIONARY = """
    total = {"dWax": dWax, "dWaa": dWaa, "dba": dba}
    grads = []
    for t in reversed(range(T_x)):
        g = rnn_cell_backward(da[:, :, t] + later, caches[t])
        accumulate(total, g)
        grads.append(g)
        dx[:, :, t] = g["dxt"]
        later = g["da_prev"]
    return {"dx": dx, "da0": later, **total}
"""
HELPER = """
def accumulate(total, grads):
    total["dWax"] += grads["dWax"]
    total["dWaa"] += grads["dWaa"]
    total["dba"] += WRONG
"""


def program(rnn_backward: str, before: str = "") -> str:
    """Right functions, but for this one."""
    texts = {name: PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS)} | {"rnn_backward": rnn_backward.strip("\n")}
    return f"import numpy as np\n{before}\n\n" + "\n\n".join(texts.values()) + "\n"


@pytest.mark.parametrize("wrong", ["grads.dba", 'np.dot(grads["dba"], total["dWaa"])', 'grads_["dba"]', 'float(grads["dba"])'])
def test_a_call_is_right_whose_helper_raises_with_what_belongs_there_too(wrong: str, told: Tell) -> None:
    """That the function has a list under the name which the helper gives its argument tells nothing."""
    text = program(HEAD + IN_A_DICTIONARY, HELPER.replace("WRONG", wrong))
    (one,) = told(text)
    assert one.line == text[: text.index(wrong)].count("\n") + 1


@pytest.mark.parametrize("alias", ["    step = rnn_cell_backward", '    back = {"rnn": rnn_cell_backward}'])
def test_a_cell_that_is_called_by_another_name_is_called(alias: str, told: Tell) -> None:
    """Another name has no value there."""
    call = "step" if "step" in alias else 'back["rnn"]'
    loop = f"""
{alias}
    for t in reversed(range(T_x)):
        g = {call}(da[:, :, t] + from_later, caches[t])
        later = g["da_prev"]
{SUMS}"""
    assert not any("never calls" in one.says for one in told(program(HEAD + loop + END)))


def test_a_counter_that_cannot_start(told: Tell) -> None:
    """What its loop asks may be asked of an array."""
    loop = f"""
    t = T_x.shape[2] - 1
    while t >= 0:
        g = rnn_cell_backward(da[:, :, t] + later, caches[t])
        later = g["da_prev"]
{SUMS}        t -= 1
"""
    text = program(HEAD + loop + END)
    (one,) = told(text)
    assert one.line == text[: text.index("t = T_x.shape[2]")].count("\n") + 1


def test_an_error_whose_text_cannot_be_made_is_an_error_like_others(told: Tell) -> None:
    """It is told at the line that raises it."""
    odd = "\nclass Odd:\n    def __str__(self):\n        raise ValueError('inner')\n"
    text = program(f"{HEAD}    raise UnboundLocalError(Odd())\n", odd)
    (one,) = told(text)
    assert "raises UnboundLocalError" in one.says

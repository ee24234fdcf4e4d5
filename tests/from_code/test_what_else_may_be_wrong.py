"""There is "at least" one mistake where what is told of a function ends what could be judged of it, and one where nothing else is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from whygrad.records import Result


@pytest.mark.parametrize(
    "edit",
    [
        ("lstm_forward", "return (a, y, c, caches)", "return (a, y, caches)"),
        ("lstm_forward", "caches.append(cache)", "caches = [cache]"),
        ("rnn_cell_backward", "np.dot(Wax.T, dtanh)", "np.dot(Wax.T, dtanh, dtanh)"),
        ("rnn_backward", "    return gradients", "        return gradients"),
    ],
)
def test_what_is_not_judged_may_be_wrong(edit: tuple[str, str, str], examined: Callable[[str], Result]) -> None:
    """What is lost, or computed behind an error or behind a loop's end, is not seen."""
    found = examined(edited(edit))
    assert [one.function for one in found.mistakes] == [edit[0]]
    assert found.search.cuts == (f"what else may be wrong in {edit[0]} shows when what is told of it is mended",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("da_prevt, dc_prevt, caches[t])", "da_prevt, caches[t])"),
        ("da_prevt, dc_prevt, caches[t])", "da_prevt, dc_prevt)"),
        pytest.param("da_prevt, dc_prevt, caches[t])", "da_prevt, dc_prevt, caches)", marks=pytest.mark.slow),
        ("(da[:, :, t] + da_prevt, dc_prevt, caches[t])", "(caches[t], da[:, :, t] + da_prevt, dc_prevt)"),
        ("    da_prevt = np.zeros((n_a, m), dtype)\n", ""),
        pytest.param("gradients['dWf']", "gradients('dWf')", marks=pytest.mark.slow),
    ],
)
def test_an_edit_of_the_call_that_raises(old: str, new: str, examined: Callable[[str], Result]) -> None:
    """It makes all right, unless the line after it is wrong as well."""
    one = examined(edited(("lstm_backward", old, new)))
    two = examined(edited(("lstm_backward", old, new), ("lstm_backward", "dc_prevt = gradients['dc_prev']", "dc_prevt = -dc_prevt")))
    assert (len(one.mistakes), one.search.complete) == (1, True)
    assert len(two.mistakes) > 1 or not two.search.complete


GATES = """
def through(d, W, given):
    return np.dot(d, given.T), np.sum(d, axis=1, keepdims=True), np.dot(W.T, d)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, f, i, g, o, xt, p = cache
    n_a, total, grads = len(a_next), 0, {}
    dc = dc_next + da_next * o * (1 - np.tanh(c_next) ** 2)
    into_i, into_g = dc * g, dc * i
    table = (("f", dc * c_prev, f * (1 - f)), ("i", into_i, i * (1 - i)), ("c", into_g, 1 - g**2),
             ("o", da_next * np.tanh(c_next), o * (1 - o)))
    for k, coming, slope in table:
        d = coming * slope
        grads["dW" + k], grads["db" + k], back = through(d, p["W" + k], np.vstack((a_prev, xt)))
        total = total + back
    return {"da_prev": total[:n_a], "dxt": total[n_a:], "dc_prev": dc * f, **grads}
"""


@pytest.mark.slow
@pytest.mark.parametrize("beside", ["into_i, into_g = dc * g, dc * i", "into_g, into_i = dc * g, dc * i"])
def test_a_name_that_belongs_there_for_some_gates_only_may_hide_more(beside: str, examined: Callable[[str], Result]) -> None:
    """What belongs there is put there for every gate, whatever the name holds that should stand there."""
    text = GATES.replace("= through(d,", "= through(coming,").replace("into_i, into_g = dc * g, dc * i", beside)
    found = examined(edited(("lstm_cell_backward", "", text)))
    assert [one.says for one in found.mistakes] == ["coming stands where another value belongs"]
    assert found.search.complete == beside.startswith("into_i")


def test_a_name_that_comes_right_as_the_loop_is_mended_hides_nothing(examined: Callable[[str], Result]) -> None:
    """Before that what it holds at later turns follows from the first."""
    found = examined(edited(("lstm_backward", "dc_prevt = gradients['dc_prev']", "dc_prevt = gradients['da_prev']")))
    assert len(found.mistakes) == 1
    assert found.search.complete


def test_two_lines_of_a_sum_that_have_each_other_s_gates(examined: Callable[[str], Result]) -> None:
    """All is right once they are exchanged: one mistake."""
    lines = "keep = it * c_prev\n    new = ft * cct\n    c_next = keep + new"
    result = examined(edited(("lstm_cell_forward", "c_next = ft * c_prev + it * cct", lines)))
    assert ([one.id for one in result.mistakes], result.search.complete) == (["names-exchanged"], True)

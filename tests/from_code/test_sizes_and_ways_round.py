"""A size of another array, and two names that are unpacked the other way round: the line that gives them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("n_a, m = xt.shape", "n_a is 2 here, and should be 4"),
        ("n_a = len(xt)", "n_a is 2 here, and should be 4"),
        ("n_a = xt.shape[1]", "n_a is 3 here, and should be 4"),
        ("m, n_a = a_prev.shape", "m and n_a are 4 and 3 here, and should be 3 and 4"),
    ],
)
@pytest.mark.parametrize("name", ["n_a", "units"])
def test_a_size_of_another_array_in_a_cell(line: str, says: str, name: str, told: Callable[[str], list[Told]]) -> None:
    """It raises nothing there, and cuts the weights elsewhere: the line that takes the size is told, and both sizes."""
    text = edited(("lstm_cell_backward", "n_a, m = a_next.shape", line)).replace("n_a", name)
    (mistake,) = told(text)
    assert (text.splitlines()[mistake.line - 1].strip(), mistake.proof) == (line.replace("n_a", name), "proved")
    assert mistake.says == says.replace("n_a", name)


def test_a_size_that_is_what_its_name_says_is_not_blamed(told: Callable[[str], list[Told]]) -> None:
    """Another number in its place would mend the only line that reads it: that line asks for the wrong size."""
    stacked = "n_x, m = xt.shape\n    n_a = a_prev.shape[0]\n    cct = np.tanh((np.vstack([Wf, Wc]) @ concat + np.vstack([bf, bc]))[n_x:])"
    text = edited(("lstm_cell_forward", "cct = np.tanh(np.dot(Wc, concat) + bc)", stacked))
    (mistake,) = told(text)
    assert text.splitlines()[mistake.line - 1].strip().startswith("cct = ")


@pytest.mark.parametrize(
    ("function", "line", "wrong", "names"),
    [
        ("lstm_backward", "caches, x = caches", "x, caches = caches", "x and caches"),
        ("rnn_backward", "caches, x = caches", "x, caches = caches", "x and caches"),
        ("lstm_backward", "x1, parameters = caches[0]", "parameters, x1 = caches[0]", "parameters and x1"),
        ("rnn_cell_backward", "xt, parameters = cache", "parameters, xt = cache", "parameters and xt"),
    ],
)
def test_names_that_are_unpacked_the_other_way_round(
    function: str, line: str, wrong: str, names: str, told: Callable[[str], list[Told]]
) -> None:
    """With the two exchanged all comes right: nothing is said of the lines that read them."""
    text = edited((function, line, wrong))
    (mistake,) = told(text)
    assert wrong in text.splitlines()[mistake.line - 1]
    assert mistake.says.startswith(f"{names} are unpacked here in another order than they stand in")
    assert mistake.proof == "proved"


def test_another_mistake_beside_names_that_are_unpacked_the_other_way_round(told: Callable[[str], list[Told]]) -> None:
    """The function comes to its end with the two exchanged, and what is wrong then is told beside them."""
    text = edited(("rnn_backward", "caches, x = caches", "x, caches = caches"), ("rnn_backward", "reversed(range(T_x))", "range(T_x)"))
    assert [mistake.id for mistake in told(text)] == ["name-replaced", "loop-wrong"]


@pytest.mark.parametrize(
    ("function", "line", "wrong"),
    [
        ("lstm_cell_forward", "it * cct", "np.dot(it.T, cct)"),
        ("lstm_cell_backward", "dc_prev = dc * ft", "dc_prev = dc @ ft.T"),
        ("rnn_cell_backward", "(1 - a_next ** 2) * da_next", "np.dot((1 - a_next ** 2).T, da_next)"),
    ],
)
def test_a_matrix_product_that_a_transpose_lets_through(function: str, line: str, wrong: str, told: Callable[[str], list[Told]]) -> None:
    """It raises only where something meets it: told is the kind of product, and not that factors are missing."""
    text = edited((function, line, wrong))
    (mistake,) = told(text)
    assert (mistake.id, mistake.proof) == ("product-for-matrix-product", "proved")
    assert wrong in text.splitlines()[mistake.line - 1]

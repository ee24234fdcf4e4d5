"""Two things in each other's place are one mistake, told where they are exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from code_answer import examined
from slipping import edited, line_of
from styles import TEXTS

from whygrad.from_code.reference.parts import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

STYLE = TEXTS["helper_functions"]
CACHE = "a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache\n    n_a"
UNPACKED = [
    ("a_next, c_next, yt, cache = lstm_cell_forward(", "c_next, a_next, yt, cache = lstm_cell_forward("),
    (f"a_next, c_next, {CACHE}", f"c_next, a_next, {CACHE}"),
    ("da_prev, dxt = unstack(", "dxt, da_prev = unstack("),
    ("dzf, dzi, dzc, dzo = gate_grads(", "dzi, dzf, dzc, dzo = gate_grads("),
    ("dzf, dzi, dzc, dzo = gate_grads(", "dzi, dzc, dzf, dzo = gate_grads("),
]


@pytest.mark.parametrize(("before", "after"), UNPACKED, ids=[after[:24] for _, after in UNPACKED])
def test_names_unpacked_in_another_order(before: str, after: str) -> None:
    """Told once, at the line that unpacks them, whatever their shapes; not at the helper's lines, which are right."""
    assert STYLE.count(before) == 1
    (said,) = examined(STYLE.replace(before, after)).findings
    assert said.line == STYLE[: STYLE.index(before)].count("\n") + 1
    assert said.proof == "proved"


def test_two_arguments_of_the_cell_in_each_others_place() -> None:
    """The gradients at the hidden state and at the cell state."""
    before, after = "(da[:, :, t] + da_prev, dc_prev, steps[t])", "(dc_prev, da[:, :, t] + da_prev, steps[t])"
    (said,) = examined(STYLE.replace(before, after)).findings
    assert (said.id, said.proof) == ("call-argument-wrong", "proved")
    assert said.line == STYLE[: STYLE.index(before)].count("\n") + 1


def test_two_carries_that_get_each_others_values() -> None:
    """Both lines are wrong, and it is one mistake."""
    before = 'da_prev = step["da_prev"]\n        dc_prev = step["dc_prev"]'
    (said,) = examined(STYLE.replace(before, 'da_prev = step["dc_prev"]\n        dc_prev = step["da_prev"]')).findings
    assert (said.id, said.proof) == ("name-replaced", "proved")
    assert said.line == STYLE[: STYLE.index(before)].count("\n") + 1


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (
            "'Wi'][:, n_a:].T, dft)",
            "'Wf'][:, n_a:].T, dit)",
            "names have changed places in dxt: Wf (the forget gate's weight) and Wi (the update gate's weight)",
        ),
        ("'Wf'][:, n_a:].T, dft)", "'Wo'][:, n_a:].T, dit)", None),
    ],
)
def test_weights_of_two_lines_in_each_others_place(first: str, second: str, says: str | None, told: Callable[[str], list[Told]]) -> None:
    """Of a sum that is written line by line; a weight that one of them alone has wrong is in nobody's place."""
    parts = [f"np.dot(parameters['W{gate}'][:, n_a:].T, {grad})" for gate, grad in zip("fico", ("dft", "dit", "dcct", "dot"), strict=True)]
    before = f"dxt = {' + '.join(parts)}"
    assert before in TEXTS["course_template"]
    parts[:2] = [f"np.dot(parameters[{part}" for part in (first, second)]
    text = TEXTS["course_template"].replace(before, "dxt = " + "\n    dxt += ".join(parts))
    (said,) = told(text)
    here = text[: text.index(f"dxt = {parts[0]}")].count("\n") + 1
    if says is None:
        assert (said.line, said.proof) == (here + 1, "proved")
        assert "each other" not in said.says
    else:
        assert (said.line, said.id, said.proof, said.says.partition(";")[0]) == (here, "names-exchanged", "proved", says)


def test_entries_of_a_record_go_by_their_keys(told: Callable[[str], list[Told]]) -> None:
    """Also where they are put there by ``dict(key=...)``."""
    text = TEXTS["course_template"]
    start = text.index('    gradients = {"dxt"', text.index("def lstm_cell_backward("))
    keys = ["dxt", "da_prev", "dc_prev", *(f"d{kind}{gate}" for gate in "fico" for kind in "Wb")]
    held = {key: key for key in keys} | {"dWf": "dWi", "dWi": "dWf"}
    made = f"    gradients = dict({', '.join(f'{key}={name}' for key, name in held.items())})\n"
    (said,) = told(f"{text[:start]}{made}{text[text.index('    return gradients', start) :]}")
    assert (said.id, said.says) == ("gate-swapped", "dWf and dWi stand in each other's place here")


@pytest.mark.parametrize(
    ("written", "says"), [("da0=dc_prevt", "da0 is the gradient at the"), ("dWf=2 * dWf", "dWf holds each step's gradient 2")]
)
def test_what_a_record_holds_is_told_by_its_key(written: str, says: str, told: Callable[[str], list[Told]]) -> None:
    """And not by the text that makes it, which may be right elsewhere."""
    text = TEXTS["course_template"]
    start = text.index('    gradients = {"dx"', text.index("def lstm_backward("))
    held = [f"{key}={key}" for key in ("dx", "da0", *(f"d{kind}{gate}" for gate in "fico" for kind in "Wb"))]
    given = ", ".join(written if one.startswith(written.partition("=")[0] + "=") else one for one in held)
    (said,) = told(f"{text[:start]}    gradients = dict({given})\n{text[text.index('    return gradients', start) :]}")
    assert says in said.says


def test_gates_in_three_orders_are_two_mistakes(told: Callable[[str], list[Told]]) -> None:
    """Of a stack of weights, one of gradients, and the loop that takes it apart."""
    text = TEXTS["course_template"]
    start, end = text.index("    concat = ", text.index("def lstm_cell_backward(")), text.index("def lstm_backward(")
    lines = """    W = np.vstack([parameters["W" + gate] for gate in "fico"])
    dz = np.vstack([dit, dft, dcct, dot])
    dW, back = np.dot(dz, np.vstack([a_prev, xt]).T), np.dot(W.T, dz)
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    gradients = {"da_prev": back[:n_a], "dxt": back[n_a:], "dc_prev": dc * ft}
    for number, gate in enumerate("foci"):
        gradients["dW" + gate] = dW[number * n_a : (number + 1) * n_a]
        gradients["db" + gate] = np.sum(dz, axis=1, keepdims=True)[number * n_a : (number + 1) * n_a]
    return gradients


"""
    said = told(text[:start] + lines + text[end:])
    assert [(one.id, one.proof) for one in said] == [("gate-swapped", "proved")] * 2


@pytest.mark.parametrize("spelled", ["da_prev = da_prev + da[:, :, t]", "da_prev = da[:, :, t] + da_prev", "da_prev += da[:, :, t]"])
def test_two_carries_in_names_that_the_steps_own_gradient_is_added_to(spelled: str, told: Callable[[str], list[Told]]) -> None:
    """What is returned in the end shows that it is these two lines, and not the call."""
    lines = 'da_prev = step["da_prev"]\n        dc_prev = step["dc_prev"]'
    call = "step = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])"
    assert call in STYLE
    text = STYLE.replace(call, f"{spelled}\n        step = lstm_cell_backward(da_prev, dc_prev, steps[t])")
    assert told(text) == []
    (said,) = told(text.replace(lines, 'da_prev = step["dc_prev"]\n        dc_prev = step["da_prev"]'))
    assert said.line == text[: text.index(lines)].count("\n") + 1
    assert (said.says, said.proof) == ("da_prev and dc_prev are given each other's values, here and in the line after", "proved")


@pytest.mark.parametrize("names", [("da_prevt", "dc_prevt"), ("down", "along")])
@pytest.mark.parametrize("last", ["gradients['da_prev']", "da_prevt"])
def test_two_carries_that_are_exchanged_in_the_call(names: tuple[str, str], last: str, told: Callable[[str], list[Told]]) -> None:
    """And not where they are kept: these lines are right, from whatever da0 is taken."""
    text = edited(("lstm_backward", "da0 = gradients['da_prev']", f"da0 = {last}"))
    before, after = "(da[:, :, t] + da_prevt, dc_prevt,", "(da[:, :, t] + dc_prevt, da_prevt,"
    assert before in text
    (said,) = told(text.replace(before, after).replace("da_prevt", names[0]).replace("dc_prevt", names[1]))
    assert (said.line, said.id, said.proof) == (line_of(text, before), "call-argument-wrong", "proved")


@pytest.mark.parametrize("names", [("d_a", "d_c"), ("prev_dh", "prev_dc")])
def test_names_that_say_whose_they_are_are_told_where_they_get_the_other(names: tuple[str, str], told: Callable[[str], list[Told]]) -> None:
    """Though da0, which is taken from the cell, is right with the call mended as well."""
    text = edited(("lstm_backward", "", PARTS["lstm_backward"].replace("da_prevt", names[0]).replace("dc_prevt", names[1])))
    lines = [f"{name} = gradients['{key}']" for name, key in zip(names, ("da_prev", "dc_prev"), strict=True)]
    wrong = [f"{name} = gradients['{key}']" for name, key in zip(names, ("dc_prev", "da_prev"), strict=True)]
    (said,) = told(text.replace(lines[0], wrong[0]).replace(lines[1], wrong[1]))
    assert (said.line, said.id) == (line_of(text, lines[0]), "name-replaced")


@pytest.mark.parametrize("kept", ["{} = {}\n        {} = {}", "{0}, {2} = {1}, {3}"])
def test_two_carries_that_are_exchanged_where_they_are_kept(kept: str, told: Callable[[str], list[Told]]) -> None:
    """Beside another mistake: the call is right, since da0 is taken from what the names hold."""
    text = edited(("lstm_backward", "da0 = gradients['da_prev']", "da0 = da_prevt"))
    lines = "da_prevt = gradients['da_prev']\n        dc_prevt = gradients['dc_prev']"
    wrong = kept.format("da_prevt", "gradients['dc_prev']", "dc_prevt", "gradients['da_prev']")
    assert lines in text
    said, _ = told(text.replace(lines, wrong).replace("dWi = dWi + ", "dWi = "))
    assert (said.line, said.id) == (line_of(text, lines), "name-replaced")


COPIED = [
    ("lstm_cell_backward", (("Wi", "Wf"), ("Wo", "Wf")), ["Wi = ", "Wo = "]),
    ("lstm_cell_backward", (("Wi", "Wf"), ("Wc", "Wi")), ["Wi = ", "Wc = "]),
    ("lstm_cell_backward", (("Wi", "Wo"), ("Wo", "Wi"), ("Wc", "Wf")), ["Wi = ", "Wc = "]),
    ("lstm_cell_forward", (("Wi", "Wf"), ("bi", "bf")), ["Wi = ", "bi = "]),
]


@pytest.mark.parametrize(("function", "taken", "lines"), COPIED)
def test_names_that_take_the_same_weight(
    function: str, taken: tuple[tuple[str, str], ...], lines: list[str], told: Callable[[str], list[Told]]
) -> None:
    """Each is told where it is taken; only those that hold each other's are exchanged, and the gate's line that reads both is right."""
    text = edited(*((function, f"{name} = parameters['{name}']", f"{name} = parameters['{key}']") for name, key in taken))
    start = text.index(f"def {function}(")
    said = told(text)
    assert [one.line for one in said] == [text.count("\n", 0, text.index(line, start)) + 1 for line in lines]
    swapped = [one for one in said if "each other's values" in one.says]
    assert len(swapped) == len(taken) - len(lines)
    assert {one.proof for one in said} == {"proved"}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("ifoc", ["Wf and Wi are given each other's values, here and in the line after", "Wc and Wo are given each other's values, here"]),
        ("icfo", ["Wf, Wi and Wc are given each other's values, here and in lines {} and {}"]),
    ],
)
def test_several_names_that_take_each_other_s_weights(keys: str, says: list[str], told: Callable[[str], list[Told]]) -> None:
    """Two pairs are two mistakes; of a round all lines are named."""
    text = edited(*(("lstm_cell_backward", f"W{gate} = parameters['W{gate}']", f"W{gate} = parameters['W{key}']")
                    for gate, key in zip("fico", keys, strict=True) if gate != key))  # fmt: skip
    first = text.count("\n", 0, text.index("Wf = ", text.index("def lstm_cell_backward("))) + 1
    assert all(one.says.startswith(wanted.format(first + 1, first + 2)) for one, wanted in zip(told(text), says, strict=True))

"""A line that stores, adds or hands out in another place than its own is one mistake, told at that line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.reference.parts import FUNCTIONS, PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

B = "lstm_backward"
ADDED = [
    ("dWo = dWo + gradients['dWo']", "dWf = dWf + gradients['dWo']", "what belongs into dWo is added to dWf here: dWo stays as it is made"),
    ("dbf = dbf + gradients['dbf']", "dbo = dbo + gradients['dbo']", "dbo is added to twice, here and at line "),
    ("dbc = dbc + gradients['dbc']", "dbi = dbi + gradients['dbi']", "dbi is added to twice, here and at line "),
    (
        "dbo = dbo + gradients['dbo']",
        "dWo = dbo + gradients['dbo']",
        "what belongs into dbo is stored in dWo here: dbo stays",
    ),
    (
        "dbi = dbi + gradients['dbi']",
        "dbo = dbi + gradients['dbi']",
        "what belongs into dbi is stored in dbo here: dbi stays",
    ),
]

WITH_A_START = """
import numpy as np

def lstm_forward(x, a0, parameters):
    steps, units = x.shape[2], a0.shape[0]
    states, cells = np.zeros((units, x.shape[1], steps + 1)), np.zeros((units, x.shape[1], steps + 1))
    states[..., 0] = a0
    outputs, caches = [], []
    for t in range(steps):
        state, cell, output, cache = lstm_cell_forward(x[..., t], states[..., t], cells[..., t], parameters)
        states[..., t + 1] = state
        cells[..., t + 1] = cell
        outputs.append(output)
        caches.append(cache)
    return states[..., 1:], np.stack(outputs, 2), cells[..., 1:], (caches, x)
"""

LISTS = """
import numpy as np

def rnn_forward(x, a0, parameters):
    steps = x.shape[2]
    states, outputs, caches = [None] * steps, [], []
    state = a0
    for t in range(steps):
        state, output, cache = rnn_cell_forward(x[:, :, t], state, parameters)
        states[t] = state
        outputs.append(output)
        caches.append(cache)
    return np.dstack(states), np.dstack(outputs), (caches, x)
"""


def edited(*edits: tuple[str, str, str]) -> str:
    """The reference program with these texts of functions written otherwise."""
    texts = {name: PARTS[name] for name in ("sigmoid", "softmax", *FUNCTIONS)}
    for function, before, after in edits:
        assert before in texts[function]
        texts[function] = texts[function].replace(before, after)
    return "import numpy as np\n\n" + "\n\n".join(texts.values())


def line(text: str, part: str) -> int:
    """The number of the first line with this part."""
    return next(number for number, one in enumerate(text.split("\n"), 1) if part in one)


@pytest.mark.parametrize(("before", "after", "says"), ADDED)
def test_a_gradient_that_is_added_to_another_sum(told: Tell, before: str, after: str, says: str) -> None:
    """Both sums are wrong because of one line; where two lines add the same, it is the one in the place of the line that is missing."""
    text = edited((B, before, after))
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == ("accumulator-copied", "proved", line(edited(), before))
    assert says in said.says


def test_a_slice_that_another_one_overwrites(told: Tell) -> None:
    """The state of the cell in the array of the hidden states."""
    assert not told(WITH_A_START)
    text = WITH_A_START.replace("cells[..., t + 1] = cell", "states[..., t + 1] = cell")
    (said,) = told(text)
    assert (said.id, said.proof, said.line) == ("output-stored-wrong", "proved", line(text, "] = cell"))
    assert "what belongs into c is stored in states[..., t + 1] here" in said.says


@pytest.mark.parametrize("name", ["state", "cell"])
def test_an_array_with_a_slice_for_the_start_is_filled_from_the_second_on(told: Tell, name: str) -> None:
    """It has one step more than the sequence."""
    text = WITH_A_START.replace(f"{name}s[..., t + 1] = {name}", f"{name}s[..., t] = {name}")
    (said,) = told(text)
    assert (said.id, said.proof) == ("state-stored-wrong", "proved")
    assert f"{name}s[..., t] is written at another step" in said.says


def test_what_is_stored_into_a_list(told: Tell) -> None:
    """At the line that stores, not where the list is made an array."""
    assert not told(LISTS)
    text = LISTS.replace("states[t] = state", "states[t] = a0")
    (said,) = told(text)
    assert (said.proof, said.line) == ("proved", line(text, "states[t] = a0"))


def test_a_state_that_is_not_carried_and_appended_is_told_once(told: Tell) -> None:
    """What is appended is wrong because the loop gives the name no new value."""
    text = LISTS.replace("[None] * steps, [], []", "[], [], []").replace("states[t] = state", "states.append(state)")
    assert not told(text)
    (said,) = told(text.replace("state, output, cache = ", "output, output, cache = "))
    assert said.id == "state-not-carried"


CELL = """
import numpy as np

def of_sigmoid(s):
    return s * (1 - s)

def of_tanh(t):
    return 1 - t * t

SLOPE = {"f": of_sigmoid, "i": of_sigmoid, "c": of_tanh, "o": of_sigmoid}

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    squashed = np.tanh(c_next)
    dc = np.array(dc_next)
    dc += da_next * ot * of_tanh(squashed)
    comes = dict(f=dc * c_prev, i=dc * cct, c=dc * it, o=da_next * squashed)
    gates = dict(f=ft, i=it, c=cct, o=ot)
    both = np.concatenate((a_prev, xt))
    back = np.zeros_like(both)
    gradients = {"dc_prev": dc * ft}
    for g in "fico":
        dz = comes[g] * SLOPE[g](gates[g])
        gradients["dW" + g] = dz @ both.T
        gradients["db" + g] = dz.sum(axis=1, keepdims=True)
        back = back + parameters["W" + g].T @ dz
    gradients["da_prev"] = back[: len(a_prev)]
    gradients["dxt"] = back[len(a_prev) :]
    return gradients
"""

IN_THE_CELL = [
    ("f=dc * c_prev", "f=dc * c_next", "name-replaced", "dc * c_next has c_next where another value belongs"),
    ('"c": of_tanh, "o": of_sigmoid', '"c": of_sigmoid, "o": of_tanh', "names-exchanged", "what stands under 'c' and 'o' is exchanged"),
    ("np.array(dc_next)", "np.tanh(c_next)", "name-replaced", "dc stands where another value belongs"),
]


@pytest.mark.parametrize(("before", "after", "id_", "says"), IN_THE_CELL)
def test_what_a_table_or_a_dictionary_holds(told: Tell, before: str, after: str, id_: str, says: str) -> None:
    """An entry is told where it is put in, also a function into a table, and not in a helper that does its work."""
    assert not told(CELL)
    (said,) = told(CELL.replace(before, after))
    assert (said.id, said.proof) == (id_, "proved")
    assert says in said.says


def test_entries_of_a_dictionary_by_keywords_in_each_others_place(told: Tell) -> None:
    """Told at the line of the dictionary alone."""
    text = CELL.replace("i=dc * cct, c=dc * it", "i=dc * it, c=dc * cct")
    assert {said.line for said in told(text)} == {line(text, "comes = dict")}


def test_rows_of_a_value_that_is_wrong(told: Tell) -> None:
    """Two lines that take rows of it are wrong because of the line that makes it."""
    makes = "stacked = np.concatenate([dz for dz in each.values()])\n    back = of_all.T @ stacked\n"
    text = CELL.replace("    back = np.zeros_like(both)\n", "    each = {}\n")
    text = text.replace('        back = back + parameters["W" + g].T @ dz\n', "        each[g] = dz\n")
    text = text.replace(
        '    gradients["da_prev"] =',
        f'    of_all = np.concatenate([parameters["W" + g] for g in "fico"])\n    {makes}    gradients["da_prev"] =',
    )
    assert not told(text)
    text = text.replace("back = of_all.T @ stacked", "back = stacked.sum(axis=1, keepdims=True)")
    (said,) = told(text)
    assert (said.line, said.proof) == (line(text, "back = stacked.sum"), "proved")


def test_a_tanh_that_is_stored_nowhere(told: Tell) -> None:
    """The statement computes what belongs there, and hands it to nobody."""
    old = "a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)"
    text = edited(("rnn_cell_forward", "    a_next = np.tanh(", "    a_next = ("))
    assert old not in text
    at = line(text, "a_next = (")
    lines = text.split("\n")
    (said,) = told("\n".join([*lines[:at], "    np.tanh(a_next)", *lines[at:]]))
    assert (said.line, said.id) == (at + 1, "term-dropped")


def test_another_activation_by_way_of_a_name(told: Tell) -> None:
    """Which function a name stands for is seen by what it gives."""
    gate = "ot = sigmoid(np.dot(Wo, concat) + bo)"
    text = edited(("lstm_cell_forward", gate, f"squash = np.tanh\n    {gate.replace('sigmoid', 'squash')}"))
    (said,) = told(text)
    assert said.id == "activation-wrong"


def test_a_helper_is_not_blamed_for_names_in_each_others_place(told: Tell) -> None:
    """It gives what it is asked for, under whatever name it makes it."""
    helper = "def products(W, v, dz):\n    dW = np.dot(dz, v.T)\n    dv = np.dot(W.T, dz)\n    return dW, dv\n\n"
    by_name = "(('dxt', dxt), ('da_prev', da_prev), ('dWax', dWax), ('dWaa', dWaa), ('dba', dba))"
    gradients = "{'dxt': dxt, 'da_prev': da_prev, 'dWax': dWax, 'dWaa': dWaa, 'dba': dba}"
    inputs = "dxt = np.dot(Wax.T, dtanh)\n    dWax = np.dot(dtanh, xt.T)"
    states = "da_prev = np.dot(Waa.T, dtanh)\n    dWaa = np.dot(dtanh, a_prev.T)"
    cell = "rnn_cell_backward"
    text = helper + edited(
        (cell, inputs, "dWax, dxt = products(Wax, xt, dtanh)"),
        (cell, states, "dWaa, da_prev = products(Waa, a_prev, dtanh)"),
        (cell, f"gradients = {gradients}", f"gradients = {{}}\n    for name, value in {by_name}:\n        gradients[name] = value"),
    )
    assert not told(text)
    exchanged = told(text.replace("('dWax', dWax), ('dWaa', dWaa)", "('dWax', dWaa), ('dWaa', dWax)"))
    assert exchanged
    assert all(said.line > len(helper.split("\n")) for said in exchanged)


@pytest.mark.parametrize("adds", ["dbct += dbc", "dbct = dbct + dbc"])
def test_a_sum_added_to_its_steps_share_is_told_there(told: Tell, adds: str) -> None:
    """Both names exchanged: the sum stays as it was made, and no call is to blame for it."""
    text = edited((B, "dbc = dbc + gradients['dbc']", f"dbct = gradients['dbc']\n        {adds}"))
    (said,) = told(text)
    assert text.split("\n")[said.line - 1].strip() == adds
    assert (said.id, said.proof) == ("accumulator-copied", "proved")
    assert said.says.startswith("what belongs into dbc is added to dbct here: dbc stays as it is made at line ")


def test_a_state_stored_for_another_one_is_not_joined_with_a_call_that_is_given_the_start(told: Tell) -> None:
    """Two slips: what is stored for each step holds what the call misses, but no call was to read it there."""
    stored, called = "c[:, :, t] = a_next", "lstm_cell_forward(x[:, :, t], a0, c_next"
    text = edited(("lstm_forward", "c[:, :, t] = c_next", stored), ("lstm_forward", "lstm_cell_forward(x[:, :, t], a_next, c_next", called))
    call, store = told(text)
    lines = text.split("\n")
    assert called in lines[call.line - 1]
    assert lines[store.line - 1].strip() == stored
    assert (call.id, store.id, store.says) == ("state-not-carried", "gate-swapped", "c[:, :, t] has a_next where another value belongs")
    assert (call.proof, store.proof) == ("proved", "proved")


KEPT = """
def rnn_backward(da, caches):
    steps, x = caches
    out, carry = {"dx": np.zeros(x.shape), "dWax": 0, "dWaa": 0}, np.zeros(da.shape[:2])
    for t in range(len(steps) - 1, -1, -1):
        back = rnn_cell_backward(da[:, :, t] + carry, steps[t])
        carry = back["da_prev"]
        out["da0"] = carry
        out["dx"][:, :, t] = back["dxt"]
        for key in ("dWax", "dWaa"):
            out[key] = out[key] + back[key]
        out["dba"] = out.get("dba", 0) + back["dba"]
    return out
"""


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('out["da0"] = carry', 'out.setdefault("da0", carry)', 'out["da0"] is what the last step hands back'),
        ('out["dba"] = out.get("dba", 0) + back["dba"]', 'out.setdefault("d" + "ba", back["dba"])', "the last step alone"),
    ],
)
def test_what_is_kept_of_the_first_turn_alone_is_stored(told: Tell, before: str, after: str, says: str) -> None:
    """A call that stores under a key unless something is there stands for an assignment."""
    wrong = KEPT.replace(before, after)
    assert not told(KEPT)
    assert [(one.line, says in one.says) for one in told(wrong)] == [(line(wrong, after), True)]

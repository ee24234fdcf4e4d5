"""A line that takes a stack apart and does nothing else is not blamed for what is wrong in the stack, but for the order of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

    Tell = Callable[[str], list[Told]]

CELL = """def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, m = a_next.shape
    tc = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tc ** 2)
    deltas = np.stack([dc * c_prev * ft * (1 - ft), dc * cct * it * (1 - it), dc * it * (1 - cct ** 2), da_next * tc * ot * (1 - ot)])
    W = np.stack([parameters[w] for w in ("Wf", "Wi", "Wc", "Wo")])
    z = np.concatenate([a_prev, xt])
    dW = np.einsum("gam,zm->gaz", deltas, z)
    db = deltas.sum(axis=-1)[..., None]
    dz = np.einsum("gaz,gam->zm", W, deltas)
    dWf, dWi, dWc, dWo = dW
    dbf, dbi, dbc, dbo = db
    return dict(dxt=dz[n_a:], da_prev=dz[:n_a], dc_prev=dc * ft, dWf=dWf, dWi=dWi, dWc=dWc, dWo=dWo, dbf=dbf, dbi=dbi, dbc=dbc, dbo=dbo)
"""
BY_INDEX = CELL.replace("    dWf, dWi, dWc, dWo = dW\n    dbf, dbi, dbc, dbo = db\n", "").replace("dWf=dWf, dWi=dWi, dWc=dWc, dWo=dWo", (
    "dWf=dW[0], dWi=dW[1], dWc=dW[2], dWo=dW[3]"
)).replace("dbf=dbf, dbi=dbi, dbc=dbc, dbo=dbo", "dbf=db[0], dbi=db[1], dbc=db[2], dbo=db[3]")  # fmt: skip
SPLIT = (
    CELL.replace("np.stack(", "np.concatenate(").replace('np.einsum("gam,zm->gaz", deltas, z)', "np.dot(deltas, z.T)")
    .replace("deltas.sum(axis=-1)[..., None]", "deltas.sum(axis=1, keepdims=True)")
    .replace('np.einsum("gaz,gam->zm", W, deltas)', "W.T @ deltas")
    .replace("dWo = dW\n", "dWo = np.split(dW, 4)\n").replace("dbo = db\n", "dbo = np.vsplit(db, 4)\n")
)  # fmt: skip
MEAN = ("    db = ", " / m", {"mean-for-sum", "factor-added"})
SIGN = ("    dW = ", " * -1", {"sign-flipped", "factor-added", "operator-replaced"})
ROWS = ("    dW = ", "", {"stack-wrong"})


def slipped(cell: str, start: str, more: str) -> tuple[str, str]:
    """The cell with a line that has more at its end, or the rows of the stack in another order; and that line."""
    line = next(line for line in cell.split("\n") if line.startswith(start))
    other = (
        line + more
        if more
        else line.replace("z.T", "np.concatenate([xt, a_prev]).T").replace("deltas, z)", "deltas, np.vstack([xt, a_prev]))")
    )
    return cell.replace(line, other), other


@pytest.mark.parametrize("slip", [MEAN, SIGN, ROWS], ids=["mean", "sign", "rows"])
@pytest.mark.parametrize("cell", [CELL, BY_INDEX, SPLIT], ids=["unpacked", "by index", "split"])
def test_the_line_that_makes_the_stack_is_told(told: Tell, cell: str, slip: tuple[str, str, set[str]]) -> None:
    """Not the line behind it, at which right values make all results right as well."""
    start, more, known = slip
    text, line = slipped(cell, start, more)
    program = edited(("lstm_cell_backward", "", text))
    (said,) = told(program)
    assert program.split("\n")[said.line - 1] == line
    assert said.id in known
    assert said.proof == "proved"


@pytest.mark.parametrize("cell", [CELL, SPLIT], ids=["unpacked", "split"])
def test_names_in_another_order_are_told_where_they_stand(told: Tell, cell: str) -> None:
    """There the stack is right."""
    program = edited(("lstm_cell_backward", "", cell.replace("dWc, dWo = ", "dWo, dWc = ")))
    (said,) = told(program)
    assert program.split("\n")[said.line - 1].strip().startswith("dWf, dWi, dWo, dWc = ")
    assert "unpacked here in another order" in said.says


@pytest.mark.parametrize("cell", [CELL, BY_INDEX, SPLIT], ids=["unpacked", "by index", "split"])
def test_the_cell_without_a_slip_is_right(told: Tell, cell: str) -> None:
    """All three ways of taking it apart."""
    assert not told(edited(("lstm_cell_backward", "", cell)))


def test_columns_of_the_other_part_are_one_mistake_and_no_clipping(told: Tell) -> None:
    """A stack that fits the columns makes all right, and beside it nothing else is wrong, nor cut off at any bound."""
    cell = """def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    n_a = a_next.shape[0]
    dz = da_next * (1 - a_next * a_next)
    W = np.hstack((parameters["Waa"], parameters["Wax"]))
    inputs = np.vstack((a_prev, xt))
    dW = np.matmul(dz, inputs.T)
    back, db = np.matmul(W.T, dz), dz.sum(1, keepdims=True)
    return {"dxt": back[n_a:], "da_prev": back[:n_a], "dWax": dW[:, :xt.shape[0]], "dWaa": dW[:, xt.shape[0]:], "dba": db}
"""
    (said,) = told(edited(("rnn_cell_backward", "", cell)))
    assert said.id in {"gate-swapped", "slice-wrong", "stack-wrong"}


GATES = """def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    n_a = a_prev.shape[0]
    W = np.concatenate([parameters["Wi"], parameters["Wf"], parameters["Wo"], parameters["Wc"]])
    b = np.concatenate([parameters["bi"], parameters["bf"], parameters["bo"], parameters["bc"]])
    pre = np.dot(W, np.concatenate([a_prev, xt])) + b
    it, ft = sigmoid(pre[:n_a]), sigmoid(pre[n_a:2*n_a])
    ot = sigmoid(pre[2*n_a:3*n_a])
    cct = np.tanh(pre[3*n_a:])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
"""
IN_ONE = GATES.replace("    it, ft = sigmoid(pre[:n_a]), sigmoid(pre[n_a:2*n_a])\n    ot = sigmoid(pre[2*n_a:3*n_a])\n", (
    "    gates = sigmoid(pre[:3*n_a])\n    it, ft, ot = gates[:n_a], gates[n_a:2*n_a], gates[2*n_a:]\n"
))  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "known"),
    [
        ("xt])) + b", "xt]))", "term-dropped"),
        ("xt])) + b", "xt])) - b", "sign-flipped"),
        ("[a_prev, xt]", "[xt, a_prev]", "stack-wrong"),
    ],
)
@pytest.mark.parametrize("cell", [GATES, IN_ONE], ids=["each gate", "three in one"])
def test_what_is_wrong_before_the_activations_is_told_once(told: Tell, cell: str, old: str, new: str, known: str) -> None:
    """Right activations at each of the lines that take a part of it make all right too."""
    program = edited(("lstm_cell_forward", "", cell.replace(old, new)))
    (said,) = told(program)
    assert program.split("\n")[said.line - 1].strip().startswith("pre = ")
    assert (said.id, said.proof) == (known, "proved")


@pytest.mark.parametrize(("taken", "most"), [("kept.values()", 2), ("(delta for delta in kept.values())", 1)])
@pytest.mark.parametrize("slopes", [(" * ft * (1 - ft)", " * it * (1 - it)"), (" * ft * (1 - ft)", " * (1 - cct ** 2)")])
def test_what_each_name_lacks_is_told_of_the_names_or_at_their_entries(told: Tell, slopes: tuple[str, ...], taken: str, most: int) -> None:
    """The right values of all of them are put in at one line; they are as many mistakes as names, or one idea of the entries' line."""
    cell = CELL.replace("deltas = np.stack([dc", "kept = dict(f=dc").replace(" dc * cct", " i=dc * cct")
    cell = cell.replace(" dc * it * (1 -", " c=dc * it * (1 -")
    cell = cell.replace(" da_next * tc", " o=da_next * tc").replace("(1 - ot)])", "(1 - ot))").replace("    W =", (
        f"    dft, dit, dcct, dot = {taken}\n    deltas = np.stack([dft, dit, dcct, dot])\n    W ="
    ))  # fmt: skip
    assert not told(edited(("lstm_cell_backward", "", cell)))
    for slope in slopes:
        cell = cell.replace(slope, "")
    said = told(edited(("lstm_cell_backward", "", cell)))
    assert [(one.id, one.proof) for one in said] == [("factor-dropped", "proved")] * most
    assert len({one.says for one in said}) == len(said)


@pytest.mark.parametrize("taken", ["np.split(db, 4)", "db[:n_a], db[n_a:2*n_a], db[2*n_a:3*n_a], db[3*n_a:]"])
def test_a_stack_that_lost_an_axis_is_one_mistake_where_it_is_made(told: Tell, taken: str) -> None:
    """Each of the names that the next line unpacks has another shape than it should have, and each has it from there."""
    cell = SPLIT.replace("np.vsplit(db, 4)", taken)
    assert not told(edited(("lstm_cell_backward", "", cell)))
    program = edited(("lstm_cell_backward", "", cell.replace("axis=1, keepdims=True", "axis=1")))
    (said,) = told(program)
    assert program.split("\n")[said.line - 1] == "    db = deltas.sum(axis=1)"
    assert (said.id, said.proof) == ("sum-wrong", "proved")


@pytest.mark.parametrize(
    ("wrong", "known"), [("deltas.mean(axis=1, keepdims=True)", "mean-for-sum"), ("-deltas.sum(axis=1, keepdims=True)", "sign-flipped")]
)
def test_what_a_line_computes_and_parts_is_one_mistake(told: Tell, wrong: str, known: str) -> None:
    """It spoils all the names that get a part."""
    right = "deltas.sum(axis=1, keepdims=True)"
    cell = SPLIT.replace("np.vsplit(db, 4)", f"np.vsplit({right}, 4)")
    assert not told(edited(("lstm_cell_backward", "", cell)))
    (said,) = told(edited(("lstm_cell_backward", "", cell.replace(f"({right}", f"({wrong}"))))
    assert (said.id, said.proof) == (known, "proved")


@pytest.mark.parametrize(
    ("cut", "way"),
    [
        ("da_prev, dxt = dz[len(xt):], dz[:len(xt)]", "lay in the other order"),
        ("da_prev, dxt = dz[:len(xt)], dz[len(xt):]", "met at another place"),
    ],
)
def test_both_parts_cut_wrongly_are_one_mistake(told: Tell, cut: str, way: str) -> None:
    """At the line that cuts, where the stack is right, and what the two names get is all of it."""
    cell = CELL.replace("    return ", f"    {cut}\n    return ").replace("dxt=dz[n_a:], da_prev=dz[:n_a]", "dxt=dxt, da_prev=da_prev")
    text = edited(("lstm_cell_backward", "", cell))
    (one,) = told(text)
    assert (one.line, one.id, one.proof) == (line_of(text, cut), "slice-wrong", "proved")
    assert one.says.endswith(f" are the parts of dz, cut as if they {way}")

"""One wrong idea at several lines is one mistake, told at the first of them; two slips that only look alike stay two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slipping import edited, line_of, slip_told, slipped

from whygrad.diagnose import diagnose_file
from whygrad.report.code_parts import how_sure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Told

    Tell = Callable[[str], list[Told]]

DOT = "dot = da_next * np.tanh(c_next) * ot * (1 - ot)"
DCCT = "dcct = (dc_next * it + ot * (1 - np.square(np.tanh(c_next))) * it * da_next) * (1 - np.square(cct))"
DIT = "dit = (dc_next * cct + ot * (1 - np.square(np.tanh(c_next))) * cct * da_next) * it * (1 - it)"
DFT = "dft = (dc_next * c_prev + ot * (1 - np.square(np.tanh(c_next))) * c_prev * da_next) * ft * (1 - ft)"
DC = "dc_prev = dc_next * ft + ot * (1 - np.square(np.tanh(c_next))) * ft * da_next"
SIZES = ("dWf", "dWi", "dWc", "dWo")


def otherwise(before: str, after: str, *lines: str) -> list[tuple[str, str]]:
    """The same edit of several lines."""
    return [(line, line.replace(before, after)) for line in lines]


def _parts(cut: str) -> str:
    """The gates' gradients, each multiplied by these columns of its weight."""
    return " + ".join(f"np.dot(parameters['W{gate[1]}'][:, {cut}].T, {gate})" for gate in ("dft", "dit", "dcct", "dot"))


ALIKE = {
    "a name, in two lines": (otherwise("(c_next)", "(c_prev)", DOT, DFT), "the same holds for dft (line {1})"),
    "a name, called a value and a name": (otherwise("* da_next", "* dc_next", DCCT, DC), "the same holds for dc_prev (line {1})"),
    "another activation": (
        otherwise("np.tanh(", "sigmoid(", "cct = np.tanh(np.dot(Wc", "a_next = ot * np.tanh(c_next)"),
        "the same holds for a_next (line {1})",
    ),
    "no tanh": (otherwise("np.tanh(c_next)", "c_next", DOT, DC), "the same holds for dc_prev (line {1})"),
    "no biases": (
        [
            ("np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)", "np.dot(Waa, a_prev) + np.dot(Wax, xt))"),
            ("yt_pred = softmax(np.dot(Wya, a_next) + by)", "yt_pred = softmax(np.dot(Wya, a_next))"),
        ],
        "yt_pred (line {1}) lacks a bias too",
    ),
    "half of the gates' derivatives": (
        [*otherwise(" * (1 - ot)", "", DOT), *otherwise(" * (1 - it)", "", DIT), *otherwise(" * (1 - ft)", "", DFT)],
        "dit (line {1}) and dft (line {2}) lack a part of the derivative of a gate too",
    ),
    "the other half of them": (
        [*otherwise("* ot * (1", "* (1", DOT), *otherwise("* it * (1 - it)", "* (1 - it)", DIT), *otherwise("* ft * (1 -", "* (1 -", DFT)],
        "dit (line {1}) and dft (line {2}) lack the gate itself in its derivative too",
    ),
    "both carries added up": (
        [(f"{carry} = gradients['{key}']\n        d", f"{carry} += gradients['{key}']\n        d") for carry, key in (
            ("da_prevt", "da_prev"), ("dc_prevt", "dc_prev")
        )],
        "the same holds for dc_prevt (line {1})",
    ),
    "no derivatives": (
        [*otherwise(" * ot * (1 - ot)", "", DOT), *otherwise(" * it * (1 - it)", "", DIT), *otherwise(" * (1 - np.square(cct))", "", DCCT)],
        "dcct (line {1}) and dit (line {2}) lack the derivative of an activation too",
    ),
    "a tanh's derivatives for two sigmoids'": (
        [*otherwise("* ot * (1 - ot)", "* (1 - ot ** 2)", DOT), *otherwise("* ft * (1 - ft)", "* (1 - ft ** 2)", DFT)],
        "dft (line {1}) has the tanh's derivative in the place of the sigmoid's too",
    ),
    "derivatives twice": (
        [(line, f"{line} * {slope}") for line, slope in ((DOT, "ot * (1 - ot)"), (DFT, "ft * (1 - ft)"), (DCCT, "(1 - cct ** 2)"))],
        "dcct (line {1}) and dft (line {2}) have the derivative of an activation once too often too",
    ),
    "a sigmoid's derivative of a sigmoid": (
        [
            *otherwise("* ot * (1 - ot)", "* sigmoid(ot) * (1 - sigmoid(ot))", DOT),
            *otherwise("* ft * (1 - ft)", "* sigmoid(ft) * (1 - sigmoid(ft))", DFT),
        ],
        "dft (line {1}) has the derivative of a sigmoid taken of a sigmoid too",
    ),
    "no bracket around the sum": (
        [(line, line.replace("= (", "= ").replace("* da_next)", "* da_next")) for line in (DCCT, DIT, DFT)],
        "dit (line {1}) and dft (line {2}) lack the bracket around the sum too",
    ),
    "no square": (
        [*otherwise("np.square(cct)", "cct", DCCT), *otherwise("np.square(np.tanh(c_next))", "np.tanh(c_next)", DC)],
        "dc_prev (line {1}) lacks a square too",
    ),
    "no transpose": (
        [(f"{name} = np.dot({product})", f"{name} = np.dot({product.replace('.T', '')})") for name, product in (
            ("dxt", "Wax.T, dtanh"), ("dWax", "dtanh, xt.T"), ("da_prev", "Waa.T, dtanh"), ("dWaa", "dtanh, a_prev.T")
        )],
        "dWax (line {1}), da_prev (line {2}) and dWaa (line {3}) lack a transpose too",
    ),
    "cuts of the weights with the input first": (
        [(f"{name} = {_parts(right)}", f"{name} = {_parts(wrong)}") for name, right, wrong in (
            ("da_prev", ":n_a", "-n_a:"), ("dxt", "n_a:", ":-n_a")
        )],
        "the same holds for dxt (line {1})",
    ),
    "wrong sizes": (
        [(f"{name} = np.zeros((n_a, n_a + n_x))", f"{name} = np.zeros((n_a, n_a)) # {name}") for name in SIZES],
        "the same mistake stands in dWi (line {1}), dWc (line {2}) and dWo (line {3})",
    ),
    "lines that raise": (
        [(f"{name} = np.dot({gate}, concat.T)", f"{name} = np.dot({gate}, np.concatenate((a_prev, xt), axis=0))")
         for name, gate in zip(SIZES, ("dft", "dit", "dcct", "dot"), strict=True)],
        "dWi (line {1}), dWc (line {2}) and dWo (line {3}) lack a transpose too",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ALIKE)
def test_one_idea_is_one_mistake(case: str, told: Tell) -> None:
    """At its first line, with the names and numbers of the others."""
    slips, also = ALIKE[case]
    text = slipped("course_template", *slips)
    lines = sorted(line_of(text, after) for _, after in slips)
    (one,) = told(text)
    assert (one.line, one.proof) == (lines[0], "proved")
    assert one.says.endswith(f"; {also.format(*lines)}")


def test_a_slip_in_what_one_of_the_lines_reads_does_not_part_them(told: Tell) -> None:
    """With that mended the line lacks what the others lack."""
    slip, (slips, also) = otherwise(" * it * (1 - it)", " * it", DIT), ALIKE["lines that raise"]
    text = slipped("course_template", *slip, *slips)
    lines = [line_of(text, after) for _, after in slips]
    gate, product = sorted(told(text), key=lambda one: one.line)
    assert (gate.line, product.line) == (line_of(text, slip[0][1]), lines[0])
    assert product.says.endswith(f"; {also.format(*lines)}")


def test_sums_set_anew(told: Tell) -> None:
    """The names of each line, one after the other."""
    sums = ("dWax = np.zeros((n_a, n_x))", "dWaa = np.zeros((n_a, n_a))", "dba = np.zeros((n_a, 1))")
    loop = "    for t in reversed(range(T_x)):\n        gradients = rnn"
    head, step = loop.split("\n")
    text = slipped("course_template", (loop, "\n".join((head, *(f"        {line}" for line in sums), step))))
    (one,) = told(text)
    first, *others = (line_of(text, f"        {line}") for line in sums)
    assert (one.line, one.id, one.proof) == (first, "overwritten-not-summed", "proved")
    assert one.says.endswith("is lost; the same holds for dWaa (line {}) and dba (line {})".format(*others))


def test_sums_of_all_gates_set_anew(told: Tell) -> None:
    """Two lines that each set the sums of all gates are one idea, as those of all gates with a line each are."""
    sums = [(f'grads["d{kind}" + g] += step', f'grads["d{kind}" + g] = step') for kind in "Wb"]
    text = slipped("gate_dictionaries", *sums)
    (one,) = told(text)
    assert one.says.endswith(f'; the same holds for grads["db" + g] (line {line_of(text, sums[1][1])})')


def test_two_names_at_one_line(told: Tell) -> None:
    """The line is told once."""
    lines = "dWf = dWf + gradients['dWf']\n        dWi = dWi + gradients['dWi']\n"
    text = slipped("course_template", (lines, "dWf = gradients['dWf']; dWi = gradients['dWi']\n"))
    (one,) = told(text)
    assert (one.line, one.id) == (line_of(text, "dWf = gradients"), "overwritten-not-summed")
    assert one.says.endswith("; the same holds for dWi")


def test_a_call_that_uses_neither_carry_has_one_mistake(told: Tell) -> None:
    """With one of them it is another slip than a loop that gives the other no value."""
    call, zeros = "da[:,:,t] + da_prevt, dc_prevt, caches", "da[:,:,t], np.zeros((n_a, m)), caches"
    (one,) = told(slipped("course_template", (call, zeros)))
    assert one.says.endswith("is not added; and np.zeros((n_a, m)) is zero in the call at the last step but one")
    idle = ("        dc_prevt = gradients['dc_prev']\n", "")
    assert len(told(slipped("course_template", ("da[:,:,t] + da_prevt, dc_prevt", "da[:,:,t], dc_prevt"), idle))) > 1


def test_the_hint_does_not_say_that_nothing_else_is_wrong(tmp_path: Path) -> None:
    """It speaks of the first line; of one mistake at one line it still says so."""
    slips, file = otherwise("(c_next)", "(c_prev)", DOT, DFT), tmp_path / "slips.py"
    for number in (1, 2):
        file.write_text(slipped("course_template", *slips[:number]))
        (one,) = diagnose_file(file).mistakes
        assert ("no other number is touched" in one.hints[1]) == (number == 1)
        assert ("; the same goes for the others." in one.hints[1]) == (number > 1)
        assert ("at the other lines" in how_sure((one,), diagnose_file(file))) == (number > 1)


UNLIKE = {
    "one name for two others": [*otherwise("c_next", "c_prev", DOT), *otherwise("ft * da_next", "c_prev * da_next", DC)],
    "two names for one": [*otherwise("c_next", "c_prev", DOT), *otherwise("c_next", "a_next", DC)],
    "two gates' gradients": [
        ("dbi = np.sum(dit", "dbi = np.sum(dft"),
        ("dbc = np.sum(dcct", "dbc = np.sum(dft"),
    ],
    "a factor and the other half": [*otherwise(" * (1 - ot)", "", DOT), *otherwise(" * it * (1 - it)", " * (1 - it)", DIT)],
    "two sums that are set anew": [(f"d{kind} = d{kind} + gradients", f"d{kind} = gradients") for kind in ("Wf", "bo")],
    "two transposes": [("dxt = np.dot(Wax.T", "dxt = np.dot(Wax"), ("dWaa = np.dot(dtanh, a_prev.T)", "dWaa = np.dot(dtanh, a_prev)")],
}


@pytest.mark.parametrize("case", UNLIKE)
def test_what_is_not_the_same_stays_apart(case: str, told: Tell) -> None:
    """Each at its own line, without a word of the other."""
    text = slipped("course_template", *UNLIKE[case])
    mistakes = told(text)
    assert sorted(one.line for one in mistakes) == sorted(line_of(text, after) for _, after in UNLIKE[case])
    assert not any("the same" in one.says or " too" in one.says for one in mistakes)


TABLE = """def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    up = {"f": dc * c_prev, "i": dc * cct, "c": dc * it, "o": da_next * np.tanh(c_next)}
    slope = {"f": ft * (1 - ft), "i": it * (1 - it), "c": 1 - cct ** 2, "o": ot * (1 - ot)}
    d = {k: up[k] * slope[k] for k in up}
    both = np.vstack([a_prev, xt])
    down = sum(parameters["W" + k].T @ d[k] for k in d)
    gradients = {"dxt": down[len(a_prev):], "da_prev": down[: len(a_prev)], "dc_prev": dc * ft}
    for k in d:
        gradients["dW" + k] = d[k] @ both.T
        gradients["db" + k] = d[k].sum(axis=1, keepdims=True)
    return gradients"""


def test_what_a_table_lacks_for_each_gate_is_one(told: Tell) -> None:
    """Not one at the line of each that reads it: at every turn it holds what is right before that line."""
    text, one = slip_told(told, edited(("lstm_cell_backward", "", TABLE)), "up[k] * slope[k]", "up[k]")
    assert (one.line, one.id, one.proof) == (line_of(text, "d = {k"), "factor-dropped", "proved")


def test_lines_that_each_lack_it_are_told_before_a_table_of_them(told: Tell) -> None:
    """The table only hands on what they make."""
    lines = TABLE.replace(
        'up = {"f": dc * c_prev, "i": dc * cct, "c": dc * it, "o": da_next * np.tanh(c_next)}',
        "dft = dc * c_prev\n    dit = dc * cct\n    dcct = dc * it\n    dot = da_next * np.tanh(c_next)\n    "
        'up = {"f": dft, "i": dit, "c": dcct, "o": dot}',
    ).replace("up[k] * slope[k]", "up[k]")
    text = edited(("lstm_cell_backward", "", lines))
    (one,) = told(text)
    assert one.line == line_of(text, "dft = dc * c_prev")

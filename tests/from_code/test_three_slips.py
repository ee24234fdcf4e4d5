"""Several slips in one program of some style: each is told at its line, and none that only follows from another."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from code_answer import examined
from styles import TEXTS


class Case(NamedTuple):
    """A style, its lines as they were and as they are (empty: gone), and what is told: the beginning of the line, and the mistake."""

    style: str
    edits: tuple[tuple[str, str], ...]
    told: tuple[tuple[str, str], ...]


Z_F = 'np.dot(parameters["Wf"], concat) + parameters["bf"]'
Z_O = 'np.dot(parameters["Wo"], concat) + parameters["bo"]'
CASES = {
    "three gates whose cell gradient is wrong too": Case(
        "stacked_input",
        (
            ("dc += da_next * ot * (1 - tanh_c ** 2)", "dc += da_next * ot * (1 - tanh_c)"),
            ("dit = dc * cct * it", "dit = dc * cct + it"),
            ("dcct = dc * it", "dcct = dc + it"),
        ),
        (("dc += ", "wrong-activation-derivative"), ("dit = ", "operator-replaced"), ("dcct = ", "operator-replaced")),
    ),
    "two calls of a helper that are given the wrong thing": Case(
        "keywords_and_early_returns",
        ((Z_F, Z_F.replace("+", "-")), (Z_O, Z_O.replace("bo", "bi"))),
        (("ft = ", "sign-flipped"), ("ot = ", "gate-swapped")),
    ),
    "keys that are not there beside three more": Case(
        "branches_and_asserts",
        (
            ('gradients["db" + gate] = np.sum(dgate, 1, keepdims=True)', "pass"),
            ("dft = (ft - ft ** 2) * c_prev * dc", "dft = (ft - ft) * c_prev * dc"),
            ('gradients["dxt"] = dxt', 'gradients["dxt"] = cache'),
        ),
        (
            ("dft = ", "wrong-activation-derivative"),
            ('gradients["dxt"]', "returned-wrong"),
            ("return gradients", "returned-wrong"),
        ),
    ),
    "a carry that is returned as something else": Case(
        "one_matrix",
        (('        dc_t = g["dc_prev"]\n', ""), ('"dWf": dW[:H],', '"dWf": dc_t[:H],')),
        (("g = lstm_cell_backward(", "carry-missing"), ('"dWf": dc_t', "slice-wrong")),
    ),
    "a loop over a dictionary that stays empty": Case(
        "float32",
        (
            ('sums["d" + k] = np.zeros((n_a, n_a + n_x), dtype=dtype)', "pass"),
            ('sums["d" + k] = np.zeros((n_a, 1), dtype=dtype)', "pass"),
        ),
        (("for k in sums:", "returned-wrong"),),
    ),
    "a comprehension that lets nothing through": Case(
        "closures", (('if key[:2] in ("dW", "db")', 'if key[2:] in ("dW", "db")'),), (("total = {", "returned-wrong"),)
    ),
    "another gate under one of the keys": Case(
        "gate_dictionaries", (('"c": cct, "o": ot}', '"c": cct, "o": ft}'),), (("gate = {", "gate-swapped"),)
    ),
    "a gate in whose place its product would do": Case(
        "in_place",
        (
            ('np.dot(parameters["Wi"], concat) + parameters["bi"]', 'np.dot(parameters["Wi"], concat) + parameters["bf"]'),
            ("c_next += it * cct", "c_next += it"),
        ),
        (("it = ", "name-replaced"), ("c_next += it", "factor-dropped")),
    ),
    "a softmax that gives what is in a tuple": Case(
        "einsum_lists",
        (("a_next = ot * tanh(c_next)", "a_next = ot * sigmoid(c_next)"), ("return e / e.sum(0)", "return e / e.mean(0)")),
        (("return e / e.mean(0)", "mean-for-sum"), ("return e / e.mean(0)", "mean-for-sum"), ("a_next = ", "activation-wrong")),
    ),
    "a carry that starts as a number": Case(
        "spanish_lambdas", (('        vuelve = g["da_prev"]\n', ""), ("+ vuelve, memorias[paso])", "+ vuelve, memorias[paso - 1])")),
        (("g = rnn_cell_backward(", "carry-missing"), ("g = rnn_cell_backward(", "cache-of-wrong-step")),
    ),
    "a key that stands there twice, where the values are wrong too": Case(
        "one_matrix",
        (('"dWf": dW[:H],', '"dWi": dW[:H],'), ("+ da_t, dc_t, cache_list[t])", "+ da_t, dc_t, cache_list[t - 1])")),
        (("g = lstm_cell_backward(", "cache-of-wrong-step"), ('"dWi": dW[:H],', "gate-swapped")),
    ),
    "another entry of the cache, of another shape": Case(
        "classes",
        (('self.a_next) + self.p["by"])', 'self.a_next) - self.p["by"])'), ("self.ot, xt, self.p)", "self.ot, c_prev, self.p)")),
        (("self.yt = ", "sign-flipped"), ("self.cache = ", "name-replaced")),
    ),
    "a gate without its product, and the cell state's own": Case(
        "branches_and_asserts",
        (
            ('sigmoid(np.dot(parameters["Wi"], concat) + parameters["bi"])', 'sigmoid(parameters["bi"])'),
            ("ft, it, cct, ot, xt, parameters))", "ft, it, ft, ot, xt, parameters))"),
        ),
        (("it = ", "term-dropped"), ("return (a_next", "name-replaced")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_slip_is_told_at_its_line(name: str) -> None:
    """By its name too."""
    case = CASES[name]
    text = TEXTS[case.style]
    for before, after in case.edits:
        assert before in text
        text = before.join(text.split(before)[:-1]) + after + text.split(before)[-1]
    lines = [line.strip() for line in text.split("\n")]
    said = [(lines[(finding.line or 1) - 1], finding.id) for finding in examined(text).findings]
    assert len(said) == len(case.told)
    for (line, id_), (starts, known) in zip(said, case.told, strict=True):
        assert line.startswith(starts)
        assert id_ == known


def test_what_a_star_hands_to_the_cell_is_seen() -> None:
    """In a loop whose state is a tuple, and with arguments by their names in a dictionary."""
    before = "g = lstm_cell_backward(da[..., t] + da_t, dc_t, cache_list[t])"
    for written in (
        "state = ({}, dc_t)\n        g = lstm_cell_backward(*state, cache_list[t])",
        "g = lstm_cell_backward(**dict(da_next={}, dc_next=dc_t, cache=cache_list[t]))",
    ):
        right, wrong = (TEXTS["one_matrix"].replace(before, written.format(given)) for given in ("da[..., t] + da_t", "da[..., t]"))
        assert examined(right).findings == ()
        (said,) = examined(wrong).findings
        assert "da[..., t]" in wrong.split("\n")[(said.line or 1) - 1]
        assert (said.id, said.proof) == ("carry-missing", "proved")

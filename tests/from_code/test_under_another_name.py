"""What a line computes gets a name that it does not belong to: the line is told, and not the one that misses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from styles import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Told

TEMPLATE = TEXTS["course_template"]
NO_VALUE = [
    ("lstm_cell_backward", "    dft = ", "    dbi = ", "what is made here is called dbi, and is read as dft elsewhere"),
    ("rnn_cell_backward", "    da_prev = ", "    dtanh = ", "is called dtanh, and is read as da_prev elsewhere"),
    ("lstm_forward", "    n_x, m, T_x = ", "    n_x, n_y, T_x = ", "is called n_y, and is read as m elsewhere"),
    ("lstm_forward", "    a_next = a0\n", "    n_y = a0\n", "is called n_y, and is read as a_next elsewhere"),
    ("lstm_cell_backward", "ft, it, cct, ot, xt", "ft, dbi, cct, ot, xt", "is called dbi, and is read as it elsewhere"),
]
"""The name that other lines read has no value."""
KEEPS = [
    ("lstm_backward", "        dWf = dWf +", "        x1 = dWf +", "what belongs into dWf is stored in x1 here: dWf stays"),
    ("lstm_backward", "    da0 = gradients", "    x1 = gradients", "what belongs into da0 is stored in x1 here: da0 stays"),
    ("lstm_backward", "        da_prevt = ", "        m = ", "is called m here, and no line reads that: the call of the cell reads"),
]
"""The name that other lines read keeps what it held before."""
CASES = NO_VALUE + KEEPS


def changed(function: str, before: str, after: str) -> tuple[str, int]:
    """The course's template with a text of a function written otherwise, and its line."""
    start = TEMPLATE.index(before, TEMPLATE.index(f"def {function}("))
    return TEMPLATE[:start] + after + TEMPLATE[start + len(before) :], TEMPLATE.count("\n", 0, start) + 1


@pytest.mark.parametrize(("function", "before", "after", "says"), CASES, ids=[case[2].strip() for case in CASES])
def test_the_line_is_told_that_gives_the_other_name(
    function: str, before: str, after: str, says: str, told: Callable[[str], list[Told]]
) -> None:
    """Nothing but the name on the left is wrong there, and nothing else is told."""
    text, line = changed(function, before, after)
    (said,) = told(text)
    assert says in said.says
    assert (said.line, said.proof) == (line, "proved")


@pytest.mark.parametrize("spelled", ["da_prevt = da_prevt + da[:, :, t]", "da_prevt += da[:, :, t]"])
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("da_prev = ", "what comes back from the cell is called da_prev here, and no line reads that: the call of the cell reads da_prevt"),
        (None, "da_prevt still holds what line {} made of it at the step before: no other line of the loop gives da_prevt a value"),
    ],
)
def test_a_carry_kept_in_one_name(spelled: str, given: str | None, says: str, told: Callable[[str], list[Told]]) -> None:
    """The step's own gradient is added before the call, and in the end da0 is what the name holds: one mistake."""
    start = TEMPLATE.index("def lstm_backward")
    line, ended, call = "da_prevt = gradients['da_prev']\n", "da0 = gradients['da_prev']\n", "gradients = lstm_cell_backward("
    loop = TEMPLATE[start:].replace("da[:,:,t] + da_prevt", "da_prevt", 1).replace(ended, "da0 = da_prevt\n", 1)
    text = TEMPLATE[:start] + loop.replace(call, f"{spelled}\n        {call}", 1)
    assert told(text) == []
    text = text.replace(f"        {line}", "" if given is None else f"        {line.replace('da_prevt = ', given)}", 1)
    (said,) = told(text)
    first = text.count("\n", 0, text.index(spelled)) + 1
    assert (said.says, said.proof) == (says.format(first), "proved")
    assert text.split("\n")[said.line - 1].strip().startswith("gradients = " if given is None else given)


def test_a_carry_is_told_at_its_name_though_another_line_reads_that(told: Callable[[str], list[Told]]) -> None:
    """The call of the cell reads neither of the two names, which are one mistake."""
    start = TEMPLATE.index("def lstm_backward")
    loop = TEMPLATE[start:].replace("da_prevt = gradients['da_prev']", "da_prev = gradients['da_prev']\n        da0 = da_prev", 1)
    loop = loop.replace("    da0 = gradients['da_prev']\n", "", 1).replace("dc_prevt = gradients", "dc_prev = gradients", 1)
    text = TEMPLATE[:start] + loop
    (said,) = told(text)
    meant = "the call of the cell reads da_prevt, which no line of the loop gives a value"
    assert said.says.startswith(f"what comes back from the cell is called da_prev here: {meant}; the same holds for dc_prev (line ")
    assert (text.split("\n")[said.line - 1].strip(), said.proof) == ("da_prev = gradients['da_prev']", "proved")


def test_a_line_that_adds_to_another_name_is_told(told: Callable[[str], list[Told]]) -> None:
    """The sum lacks just that, and nothing reads the other name behind it."""
    text, _ = changed("rnn_cell_backward", "da_prev = np.dot(Waa.T, dtanh)", "da_prev = np.dot(Waa.T, dtanh) / 2")
    text = text.replace("dtanh) / 2\n", "dtanh) / 2\n    m = np.zeros_like(da_prev)\n    m += da_prev\n", 1)
    (said,) = told(text)
    assert said.says == "what belongs into da_prev is stored in m here"
    assert text.split("\n")[said.line - 1].strip() == "m += da_prev"


def test_a_name_that_is_read_too_early_is_no_other_name(told: Callable[[str], list[Told]]) -> None:
    """A name like it that nobody reads holds what it is called."""
    text, line = changed("rnn_cell_backward", "    dba = np.sum(dtanh, axis=1, keepdims=True)\n", "")
    text = text.replace('"dba": dba}\n', '"dba": dba}\n    dba = np.sum(dtanh, axis=1, keepdims=True)\n', 1)
    (said,) = told(text)
    assert said.says.startswith("rnn_cell_backward raises UnboundLocalError because dba is read here before it has a value")
    assert said.line > line


def test_one_line_that_reads_a_misspelt_name_is_told_itself(told: Callable[[str], list[Told]]) -> None:
    """Two lines give the name a value by which it is called elsewhere."""
    text, line = changed("lstm_backward", "dc_prevt, caches[t])", "dc_prev, caches[t])")
    (said,) = told(text)
    assert (said.line, said.says) == (line, "lstm_backward raises NameError because no line gives dc_prev a value")


def test_a_line_that_is_missing_before_several_is_one_mistake(told: Callable[[str], list[Told]]) -> None:
    """All that read the argument lack the same term."""
    first = TEMPLATE.index("    dcct = (dc_next")
    old = TEMPLATE[first : TEMPLATE.index("\n\n", first)]
    new = "    dcct = dc_next * it * (1 - cct ** 2)\n    dit = dc_next * cct * it * (1 - it)\n    dft = dc_next * c_prev * ft * (1 - ft)"
    cell = TEMPLATE[TEMPLATE.index("def lstm_cell_backward") :]
    carried = next(line for line in cell.split("\n") if line.startswith("    dc_prev = "))
    text = TEMPLATE.replace(old, new).replace(carried, "    dc_prev = dc_next * ft")
    (said,) = told(text)
    at = text.split("\n").index("    dc_prev = dc_next * ft") + 1
    assert (said.id, said.proof) == ("term-dropped", "proved")
    also = f"in lines {said.line + 1}, {said.line + 2} and {at}"
    assert said.says == f"dc_next is read here, and {also}, as it came in: it should hold something else by then"


def test_a_wrong_piece_of_a_stack_is_one_mistake(told: Callable[[str], list[Told]]) -> None:
    """Four lines read the stack, transposed."""
    cell = TEMPLATE.index("def lstm_cell_backward")
    start = TEMPLATE.index("    concat = ", cell)
    stack = "    concat = np.zeros((n_a + n_x, m))\n    concat[:n_a, :] = da_next\n    concat[n_a:, :] = xt\n"
    text = TEMPLATE[:start] + stack + TEMPLATE[TEMPLATE.index("\n", start) + 1 :]
    (said,) = told(text)
    assert (said.id, said.proof) == ("name-replaced", "proved")
    assert text.split("\n")[said.line - 1].strip() == "concat[:n_a, :] = da_next"


def test_the_line_behind_the_loop_that_adds_to_the_caches_is_told(told: Callable[[str], list[Told]]) -> None:
    """Other lists get something within the loop."""
    start = TEMPLATE.index("        caches.append(cache)", TEMPLATE.index("def lstm_forward"))
    text = TEMPLATE[:start] + "        kept.append(yt)\n    caches.append(cache)" + TEMPLATE[TEMPLATE.index("\n", start) :]
    text = text.replace("    c_next = np.zeros", "    kept = []\n    c_next = np.zeros", 1)
    (said,) = (one for one in told(text) if one.id == "returned-otherwise")
    assert said.says.startswith("lstm_forward returns a list of 1 cache for 7 steps: this line stands after the loop")
    assert text.split("\n")[said.line - 1] == "    caches.append(cache)"


def test_the_line_that_takes_another_gradient_for_a_sum_is_told(told: Callable[[str], list[Told]]) -> None:
    """The line that adds it is right, and nothing takes the gradient of its own."""
    backward = TEMPLATE.index("def lstm_backward")
    body = TEMPLATE[backward:].replace("        dbi = dbi + gradients['dbi']", "        dbi += dbit").replace("gradients['dbf']", "dbft")
    taken = "        da_prevt = gradients['da_prev']\n        dbft, dbit = gradients['dbf'], gradients['dbf']\n"
    text = TEMPLATE[:backward] + body.replace("        da_prevt = gradients['da_prev']\n", taken)
    (said,) = told(text)
    assert (said.id, said.proof) == ("accumulator-copied", "proved")
    assert text.split("\n")[said.line - 1].strip().startswith("dbft, dbit = ")


def test_the_line_that_takes_a_cache_of_another_step_is_told(told: Callable[[str], list[Told]]) -> None:
    """The call hands on what that line gives it."""
    text, line = changed(
        "lstm_backward", "        gradients = lstm_cell_backward(", "        cache = caches[t - 1]\n        gradients = lstm_cell_backward("
    )
    (said,) = told(text.replace("dc_prevt, caches[t])", "dc_prevt, cache)", 1))
    assert (said.id, said.proof, said.line) == ("cache-of-wrong-step", "proved", line)


@pytest.mark.parametrize("wrong", ["c_next", "bias"])
def test_a_name_that_holds_what_it_says_is_no_other_ones(wrong: str, told: Callable[[str], list[Told]]) -> None:
    """The line that reads another one has the name wrong, though nothing else reads the right one."""
    text, line = changed("lstm_cell_forward", "concat) + bf)", f"concat) + {wrong})")
    (said,) = told(text)
    assert said.says.startswith("lstm_cell_forward raises ")
    assert said.line == line


def test_two_names_that_one_line_makes_wrong_are_one_mistake(told: Callable[[str], list[Told]]) -> None:
    """One holds what belongs to the other, which keeps what it held before."""
    cell = TEMPLATE.index("def lstm_cell_backward")
    old = TEMPLATE[TEMPLATE.index("    dcct = (dc_next", cell) : TEMPLATE.index("    dft = (dc_next", cell)]
    new = "    dc = da_next * ot * (1 - np.tanh(c_next) ** 2)\n    dot = dc_next + dc\n"
    new += "    dcct = dc * it * (1 - cct ** 2)\n    dit = dc * cct * it * (1 - it)\n"
    text = TEMPLATE.replace(old, new)
    (said,) = told(text)
    assert (said.id, said.proof) == ("name-replaced", "proved")
    assert said.says == "what is made here is called dot, and is read as dc elsewhere"
    assert text.split("\n")[said.line - 1].strip() == "dot = dc_next + dc"


def test_the_line_of_the_loop_that_makes_the_caches_anew_is_told(told: Callable[[str], list[Told]]) -> None:
    """And not the one that adds to them."""
    start = TEMPLATE.index("        caches.append(cache)", TEMPLATE.index("def lstm_forward"))
    text = f"{TEMPLATE[:start]}        caches = []\n{TEMPLATE[start:]}"
    (said,) = (one for one in told(text) if one.id == "returned-otherwise")
    assert said.says.endswith("returns a list of 1 cache for 7 steps: the list is made anew here at each turn of the loop")
    assert text.split("\n")[said.line - 1] == "        caches = []"


@pytest.mark.parametrize(
    ("head", "misspelt", "own"),
    [
        ("lstm_cell_backward(da_next, dc_next, cache)", "lstm_cell_backward(da_next, dcnext, cache)", "dcnext"),
        ("rnn_cell_forward(xt, a_prev, parameters)", "rnn_cell_forward(xt, a_prev, params: dict)", "params"),
        ("lstm_cell_forward(xt, a_prev, c_prev, parameters)", "lstm_cell_forward(xt, a_prev, cprev, parameters)", "cprev"),
    ],
)
def test_an_argument_that_no_line_reads_is_one_mistake(head: str, misspelt: str, own: str, told: Callable[[str], list[Told]]) -> None:
    """However many lines read what it should be called, and whatever a cell left in the notebook under that name."""
    assert head in TEMPLATE
    text = TEMPLATE.replace(head, misspelt)
    (one,), (left,) = told(text), told(f"{text}\ndc_next = c_prev = np.random.randn(5, 10)\n")
    assert one.says.startswith(f"an argument is called {own} here, and no line reads that: what is read is ")
    assert one.says.endswith(" raises NameError")
    assert (one.line, one.id, one.proof) == (left.line, left.id, left.proof)
    assert text.splitlines()[one.line - 1].startswith(f"def {misspelt}")


@pytest.mark.parametrize("left", ["", "dc_next = 1.0\n", "dc_next = np.ones((5, 10))\n", "dc_next = np.random.randn(5, 10)\n"])
@pytest.mark.parametrize(("own", "slip"), [("dcnext", "c_next * ot * (1"), ("d", "np.tanh(c_next) + ot * (1")])
def test_what_is_wrong_beside_a_misspelt_argument_is_told_too(own: str, slip: str, left: str, told: Callable[[str], list[Told]]) -> None:
    """Both are sure together, whatever a cell left in the notebook under the argument's name."""
    text = TEMPLATE.replace("(da_next, dc_next, cache)", f"(da_next, {own}, cache)").replace("np.tanh(c_next) * ot * (1", slip)
    head, other = told(f"{text}\n{left}")
    assert (head.id, other.proof, text.splitlines()[other.line - 1].split()[0]) == ("name-replaced", "proved", "dot")


def test_a_mistake_that_makes_all_wrong_hides_no_misspelt_argument(told: Callable[[str], list[Told]]) -> None:
    """With the argument called as it is read no more is right, and yet it is wrong."""
    text = TEMPLATE.replace("rnn_cell_backward(da_next, cache)", "rnn_cell_backward(da_nxt, cache)").replace(
        "1 - a_next ** 2", "1 - a_next"
    )
    for left in ("da_next = 1.0\n", "da_next = np.ones((5, 10))\n"):
        assert [one.id for one in told(f"{text}\n{left}")] == ["name-replaced", "wrong-activation-derivative"]


def test_a_line_that_alone_misspells_an_argument_has_it_wrong(told: Callable[[str], list[Told]]) -> None:
    """The head has the assignment's name."""
    text = TEMPLATE.replace("xt, parameters) = cache", "xt, parameters) = cach", 1)
    (one,) = told(text)
    assert one.says.endswith("no line gives cach a value (there is cache)")


def test_an_argument_that_is_forgotten_is_not_misspelt(told: Callable[[str], list[Told]]) -> None:
    """Its name is the assignment's, however like it a name is that has no value."""
    text = TEMPLATE.replace("(a_next, c_next, a_prev, c_prev, ft", "(a_next, c_nxt, a_prev, c_prev, ft").replace("dc_next * ", "1 * ")
    heads = [line for line, said in enumerate(text.splitlines(), 1) if said.startswith("def lstm_cell_backward")]
    said = told(text)
    assert said
    assert all(one.line not in heads for one in said)


def test_an_argument_that_is_handed_over_by_its_name_is_called_so(told: Callable[[str], list[Told]]) -> None:
    """What the helper's line reads is misspelt then, and no call of it raises."""
    helper = "def slope(gate):\n    half = gat * 1\n    return half * (1 - gat)\n\n\ndef lstm_cell_backward("
    text = TEMPLATE.replace("def lstm_cell_backward(", helper, 1).replace(
        "np.tanh(c_next) * ot * (1 - ot)", "np.tanh(c_next) * slope(gate=ot)"
    )
    assert "slope(gate=ot)" in text
    assert {one.line for one in told(text)} == {text[: text.index("half = gat")].count("\n") + 1}

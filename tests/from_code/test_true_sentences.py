"""What is said of a line is true of it, and names what the learner has written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.inputs import case
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.from_code.search.find import find
from whygrad.from_code.search.told_together import told_together
from whygrad.read.code_file import read_source
from whygrad.report.text import to_text
from whygrad.sandbox.harness import Harness
from whygrad.sandbox.requests import Piece, Request, Substitute
from whygrad.sandbox.tracer import places

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.from_code.finding import Finding
    from whygrad.records import Result

PROGRAM = "import numpy as np\n\n" + "\n\n".join(PARTS[name] for name in (*FUNCTIONS, "sigmoid", "softmax"))
_SUMS = [f"d{kind}{gate}" for kind in "Wb" for gate in "fico"]


def told(path: Path, text: str) -> Result:
    """The result for a program."""
    path.write_text(text, encoding="utf-8")
    source = read_source(path)
    return examine(source, Harness(source.pieces, PARTS), "here")


def findings(function: str, text: str) -> tuple[Finding, ...]:
    """What is found in one function of a program."""
    pieces = [Piece("cell 4", 1, text)]
    return told_together(find(Harness(pieces, PARTS), pieces, function, case(function, (3, 5, 4, 2, 4, 3), 1)))


def replaced(*edits: tuple[str, str, str]) -> str:
    """The reference program with some of its functions' text written otherwise."""
    texts = {function: PARTS[function] for function, _, _ in edits}
    for function, before, after in edits:
        assert before in texts[function]
        texts[function] = texts[function].replace(before, after, 1)
    program = PROGRAM
    for function, text in texts.items():
        program = program.replace(PARTS[function], text)
    return program


def test_sums_that_are_made_in_a_chain_are_one_array() -> None:
    """``dWf = dWi = ... = np.zeros(...)`` with ``+=`` is told at the line of the chain, once, with all its names."""
    chain = "dWf = dWi = dWc = dWo = np.zeros((n_a, n_a + n_x))"
    text = PARTS["lstm_backward"]
    lines = [line for line in text.splitlines() if not any(line.strip().startswith(f"dW{gate} = np.zeros") for gate in "ico")]
    text = "\n".join(lines)
    start = next(line.strip() for line in lines if line.strip().startswith("dWf = np.zeros"))
    text = text.replace(start, chain)
    for gate in "fico":
        text = text.replace(f"dW{gate} = dW{gate} + gradients", f"dW{gate} += gradients")
    (found,) = findings("lstm_backward", PROGRAM.replace(PARTS["lstm_backward"], text))
    assert (found.id, found.proof) == ("one-buffer-two-names", "proved")
    assert found.text == chain
    assert found.says == "dWf, dWi, dWc and dWo are one array: what is added to one is added to all"


def test_names_of_a_chain_are_places_of_their_own() -> None:
    """Each further name of ``a = b = value`` can be given a copy, and the names still share memory where none is."""
    text = "import numpy as np\ndef rnn_cell_forward(xt, a_prev, parameters):\n    p = q = np.zeros(2)\n    p += 1\n    return p, q, 0\n"
    pieces = [Piece("cell 1", 1, text)]
    (second,) = [place for place in places(pieces) if (place.kind, place.target) == ("assign", "q")]
    harness = Harness(pieces, PARTS)
    for substitutes, wanted in (((), 1.0), ((Substitute(second.id, None, copy=True),), 0.0)):
        request = Request("rnn_cell_forward", (0, 0, 0), frozenset({"rnn_cell_forward"}), trace=True, substitutes=substitutes)
        value = harness.run(request).value
        assert isinstance(value, tuple)
        np.testing.assert_array_equal(value[1], wanted)


def test_every_sum_that_is_overwritten_is_found() -> None:
    """All eight, however many rounds that takes, in one sentence."""
    text = replaced(*(("lstm_backward", f"{name} = {name} + gradients", f"{name} = gradients") for name in _SUMS))
    (found,) = findings("lstm_backward", text)
    assert (found.id, found.whole, found.proof) == ("overwritten-not-summed", True, "proved")
    assert [line for _, line in found.lines] == [found.line + number for number in range(1, len(_SUMS))]
    assert all(f"{name} (line " in found.says for name in list(_SUMS)[1:])


def test_a_search_that_was_cut_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more is wrong than was found, the number of mistakes is not told as all there are."""
    monkeypatch.setattr("whygrad.from_code.places.locate._ROUNDS", 2)
    text = replaced(*(("lstm_backward", f"{name} = {name} + gradients", f"{name} = gradients") for name in _SUMS))
    result = told(tmp_path / "cut.py", text)
    assert not result.search.complete
    says = " ".join(to_text(result).split())
    assert says.startswith("At least two mistakes. The first to mend is in lstm_backward")
    assert "more is wrong in lstm_backward than was found" in says


def test_a_carry_that_is_added_but_never_set_is_said_to_be_zero() -> None:
    """It is added, so nobody is told that it is not; and where it is not added, nobody is asked to print the slice of da."""
    (zero,) = findings("rnn_backward", replaced(("rnn_backward", "da_prevt = gradients['da_prev']", "pass")))[:1]
    assert zero.says.endswith("da_prevt is still zero there")
    (absent,) = findings("rnn_backward", replaced(("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, t]")))
    assert absent.says.endswith("what comes back from the step after is not added")
    assert "da[:" not in absent.hints[1]


def test_a_line_that_is_missing_is_looked_for_under_the_name_it_fills() -> None:
    """Not under that of the line at which it is told."""
    (found,) = findings("lstm_forward", replaced(("lstm_forward", "c[:, :, t] = c_next", "pass")))
    assert found.id == "left-at-zero"
    assert found.says.startswith("c stays as it is made")
    assert "a line that fills it, with its name on the left" in found.hints[1]


OTHERS = [
    ("lstm_cell_forward", "c_next = ft * c_prev + it * cct", "c_next = it * c_prev + ft * cct", "names-exchanged", "changed places"),
    ("lstm_cell_forward", "yt_pred = softmax(", "yt_pred = sigmoid(", "activation-wrong", "sigmoid where another activation belongs"),
    ("rnn_forward", "a_next = a0", "a_next = np.random.randn(n_a, m)", "draws-random", "drawn at random"),
    ("rnn_backward", "da[:, :, t] +", "da[:, :, -1] +", "upstream-wrong-step", "upstream gradient of the last step"),
    ("lstm_backward", "da0 = gradients['da_prev']", "da0 = dx[:, :, 0]", "initial-gradient-wrong", "da0 has shape"),
    ("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, t] * da_prevt", "operator-replaced", "*"),
]


@pytest.mark.parametrize(("function", "before", "after", "known", "says"), OTHERS)
def test_what_is_said_is_true_of_the_line(function: str, before: str, after: str, known: str, says: str) -> None:
    """Two names exchanged, an output's activation, random numbers, another step's gradient, something else for da0."""
    found = findings(function, replaced((function, before, after)))[0]
    assert found.id == known
    assert says in found.says


def test_a_draw_in_a_backward_function_spoils_what_is_computed_from_it_alone() -> None:
    """The check's own draws come before it."""
    (found,) = findings("rnn_cell_backward", replaced(("rnn_cell_backward", "dxt = ", "dxt = np.random.rand() + ")))
    assert (found.id, found.says) == ("draws-random", "dxt is drawn at random here")
    assert "the check" not in " ".join(found.hints)
    assert found.hints[1].startswith("This number comes from the generator, and from nothing that the function is given.")


def test_rows_in_another_order_are_no_missing_term() -> None:
    """A stack that is filled from below."""
    stack = "concat = np.concatenate((a_prev, xt), axis=0)"
    filled = "concat = np.zeros((len(a_prev) + len(xt), xt.shape[1]))\n    concat[:len(xt)] = xt\n    concat[len(xt):] = a_prev"
    found = findings("lstm_cell_forward", replaced(("lstm_cell_forward", stack, filled)))
    assert {one.id for one in found} == {"stack-wrong"}


def test_a_bracket_beside_another_is_found() -> None:
    """The line has brackets of its own that stay."""
    long = "dcct = (dc_next + ot * (1 - np.tanh(c_next) ** 2) * da_next * it * (1 - cct ** 2))"
    (found,) = findings("lstm_cell_backward", replaced(("lstm_cell_backward", "dcct = ", f"{long}  # ")))
    assert (found.id, found.proof) == ("bracket-moved", "proved")


def test_a_power_within_the_brackets_is_told_without_the_right_form() -> None:
    """That the tanh is squared, and not what it is given, is for the third hint."""
    (found,) = findings("lstm_cell_backward", replaced(("lstm_cell_backward", "np.tanh(c_next) ** 2", "np.tanh(c_next ** 2)")))
    assert (found.id, found.says.endswith("has np.tanh with its brackets in another place than they should be")) == ("bracket-moved", True)


def test_what_was_not_judged_is_not_called_right(tmp_path: Path) -> None:
    """A function that could not be run leaves the rest right and the whole unknown; the first sentence says why."""
    text = "import pandas as pd\nimport numpy as np\n" + PARTS["rnn_cell_forward"] + "\n\n" + PARTS["rnn_forward"]
    result = told(tmp_path / "rest.py", text.replace("a_next = a0", "a_next = pd.DataFrame(a0)"))
    assert result.verdict == "unknown"
    first = " ".join(to_text(result).split("\n\n", maxsplit=1)[0].split())
    assert first == "Right: rnn_cell_forward. Not judged: rnn_forward, because it needs pandas.DataFrame, which is not available here."


@pytest.mark.parametrize(
    ("function", "before", "line"),
    [
        ("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = np.where(da_next > 0, (1 - a_next ** 2) * da_next, 0)"),
        ("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = (1 - a_next ** 2) * da_next > 0"),
        ("rnn_backward", "da_prevt = gradients['da_prev']", "da_prevt = np.where(~(da[:, :, t] > 0), gradients['da_prev'], 0)"),
        ("rnn_backward", "dba = dba + gradients['dba']", "dba = dba + (gradients['dba'] > 0)"),
        ("rnn_forward", "a_next = a0", "a_next = a0 > 0"),
    ],
)
def test_truth_values_count_as_numbers(function: str, before: str, line: str) -> None:
    """A mask is no right value, and nothing fails over it: the line that makes or uses it is found."""
    (found,) = findings(function, replaced((function, before, line)))
    assert found.text == line


@pytest.mark.parametrize(
    ("function", "before", "line"),
    [
        ("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = ((1 - a_next ** 2) * da_next).astype(np.float16)"),
        ("rnn_backward", "dba = dba + gradients['dba']", "dba = np.half(dba + gradients['dba'])"),
        ("lstm_cell_forward", "c_next = ft * c_prev + it * cct", "c_next = (ft * c_prev + it * cct).astype('e')"),
    ],
)
def test_half_precision_is_no_slip_of_a_formula(tmp_path: Path, function: str, before: str, line: str) -> None:
    """Where nothing but the digits is lost, that is told, at the line that asks for the short numbers; the note says how many digits."""
    result = told(tmp_path / "half.py", replaced((function, before, line)))
    (mistake,) = result.mistakes
    assert (mistake.id, mistake.location and mistake.location.text) == ("half-precision", line)
    assert result.notes == (f"{function} returns float16, which has three digits",)


def test_a_slip_among_numbers_of_half_precision_is_told_by_its_own_name(tmp_path: Path) -> None:
    """The digits that are lost are not taken for more slips."""
    half = ("rnn_cell_backward", "dtanh = (1 - a_next ** 2) * da_next", "dtanh = ((1 - a_next ** 2) * da_next).astype(np.float16)")
    result = told(tmp_path / "half.py", replaced(half, ("rnn_cell_backward", "np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)")))
    assert [mistake.id for mistake in result.mistakes] == ["transpose-wrong"]


def test_a_number_too_many_is_no_term_that_stands_twice() -> None:
    """What is inside of no other name is not looked for there."""
    (found,) = findings("rnn_cell_backward", replaced(("rnn_cell_backward", "1 - a_next ** 2", "1 - a_next ** 2 + 0.2")))
    assert (found.id, found.says) == ("term-added", "dtanh has a term too many: 0.2")


@pytest.mark.parametrize("function", ["rnn_backward", "lstm_backward"])
def test_what_is_computed_and_left_out_is_told_at_the_dictionary(function: str) -> None:
    """Not at the call that gives it."""
    (found,) = findings(function, replaced((function, "'da0': da0, ", "")))
    assert found.text.startswith("gradients = {'dx': dx, ")
    assert found.says == "this dictionary has nothing under the key da0"


THOUGH = "comes out wrong here, though all that goes in is right"
OF_THE_INPUT = [
    (
        "xs = x.reshape(T_x, n_x, m)",
        "xs[t]",
        "xs is made of the numbers of several steps, because x is reshaped before it is cut",
    ),
    ("xs = x - x.mean()", "xs[:, :, t]", "xs has a term too many: x.mean()"),
    ("xs = np.abs(x)", "xs[:, :, t]", f"xs {THOUGH}"),
    ("xs = np.cumsum(x, axis=2)", "xs[:, :, t]", f"xs {THOUGH}"),
    ("xs = [np.abs(x[:, :, t]) for t in range(T_x)]", "xs[t]", f"np.abs(x[:, :, t]) {THOUGH}"),
]


@pytest.mark.parametrize(("made", "given", "says"), OF_THE_INPUT, ids=[case[0] for case in OF_THE_INPUT])
def test_a_wrong_input_is_no_wrong_start(made: str, given: str, says: str) -> None:
    """An input that is made wrongly before the loop is told at the line that makes it, and never called a state."""
    text = PARTS["lstm_forward"].replace("(x[:, :, t]", f"({given}").replace("    for t in", f"    {made}\n    for t in", 1)
    (finding,) = findings("lstm_forward", text)
    assert text.splitlines()[finding.line - 1].strip() == made
    assert finding.says.startswith(says)


@pytest.mark.parametrize(
    ("before", "after", "id_", "says"),
    [
        ("x[:, :, t]", "np.abs(x[:, :, t])", None, "np.abs(x[:, :, t]) comes out wrong here, though all that goes in is right"),
        ("a_next, c_next, parameters", "np.abs(a_next), c_next, parameters", "initial-state-wrong", "np.abs(a_next) is not the state that"),
    ],
)
def test_which_argument_of_the_first_call(before: str, after: str, id_: str | None, says: str) -> None:
    """Only a state is called one, and not by the name of what is right in it."""
    text = PARTS["lstm_forward"]
    assert text.count(before) == 1
    (finding,) = findings("lstm_forward", text.replace(before, after))
    assert finding.id == id_
    assert finding.says.startswith(says)


def test_a_result_in_a_table_has_the_assignments_name() -> None:
    """And not its place in the tuple; axes of a list of steps are told by what each of them is."""
    text = PARTS["lstm_forward"].replace("return (a, y, c, caches)", "return (np.moveaxis(a, 2, 0).reshape(a.shape), y, c, caches)")
    (finding,) = findings("lstm_forward", text)
    assert finding.stretch is not None
    assert [row.name for row in finding.stretch.came_out] == ["a"]
    text = PARTS["lstm_forward"].replace("return (a, y, c, caches)", "return (np.moveaxis(a, 2, 0), y, c, caches)")
    (finding,) = findings("lstm_forward", text)
    assert finding.says == "np.moveaxis(a, 2, 0) has its axes in another order: shape (4, 5, 4), and what belongs here has shape (5, 4, 4)"
    assert finding.hints[1].startswith("An array of a sequence has the units (or inputs) first, then the examples, then the steps")


def test_a_helper_that_is_wrong_at_all_its_calls_is_not_said_to_be_right_at_others() -> None:
    """With two slips, one in the helper and one at each call, neither can be told by itself."""
    text = PARTS["lstm_cell_backward"]
    for gate in ("ot", "it", "ft"):
        assert f"{gate} * (1 - {gate})" in text
        text = text.replace(f"{gate} * (1 - {gate})", f"slope(sigmoid({gate}))")
    helper = "def slope(s):\n    return s * 1 - s ** 3\n\n\n"
    (finding,) = findings("lstm_cell_backward", helper + text)
    assert finding.says == (
        "what slope makes of this call is wrong, and of its other calls too: it is wrong itself, or given wrongly by all"
    )


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("t < T_x - 1", "of the steps' gradients, dWi lacks that of the last step"),
        ("t != 1", "of the steps' gradients, dWi lacks that of the last step but one"),
        ("t == 1", "of the steps' gradients, dWi holds that of the last step but one alone"),
    ],
)
def test_which_steps_a_sum_lacks_is_told_of_its_end(condition: str, says: str) -> None:
    """And not of the turn at which it is first wrong."""
    line = "        dWi = dWi + gradients['dWi']\n"
    text = PARTS["lstm_backward"]
    assert line in text
    (finding,) = findings("lstm_backward", text.replace(line, f"{line[:-1]} if {condition} else dWi\n"))
    assert finding.says == says


@pytest.mark.parametrize(
    ("line", "known", "says"),
    [
        ("da_prevt = da_prevt + da[:, :, t]", "term-repeated", "da_prevt has a term too many: da[:, :, t]"),
        ("da_prevt += da[:, :, t]", "term-added", "da_prevt has a term too many: da_prevt is right before this line"),
        ("da_next = da_next + da[:, :, t]", "term-repeated", "da[:, :, t] is added to da_next here, and once more in line {below}"),
    ],
)
def test_a_step_that_is_added_before_the_call_and_in_it(line: str, known: str, says: str) -> None:
    """Where the carry is right before the line; at the first turn it is zero, with which most operators make the same."""
    text, call = PARTS["lstm_backward"], "        gradients = lstm_cell_backward(da[:, :, t] + da_prevt"
    assert call in text
    text = text.replace(call, f"        {line}\n{call}").replace("da_prevt", line.partition(" ")[0])
    (finding,) = findings("lstm_backward", text)
    assert (finding.id, finding.text, finding.proof) == (known, line, "proved")
    assert finding.says == says.format(below=finding.line + 1)


def test_a_name_that_says_slope_should_hold_one() -> None:
    """That its value is a right one, though no slope, is no reason to blame the line that multiplies with it."""
    text, before = PARTS["rnn_cell_backward"], "dtanh = (1 - a_next ** 2) * da_next"
    assert before in text
    (finding,) = findings("rnn_cell_backward", text.replace(before, "deriv_tanh = a_next ** 2\n    dtanh = deriv_tanh * da_next"))
    assert (finding.text, finding.proof) == ("deriv_tanh = a_next ** 2", "proved")
    assert finding.says == "deriv_tanh has a_next ** 2 without the one minus"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("dWi = dWi + gradients['dWi']", "of the steps' gradients, dWi lacks that of step 0"),
        ("dx[:, :, t] = gradients['dxt']", "dx gets nothing at step 0."),
    ],
)
def test_a_step_that_a_condition_leaves_out_is_told_there(line: str, says: str) -> None:
    """And not where the result is handed out."""
    text = PARTS["lstm_backward"]
    assert f"        {line}\n" in text
    (finding,) = findings("lstm_backward", text.replace(f"        {line}\n", f"        if t > 0:\n            {line}\n"))
    assert (finding.text, finding.proof, finding.says) == ("if t > 0:", "proved", says)


def under(*conditions: str) -> str:
    """The course's loop with one of its sums under conditions."""
    text, line = PARTS["lstm_backward"], "dWi = dWi + gradients['dWi']"
    assert f"        {line}\n" in text
    lines = "".join(f"{'    ' * depth}{one}\n" for depth, one in enumerate([*conditions, line], 2))
    return text.replace(f"        {line}\n", lines)


@pytest.mark.parametrize("conditions", [("if t > 0:", "if gradients:"), ("if gradients:", "if t > 0:")])
def test_of_two_conditions_the_guilty_one_is_told(conditions: tuple[str, str]) -> None:
    """With that one always holding all is right."""
    (finding,) = findings("lstm_backward", under(*conditions))
    assert (finding.text, finding.proof) == ("if t > 0:", "proved")


def test_of_two_guilty_conditions_none_is_told() -> None:
    """With neither alone always holding all is right."""
    (finding,) = findings("lstm_backward", under("if t > 0:", "if t > 1:"))
    assert "if " not in finding.text


def test_a_carry_that_a_condition_leaves_out_is_told_there() -> None:
    """And not at the call that is given an old one."""
    text, line = PARTS["lstm_backward"], "da_prevt = gradients['da_prev']"
    assert f"        {line}\n" in text
    (finding,) = findings("lstm_backward", text.replace(f"        {line}\n", f"        if t != 2:\n            {line}\n"))
    assert (finding.text, finding.id, finding.proof) == ("if t != 2:", "loop-wrong", "proved")


def test_the_condition_of_the_other_branch_is_told() -> None:
    """The line stands behind its else."""
    (finding,) = findings("lstm_backward", under("if t == 0:\n            pass\n        else:"))
    assert finding.text == "if t == 0:"


@pytest.mark.parametrize("other", ["else:\n            pass", "elif t == 0:\n            print('the first step')"])
def test_a_condition_whose_other_branch_does_nothing_is_told(other: str) -> None:
    """Nothing is nothing, however it is written."""
    line = "            dWi = dWi + gradients['dWi']\n"
    (finding,) = findings("lstm_backward", under("if t > 0:").replace(line, f"{line}        {other}\n"))
    assert (finding.text, finding.proof) == ("if t > 0:", "proved")


def test_each_condition_is_told_for_what_it_leaves_out() -> None:
    """Beside a mistake that none of them makes."""
    text, line, carried = under("if t > 0:"), "dbf = dbf + gradients['dbf']", "dc_prevt = gradients['dc_prev']"
    assert f"        {line}\n" in text
    assert carried in text
    text = text.replace(f"        {line}\n", f"        if t != 1:\n            {line}\n").replace(carried, f"{carried} * 2")
    found = findings("lstm_backward", text)
    assert sorted(one.text for one in found) == sorted([f"{carried} * 2", "if t != 1:", "if t > 0:"])
    assert {one.proof for one in found} == {"proved"}


def test_a_guard_that_never_holds_is_no_mistake() -> None:
    """Though with it always holding all would be right."""
    text, line = PARTS["lstm_backward"], "dWi = dWi + gradients['dWi']"
    assert f"        {line}\n" in text
    guarded = ["part = -gradients['dWi']", "if np.isnan(part).any():", "    part = gradients['dWi']", "dWi = dWi + part"]
    (finding,) = findings("lstm_backward", text.replace(f"        {line}\n", "".join(f"        {one}\n" for one in guarded)))
    assert finding.text == guarded[0]


@pytest.mark.parametrize("guard", ["t == T_x - 1", "t == 0"])
def test_a_guard_that_puts_the_right_value_over_a_wrong_one_at_some_turns_is_right(guard: str) -> None:
    """The line before it is wrong at all of them."""
    text, line = PARTS["lstm_backward"], "        dWi = dWi + gradients['dWi']\n"
    guarded = ["part = 2 * gradients['dWi']", f"if {guard}:", "    part = gradients['dWi']", "dWi = dWi + part"]
    (finding,) = findings("lstm_backward", text.replace(line, "".join(f"        {one}\n" for one in guarded)))
    assert finding.text == guarded[0]


def test_a_condition_that_wrongly_never_holds_is_told() -> None:
    """Nothing else sets what is set under it."""
    (finding,) = findings("lstm_backward", under("if t == T_x:"))
    assert (finding.text, finding.proof) == ("if t == T_x:", "proved")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("dbi += gradients['dbi'] * (t + 2)", "dbi has a factor too many: t + 2"),
        ("dbi += gradients['dbi'] / (T_x - t)", "dbi has a division too many: by T_x - t"),
        ("dbi += 3 * gradients['dbi']", "dbi holds each step's gradient 3 times"),
        ("dbi = np.maximum(dbi, gradients['dbi'])", "dbi holds the largest of the steps' gradients and zero, not their sum"),
        ("dbi += dbf", "what is added to dbi here is dbf, another sum over the steps, and not a step's gradient"),
        ("dbi = dbi + dbo", "what is added to dbi here is dbo, another sum over the steps, and not a step's gradient"),
        (
            "dbi += dbi + gradients['dbi']",
            "of the steps' gradients, dbi holds that of the last step, 4 times, that of the last step but one, 2 times and that of step 0",
        ),
    ],
)
def test_what_is_added_at_a_turn_is_no_sum(line: str, says: str) -> None:
    """Of the last turn's share, or of the first turns alone, nothing is said that would have to be true of the sum in the end."""
    before = "dbi = dbi + gradients['dbi']"
    assert before in PARTS["lstm_backward"]
    (finding,) = findings("lstm_backward", PARTS["lstm_backward"].replace(before, line))
    assert finding.says == says


def test_which_steps_sums_by_key_lack() -> None:
    """The line makes them all, key by key, and each is told of its own end."""
    text = PARTS["rnn_backward"]
    for name in ("dWax", "dWaa", "dba"):
        text = text.replace(f"        {name} = {name} + gradients['{name}']\n", "")
    text = text.replace("    for t in rev", "    sums = {'dWax': dWax, 'dWaa': dWaa, 'dba': dba}\n    for t in rev")
    step = "        for key in sums:\n            sums[key] = sums[key] + gradients[key] * (t != 2)\n"
    text = text.replace("    da0 = gradients", f"{step}    da0 = gradients").replace(
        "'dWax': dWax, 'dWaa': dWaa, 'dba': dba}\n    return", "**sums}\n    return"
    )
    (finding,) = findings("rnn_backward", text)
    assert finding.says == "of the steps' gradients, sums[key] lacks that of the last step"


def test_a_line_that_only_scales_what_came_in_is_not_said_to_get_right_values() -> None:
    """It was given another quantity, a right one by itself, under a name that it changes in place; a second slip stands further down."""
    text = PARTS["rnn_cell_backward"].replace(
        "dtanh = (1 - a_next ** 2) * da_next", "dtanh = np.copy(a_next)\n    dtanh *= 1 - a_next ** 2"
    )
    found = findings("rnn_cell_backward", text.replace("np.dot(Wax.T, dtanh)", "np.dot(Wax.T, da_next)"))
    assert [one.text for one in found] == ["dtanh = np.copy(a_next)", "dxt = np.dot(Wax.T, da_next)"]


@pytest.mark.parametrize(
    ("power", "says"),
    [("zy.max(axis=0) - zy", "zy.max(axis=0) - zy has zy with the wrong sign"), ("-zy", "-zy has the wrong sign")],
)
def test_a_power_lacks_no_factor(power: str, says: str) -> None:
    """What is wrong in its exponent makes a factor, which belongs to no line."""
    softmax = f"zy = np.dot(Wya, a_next) + by\n    e = np.exp({power})\n    yt_pred = e / e.sum(axis=0)"
    (one,) = findings("rnn_cell_forward", PROGRAM.replace("yt_pred = softmax(np.dot(Wya, a_next) + by)", softmax))
    assert one.says == says

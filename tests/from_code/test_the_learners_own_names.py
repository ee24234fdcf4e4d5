"""Programs that name, hand out and collect things in ways of their own: what is wrong in them is found as in any other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from whygrad.from_code.examine import examine
from whygrad.from_code.reference.parts import FUNCTIONS, PARTS
from whygrad.read.code_file import read_source
from whygrad.report.text import to_text
from whygrad.sandbox.harness import Harness

if TYPE_CHECKING:
    from pathlib import Path

    from whygrad.records import Mistake, Result

LSTM = ("sigmoid", "softmax", "lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward")
NOT_CARRIED = ("da[:, :, t] + da_prevt, dc_prevt", "da[:, :, t], dc_prevt")
HELPER = "def slope(upstream, value):\n    return upstream * (1 - value ** 2)\n\n"
WITH_HELPER = [
    ("dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)", "dc_next + slope(da_next * ot, np.tanh(c_next))"),
    ("dc * it * (1 - cct ** 2)", "slope(dc * it, cct)"),
]
STACKED = [
    (r"    da_prev = np\.dot.*\n", ""),
    (
        r"    dxt = .*\n",
        (
            "    both = np.dot(Wf.T, dft) + np.dot(Wi.T, dit) + np.dot(Wc.T, dcct) + np.dot(Wo.T, dot)\n"
            "    da_prev = both[:n_a]\n    dxt = both[n_a:]\n"
        ),
    ),
]
LETTERS = [
    (r"    d[Wb][fico] = .*\n", ""),
    (r"'dWf': dWf.*\}", "}"),
    (
        r"    return gradients",
        (
            "    rows = np.concatenate((dft, dit, dcct, dot))\n"
            "    for number, gate in enumerate('fico'):\n"
            "        part = rows[number * n_a:(number + 1) * n_a]\n"
            "        gradients['dW' + gate] = np.dot(part, np.concatenate((a_prev, xt), axis=0).T)\n"
            "        gradients['db' + gate] = part.sum(axis=1).reshape(-1, 1)\n"
            "    return gradients"
        ),
    ),
]
"""The reference's cell with one loop for the gradients of all parameters."""


def program(*edits: tuple[str, str, str], names: tuple[str, ...] = (*FUNCTIONS, "sigmoid", "softmax")) -> str:
    """The reference's functions with edits by regular expression, each of which has to change something."""
    texts = {name: PARTS[name] for name in names}
    for function, before, after in edits:
        changed = re.sub(before, lambda _, new=after: new, texts[function])
        assert changed != texts[function], before
        texts[function] = changed
    return "import numpy as np\n\n" + "\n\n".join(texts.values()) + "\n"


def told(path: Path, text: str) -> Result:
    """The result for a program."""
    path.write_text(text, encoding="utf-8")
    source = read_source(path)
    return examine(source, Harness(source.pieces, PARTS), "here")


def verdicts(result: Result) -> dict[str, str]:
    """The verdict of each function that is there."""
    return {one.function: one.verdict for one in result.functions if one.verdict != "missing"}


def only(result: Result) -> Mistake:
    """The one mistake, which is proved, and nothing is wrong beside it."""
    (mistake,) = result.mistakes
    assert (result.search.complete, mistake.proof) == (True, "proved")
    return mistake


def line(mistake: Mistake) -> str:
    """The text of its line."""
    assert mistake.location is not None
    return mistake.location.text.strip()


# -- functions under other names, and methods that are handed out --------------------------------------------------------


def renamed(text: str) -> str:
    """The program with two functions under names of their own, handed out under the assignment's at the end."""
    text = text.replace("lstm_cell_backward", "one_step_back").replace("lstm_backward", "through_time")
    return f"{text}\nlstm_cell_backward, lstm_backward = one_step_back, through_time\n"


def test_functions_that_are_handed_out_under_the_assignments_names(tmp_path: Path) -> None:
    """Each is judged with right ones around it, though it calls them by other names; lines are quoted as they were written."""
    assert set(verdicts(told(tmp_path / "right.py", renamed(program()))).values()) == {"right"}
    wrong = program(("lstm_cell_backward", re.escape("dft = dc * c_prev"), "dft = dc * it"))
    result = told(tmp_path / "cell.py", renamed(wrong))
    assert verdicts(result)["lstm_backward"] == "right"
    assert (only(result).function, line(only(result))) == ("lstm_cell_backward", "dft = dc * it * ft * (1 - ft)")
    result = told(tmp_path / "loop.py", renamed(program(("lstm_backward", re.escape(NOT_CARRIED[0]), NOT_CARRIED[1]))))
    assert only(result).id == "carry-missing"
    assert line(only(result)) == "gradients = one_step_back(da[:, :, t], dc_prevt, caches[t])"


def test_a_name_that_is_used_otherwise_too_is_left_alone(tmp_path: Path) -> None:
    """A local name that is called as the function is hides it: nothing is renamed, and nothing is called wrong that is not."""
    text = renamed(program()).replace("dtanh = ", "one_step_back = 0\n    dtanh = ")
    assert set(verdicts(told(tmp_path / "hidden.py", text)).values()) == {"right"}


def as_class(text: str) -> str:
    """The program with its functions of the LSTM as methods of a class, of which an object hands them out."""
    methods = re.sub(r"(?m)^def (\w+)\(", r"def \1(self, ", text.partition("\n")[2])
    for name in LSTM:
        methods = re.sub(rf"(?<!def )\b{name}\(", f"self.{name}(", methods)
    body = "\n".join(f"    {one}" if one else one for one in methods.splitlines())
    handed_out = "\n".join(f"{name} = net.{name}" for name in LSTM[2:])
    return f"import numpy as np\n\nclass Net:\n{body}\n\nnet = Net()\n{handed_out}\n"


def test_methods_that_an_object_hands_out(tmp_path: Path) -> None:
    """They are functions like others, and each can be judged by itself."""
    right = told(tmp_path / "right.py", as_class(program(names=LSTM)))
    assert verdicts(right) == dict.fromkeys(LSTM[2:], "right")
    wrong = program(("lstm_forward", re.escape("c_next = np.zeros((n_a, m), dtype)"), "c_next = c[:, :, 0]"), names=LSTM)
    result = told(tmp_path / "wrong.py", as_class(wrong))
    assert (only(result).function, line(only(result))) == ("lstm_forward", "c_next = c[:, :, 0]")


# -- what is read from the notebook, beside something that is wrong -------------------------------------------------------


def test_a_slip_beside_a_name_of_the_notebook(tmp_path: Path) -> None:
    """A function that cannot run without a name that the notebook computes is judged with what its arguments hold under it."""
    text = program(
        ("lstm_cell_backward", r"    Wo = .*\n", ""),
        ("lstm_cell_backward", re.escape("dit = dc * cct"), "dit = dc * it"),
    )
    result = told(tmp_path / "both.py", text + "\nnp.random.seed(1)\nWo = np.random.randn(5, 8)\n")
    assert verdicts(result)["lstm_cell_backward"] == "wrong"
    assert line(only(result)) == "dit = dc * it * it * (1 - it)"
    assert result.notes == ("lstm_cell_backward reads Wo from the notebook, not from its arguments: it was judged with the same in both",)


# -- another kind of quantity ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gates", ["fico", "fi", "o"])
def test_gradients_of_weights_in_the_place_of_weights(tmp_path: Path, gates: str) -> None:
    """One slip, however many gates it is made in, and with its name."""
    edits = [("lstm_cell_backward", before, after) for before, after in STACKED]
    edits += [("lstm_cell_backward", rf"W{gate}\.T, ", f"dW{gate}.T, ") for gate in gates]
    mistake = only(told(tmp_path / "kind.py", program(*edits)))
    assert mistake.id in {"kind-replaced", "name-replaced"}
    assert all(f"dW{gate}.T" in mistake.says for gate in gates)
    assert line(mistake).startswith("both = ")


def test_another_kind_that_is_cut_as_it_stands_there(tmp_path: Path) -> None:
    """Rows of a transposed matrix are rows of what belongs there."""
    summed = (
        "    da_prev = np.dot(Wf.T[:n_a, :], dft)\n    da_prev += np.dot(dWi.T[:n_a, :], dit)\n"
        "    da_prev += np.dot(Wc.T[:n_a, :], dcct)\n    da_prev += np.dot(Wo.T[:n_a, :], dot)\n"
    )
    mistake = only(told(tmp_path / "cut.py", program(("lstm_cell_backward", r"    da_prev = np\.dot.*\n", summed))))
    assert (mistake.id, mistake.says) == ("kind-replaced", "da_prev has dWi.T[:n_a, :] where another value belongs")


# -- the line that is wrong, and not one that is right ----------------------------------------------------------------------


def test_parts_of_a_right_stack_that_are_exchanged(tmp_path: Path) -> None:
    """The stack is right, and so it is not blamed; nor do two names that hold each other's part speak of sizes."""
    edits = [("lstm_cell_backward", before, after) for before, after in STACKED]
    exchanged = [("lstm_cell_backward", r"both\[:n_a\]", "both[n_a:] "), ("lstm_cell_backward", r"both\[n_a:\]\n", "both[:n_a]\n")]
    mistake = only(told(tmp_path / "parts.py", program(*edits, *exchanged)))
    assert mistake.says == "da_prev and dxt are given each other's values, here and in the line after"
    assert "sizes" not in mistake.hints[1]


def test_a_helper_that_is_wrong_for_all_that_call_it(tmp_path: Path) -> None:
    """Its own line is told, with its name, and no line that calls it."""
    text = HELPER + program(*(("lstm_cell_backward", re.escape(before), after) for before, after in WITH_HELPER))
    assert set(verdicts(told(tmp_path / "right.py", text)).values()) == {"right"}
    mistake = only(told(tmp_path / "wrong.py", text.replace("value ** 2", "np.tanh(value) ** 2")))
    assert (mistake.id, line(mistake)) == ("wrong-activation-derivative", "return upstream * (1 - np.tanh(value) ** 2)")


@pytest.mark.parametrize(("line_", "wrong"), [("states.append(a_next)", "states.append(a0)"), ("outs.append(yt)", "outs.append(yt * 2)")])
def test_what_is_appended_wrongly(tmp_path: Path, line_: str, wrong: str) -> None:
    """The line that appends is told, not the one that makes an array of the list."""
    edits = [
        ("rnn_forward", r"    a = np\.zeros.*\n", "    states = []\n"),
        ("rnn_forward", r"    y_pred = np\.zeros.*\n", "    outs = []\n"),
        ("rnn_forward", r"a\[:, :, t\] = a_next", "states.append(a_next)"),
        ("rnn_forward", r"y_pred\[:, :, t\] = yt_pred", "outs.append(yt)"),
        ("rnn_forward", r"a_next, yt_pred, cache", "a_next, yt, cache"),
        ("rnn_forward", r"\(a, y_pred, ", "(np.dstack(states), np.stack(outs, axis=2), "),
    ]
    text = program(*edits)
    assert verdicts(told(tmp_path / "right.py", text))["rnn_forward"] == "right"
    result = told(tmp_path / "wrong.py", text.replace(line_, wrong))
    assert [line(mistake) for mistake in result.mistakes] == [wrong]


def test_a_key_that_is_not_there_beside_the_one_that_nobody_asks_for(tmp_path: Path) -> None:
    """What stands under that key is tried, and with it all is right: the line is proved, and nothing more is said to be wrong."""
    text = program(("lstm_backward", r"gradients\['da_prev'\]\n        dc", "gradients['da_next']\n        dc"))
    text = text.replace("da_prevt", "coming").replace("da0 = gradients['da_prev']", "da0 = coming")
    result = told(tmp_path / "key.py", text)
    assert line(only(result)) == "coming = gradients['da_next']"
    assert only(result).says.startswith("'da_next' is asked for here, and there is nothing under this key")


def test_a_loop_that_names_the_gates_in_another_order(tmp_path: Path) -> None:
    """The loop is told, once for all that is stored within it; that there are as many gates as units makes them no rows."""
    text = program(*(("lstm_cell_backward", before, after) for before, after in LETTERS))
    assert set(verdicts(told(tmp_path / "right.py", text)).values()) == {"right"}
    mistake = only(told(tmp_path / "order.py", text.replace("enumerate('fico')", "enumerate('fioc')")))
    assert line(mistake) == "for number, gate in enumerate('fioc'):"
    assert mistake.says.startswith("'o' and 'c' stand in each other's place here")


# -- sentences --------------------------------------------------------------------------------------------------------------


def test_what_is_wrong_at_one_step_alone(tmp_path: Path) -> None:
    """A state that wraps round to the last slot at the first step: that it is this step is said."""
    text = program(
        ("lstm_forward", r"    a_next = a0\n", ""),
        ("lstm_forward", r" a = np\.zeros", " a = np.empty"),
        ("lstm_forward", r"    for t in range\(T_x\):\n", "    for t in range(T_x):\n        before = a[:, :, t - 1]\n"),
        ("lstm_forward", r"x\[:, :, t\], a_next, c_next", "x[:, :, t], before, c_next"),
    )
    assert only(told(tmp_path / "wraps.py", text)).says.endswith(", at step 0 alone")


def test_the_hint_of_a_missing_carry_says_which_half_is_missing(tmp_path: Path) -> None:
    """The code shows whether the call makes no use of the carry, or the loop gives it no value; numbers alone do not."""
    unread = only(told(tmp_path / "unread.py", program(("lstm_backward", re.escape(NOT_CARRIED[0]), NOT_CARRIED[1]))))
    assert unread.hints[1].startswith("What is given here makes no use of what the later step hands back.")
    unset = only(told(tmp_path / "unset.py", program(("lstm_backward", r"        da_prevt = .*\n", ""))))
    assert unset.hints[1].startswith("The loop gives da_prevt no new value, or zero again.")


HINTS = [
    (r"dba = dba \+ gradients.*", "dba += dba", "dba is added to itself here", "This line reads dba and nothing else, so"),
    (
        "        dba = dba",
        "    dba = dba",
        "dba gets a value once, after the loop",
        "What stands after the loop is run once, with what the last turn left.",
    ),
    (
        "    da0 = gr",
        "        break\n    da0 = gr",
        "this line ends the loop",
        "Print t at the start of each turn. What ends the whole loop",
    ),
]


@pytest.mark.parametrize(("before", "after", "says", "hint"), HINTS)
def test_the_hint_speaks_of_what_the_line_does(before: str, after: str, says: str, hint: str, tmp_path: Path) -> None:
    """A sum of itself, a line behind the loop, and a loop that is left: the text of all mistakes of their kind would not help."""
    mistake = only(told(tmp_path / "rnn.py", program(("rnn_backward", before, after))))
    assert says in mistake.says
    assert mistake.hints[1].startswith(hint)


def test_a_key_that_is_misspelt_is_told(tmp_path: Path) -> None:
    """And not that it may be another dictionary."""
    (mistake,) = told(tmp_path / "key.py", program(("rnn_cell_backward", "'dWaa': ", "'dWwa': "))).mistakes
    assert mistake.says == "what belongs under the key dWaa gets the key dWwa"


@pytest.mark.parametrize("kinds", [("Wf", "bo"), ("Wf", "Wi", "bc", "bo")])
def test_a_hint_that_differs_in_a_name_alone_is_told_once(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    """Of two sums that are set anew at each step each has its line, and the first the hint; of more the first tells of all."""
    edits = [("lstm_backward", rf"d{kind} = d{kind} \+ gr", f"d{kind} = gr") for kind in kinds]
    result = told(tmp_path / "sums.py", program(*edits))
    assert len(result.mistakes) == (2 if len(kinds) == 2 else 1)
    text = " ".join(to_text(result).split())
    assert text.count("sends back a gradient of its own") == 1
    assert all(f"d{kind} = gradients['d{kind}']" in text or f"d{kind} (line " in text for kind in kinds)
    at = "and at the other lines" if len(kinds) > 2 else "and in the place of the other mistakes"
    assert f"with the right value put in here {at}, lstm_backward is right" in text


@pytest.mark.parametrize(
    ("function", "before", "after"),
    [
        ("lstm_backward", "da_prevt = gradients['da_prev']", "da_prev_t = gradients['da_prev']"),
        ("lstm_backward", "dc_prevt = gradients['dc_prev']", "dc_prev = gradients['dc_prev']"),
        ("rnn_backward", "da_prevt = gradients['da_prev']", "da_next = gradients['da_prev']"),
    ],
)
def test_a_carry_under_a_name_that_nobody_reads(tmp_path: Path, function: str, before: str, after: str) -> None:
    """The line with the misspelt name is told, and both names; not the call that does read a name."""
    mistake = only(told(tmp_path / "misspelt.py", program((function, re.escape(before), after))))
    assert (mistake.id, line(mistake)) == ("carry-missing", after)
    assert all(one.partition(" ")[0] in mistake.says for one in (before, after))


def test_a_call_that_reads_no_carry_is_told_though_a_name_is_read_nowhere(tmp_path: Path) -> None:
    """What comes back is taken and left: the call is to be mended."""
    edits = [("lstm_backward", re.escape(NOT_CARRIED[0]), NOT_CARRIED[1]), ("lstm_backward", r" da_prevt = gr", " da_prev = gr")]
    assert line(only(told(tmp_path / "left.py", program(*edits)))).startswith("gradients = lstm_cell_backward(da[:, :, t], dc_prevt")


# -- one slip behind another --------------------------------------------------------------------------------------------------

IN_TWO_LINES = [
    (r"    dft = .*\n", "    df = dc * c_prev\n    dft = df * ft * (1 - ft)\n"),
    (r"    dit = .*\n", "    di = dc * cct\n    dit = di * it * (1 - it)\n"),
]
"""The cell with the gradient at a gate in a line of its own, before its pre-activation's."""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("df = dc * c_next", "dft = df * ft * (1 - it)"),
        ("df = dc * it", "dft = df * ft"),
        ("di = dc * it", "dit = di * it * (1 + it)"),
    ],
)
def test_a_slip_that_the_line_after_it_hides(tmp_path: Path, first: str, second: str) -> None:
    """The right value of the later line mends all; both lines are told all the same, each with its own slip."""
    text = program(*(("lstm_cell_backward", before, after) for before, after in IN_TWO_LINES))
    assert set(verdicts(told(tmp_path / "right.py", text)).values()) == {"right"}
    for wrong in (first, second):
        text = re.sub(rf"(?m)^    {wrong.partition(' ')[0]} = .*$", f"    {wrong}", text)
    result = told(tmp_path / "both.py", text)
    assert [line(mistake) for mistake in result.mistakes] == [first, second]
    assert all(mistake.id != "unnamed" for mistake in result.mistakes)


def test_two_slips_in_one_line_are_not_shared_out(tmp_path: Path) -> None:
    """A line before that is right stays so, whatever could be made of it."""
    text = program(*(("lstm_cell_backward", before, after) for before, after in IN_TWO_LINES))
    result = told(tmp_path / "one.py", text.replace("dft = df * ft * (1 - ft)", "dft = di * ft * (1 + ft)"))
    assert [line(mistake) for mistake in result.mistakes] == ["dft = di * ft * (1 + ft)"]


# -- short numbers, and sums ----------------------------------------------------------------------------------------------------


def test_a_cache_alone_in_half_precision(tmp_path: Path) -> None:
    """That digits are lost is said, at the line that asks for it, and not that an entry is wrong."""
    result = told(tmp_path / "half.py", program(("lstm_cell_forward", r"c_prev, ft, it", "c_prev, ft.astype(np.float16), it")))
    (mistake,) = result.mistakes
    assert (mistake.id, mistake.function) == ("half-precision", "lstm_cell_forward")
    assert "ft.astype(np.float16)" in line(mistake)
    assert "its cache keeps three digits only" in mistake.says


def test_a_sum_in_a_forward_pass_is_no_bias(tmp_path: Path) -> None:
    """The hint for a softmax over the wrong axis speaks of axes."""
    text = program().replace("e_x / np.sum(e_x, axis=0)", "e_x / np.sum(e_x, axis=1, keepdims=True)")
    mistake = told(tmp_path / "softmax.py", text).mistakes[0]
    assert mistake.id == "sum-wrong"
    assert "bias" not in mistake.hints[1]


def test_a_list_in_another_order_is_put_together_wrongly(tmp_path: Path) -> None:
    """All that is appended is right, so the line that makes an array of the list is told."""
    edits = [
        ("rnn_backward", r"    dx = np\.zeros.*\n", "    each = []\n"),
        ("rnn_backward", r"dx\[:, :, t\] = gradients\['dxt'\]", "each.append(gradients['dxt'])"),
        ("rnn_backward", r"'dx': dx", "'dx': np.stack(each, axis=2)"),
    ]
    mistake = only(told(tmp_path / "order.py", program(*edits)))
    assert mistake.id == "input-gradient-stored-wrong"
    assert "np.stack(each, axis=2)" in line(mistake)


def test_a_carry_that_is_read_in_the_place_of_another(tmp_path: Path) -> None:
    """The other one is read nowhere then, and is no misspelt name: the call is to be mended."""
    text = program(("lstm_backward", re.escape(NOT_CARRIED[0]), "da[:, :, t] + da_prevt, da_prevt"))
    assert line(only(told(tmp_path / "other.py", text))).startswith("gradients = lstm_cell_backward(da[:, :, t] + da_prevt, da_prevt")

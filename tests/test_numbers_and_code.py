"""A post often shows the numbers and the code that printed them: both are looked at, and answered as one."""

from __future__ import annotations

import re
from textwrap import indent
from typing import TYPE_CHECKING

import numpy as np
import pytest

from whygrad import diagnose
from whygrad.assignments import SEQUENCE_MODELS
from whygrad.assignments.assignment import compiled
from whygrad.from_code.reference.parts import PARTS
from whygrad.from_numbers.tables import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECK = "rnn_cell_backward"
CODE = PARTS[CHECK]
SLIP = ("axis=1", "axis=0")
NO_SLOPE = ("(1 - a_next ** 2)", "a_next")


def printed(old: str = "", new: str = "") -> str:
    """What the check of the cell prints with a slip in it."""
    text = "\n".join(SEQUENCE_MODELS.functions[CHECK])
    assert old in text
    outputs = SEQUENCE_MODELS.run_check(CHECK, {CHECK: compiled(tuple(text.replace(old, new).splitlines()))})
    lines = [
        f'gradients["{name}"]{"".join(f"[{at}]" for at in index)} = {np.asarray(outputs[name])[index]!r}'
        for name, index in SEQUENCE_MODELS.printed[CHECK]
        if np.asarray(outputs[name])[index].ndim == 0
    ]
    return "\n".join(lines).replace("np.float64(", "").replace(")", "")


def post(numbers: str, code: str) -> str:
    """Both in one text."""
    return f"Hello,\nmy function is\n\n{code}\n\nand prints\n\n{numbers}\n\nWhy is that?\n"


def test_the_line_is_told_where_the_numbers_tell_of_the_same_function() -> None:
    """It counts within the post."""
    text = post(printed(*NO_SLOPE), indent(CODE.replace(*NO_SLOPE), "> "))
    diagnosis = diagnose(text)
    (mistake,) = diagnosis.mistakes
    assert mistake.location is not None
    assert mistake.location.line == text[: text.index("a_next *")].count("\n") + 1
    assert diagnosis.result.notes[-1] == "the code prints all 4 numbers that the text shows"
    assert diagnosis.result.reproduced == 4


@pytest.mark.parametrize(
    ("slip", "code", "note"),
    [
        (("", ""), CODE, "rnn_cell_backward is right"),
        (NO_SLOPE, CODE, "rnn_cell_backward is right; so another version of it seems to have printed these numbers"),
        (NO_SLOPE, PARTS["rnn_backward"], "rnn_backward is right"),
        (NO_SLOPE, PARTS["rnn_backward"].replace("da[:, :, t] + ", "da[:, :, t] - "), "rnn_backward is wrong (look at line 17)"),
    ],
)
def test_what_the_code_says_of_itself_is_told_beside_the_numbers(slip: tuple[str, str], code: str, note: str) -> None:
    """Where it is right, or stands elsewhere."""
    diagnosis = diagnose(post(printed(*slip), code))
    assert all(mistake.location is None for mistake in diagnosis.mistakes)
    assert diagnosis.result.notes[-1] == f"the code in the text was run too: {note}"
    assert "rnn_backward" not in diagnosis.exonerated


def test_an_explanation_in_a_function_that_is_right_is_none_where_there_is_another() -> None:
    """Every step from a0 prints the same as a cell that hands back the state that came in; how sure it is stays."""
    numbers = 'lstm_backward prints\ngradients["dx"][1][2] = {}\ngradients["da0"][2][3] = {}'
    lines = SEQUENCE_MODELS.functions["lstm_forward"]
    text = "\n".join(lines).replace("lstm_cell_forward(x[:, :, t], a_next,", "lstm_cell_forward(x[:, :, t], a0,")
    assert text != "\n".join(lines)
    outputs = SEQUENCE_MODELS.run_check("lstm_backward", {"lstm_forward": compiled(tuple(text.splitlines()))})
    shown = numbers.format(str(outputs["dx"][1, 2].tolist()).replace(",", ""), float(outputs["da0"][2, 3]))
    alone, beside = diagnose(shown), diagnose(post(shown, PARTS["lstm_forward"]))
    assert alone.mistakes[0].function == "lstm_forward"
    assert beside.mistakes[0].function == "lstm_cell_forward"
    assert "lstm_forward" not in {one.function for other in beside.alternatives for one in other.mistakes}
    assert beside.mistakes[0].confidence == alone.mistakes[0].confidence is not None


def test_right_numbers_beside_a_wrong_function() -> None:
    """They were printed before, or by entries that do not show it."""
    shown = "the code prints all 4 numbers that the text shows"
    for slip, note in ((SLIP, shown), (NO_SLOPE, "the numbers in the text were looked at too, and are right as far as they go")):
        diagnosis = diagnose(post(printed(), CODE.replace(*slip)))
        assert [mistake.location is not None for mistake in diagnosis.mistakes] == [True]
        assert note in diagnosis.result.notes[-1]


def test_a_function_that_is_not_whole_is_left_to_the_sentence_that_says_so() -> None:
    """And to the numbers."""
    diagnosis = diagnose(post(printed(*NO_SLOPE), CODE[:120]))
    assert diagnosis.mistakes
    says = "the text also holds code of rnn_cell_backward, which was not looked at; give the whole code as a file to know the line"
    assert diagnosis.result.notes[-1] == says


def test_code_beside_an_error_is_run() -> None:
    """It raises here too, which says more than the lines that the error quotes."""
    code = CODE.replace("a_prev.T", "a_prev")
    error = (
        "ValueError                                Traceback (most recent call last)\n"
        "<ipython-input-9-1> in <module>()\n----> 1 gradients = rnn_cell_backward(da_next, cache)\n\n"
        "<ipython-input-8-1> in rnn_cell_backward(da_next, cache)\n---> 10     dWaa = np.dot(dtanh, a_prev)\n\n"
        "ValueError: shapes (5,10) and (5,10) not aligned: 10 (dim 1) != 5 (dim 0)"
    )
    text = f"My function\n\n{code}\n\ngives\n\n{error}\n"
    (mistake,) = diagnose(text).mistakes
    assert mistake.location is not None
    assert mistake.location.line == text[: text.index("dWaa = ")].count("\n") + 1


@pytest.mark.parametrize("body", ["    ### START CODE HERE ###\n    return None", "    ### START CODE HERE ###\n    return {'dx': dx}"])
def test_code_that_prints_nothing_is_not_what_printed_the_numbers(body: str) -> None:
    """What a moderator cut out of a post, or a template; it is not called wrong."""
    diagnosis = diagnose(post(printed(*NO_SLOPE), f"def rnn_cell_backward(da_next, cache):\n{body}"))
    assert {mistake.function for mistake in diagnosis.mistakes} == {CHECK}
    says = "the text holds another version than the one that printed these numbers: as it stands there it prints nothing"
    assert diagnosis.result.notes[-1].startswith(f"of rnn_cell_backward {says}")


CUT = "    # taken out\n    return gradients"
GAP = "    for t in reversed(range(4)):\n        gradients = rnn_cell_backward(...)\n    return gradients"


@pytest.mark.parametrize(
    ("checks", "cut", "says"),
    [
        ((CHECK,), f"def {CHECK}(da_next, cache):\n{CUT}", "as it stands there it prints nothing"),
        ((CHECK,), f"def rnn_backward(da, caches):\n{GAP}", "of rnn_backward the text holds a version with gaps"),
        ((CHECK, "rnn_backward"), f"def rnn_backward(da, caches):\n{GAP}", "as it stands there it prints nothing"),
    ],
)
def test_code_that_was_cut_makes_no_right_numbers_wrong(checks: tuple[str, ...], cut: str, says: str) -> None:
    """Where a name has lost its line, what is left raises; of two checks the cut one's prints nothing, and right functions the other's."""
    numbers = printed() if checks == (CHECK,) else f"{printed()}\n\n{of_a_sequence()[1]}"
    diagnosis = diagnose(post(numbers, cut))
    assert (diagnosis.verdict, diagnosis.result.checks) == ("right", checks)
    assert says in diagnosis.result.notes[-1]


@pytest.mark.parametrize(
    ("slip", "lost", "error", "raises"),
    [
        ("np.dot(dtanh, a_prev.T)", "np.dot(dtanh, a_prevs.T)", "", True),
        ("a_prev.T)", "a_prev)", "ValueError: shapes (5,10) and (5,10) not aligned: 10 (dim 1) != 5 (dim 0)", True),
        ("a_prev.T)", "a_prev)", "Why does it stop with an error?", True),
        ("a_prev.T)", "a_prev)", "I got rid of an error, and where is my error now?", False),
        ("dWaa = np.dot(dtanh, a_prev.T)", "dWaa = None", "", False),
        ("dWaa = np.dot(dtanh, a_prev.T)", "dWaa = ...", "", False),
        ("    dWaa = np.dot(dtanh, a_prev.T)\n", "", "", False),
    ],
)
def test_whole_code_that_raises_beside_right_numbers(slip: str, lost: str, error: str, *, raises: bool) -> None:
    """A slip in a name, or an error in the text, stops it as it stands; a line that is lost or blank is another version's."""
    assert slip in CODE
    diagnosis = diagnose(post(f"{printed()}\n\n{error}", CODE.replace(slip, lost)))
    assert [mistake.function for mistake in diagnosis.mistakes] == [CHECK] * raises
    assert diagnosis.verdict == ("explained" if raises else "right")
    notes = diagnosis.result.notes
    if raises:
        assert notes[-1] == "the numbers in the text were looked at too, and are right as far as they go"
    else:
        assert any("another version than the one that printed these numbers" in note for note in notes)
        assert any(re.search(r"rnn_cell_backward raises \w+Error at line \d+$", note) for note in notes) == (
            "None" not in lost and "..." not in lost
        )


def test_numbers_that_wrong_functions_do_not_print() -> None:
    """Of those is not said that they print them."""
    diagnosis = diagnose(post(printed(), PARTS["rnn_backward"].replace("da[:, :, t] + ", "da[:, :, t] - ")))
    assert {mistake.function for mistake in diagnosis.mistakes} == {"rnn_backward"}
    assert diagnosis.result.notes[-1] == "the numbers in the text were looked at too, and are right as far as they go"


def of_a_sequence(*slips: tuple[str, str, str], check: str = "rnn_backward") -> tuple[dict[str, str], str]:
    """The functions of a recurrent network with slips in some, and what a check prints with them, if no other is said that of its loop."""
    own = {name: PARTS[name] for name in ("rnn_cell_forward", "rnn_cell_backward", "rnn_backward")}
    own[f"{check}_check"] = "\n".join(SEQUENCE_MODELS.functions[f"{check}_check"])
    for name, old, new in slips:
        assert old in own[name]
        own[name] = own[name].replace(old, new)
    names = {name for name, _, _ in slips}
    outputs = SEQUENCE_MODELS.run_check(check, {name: compiled(tuple(own[name].strip().splitlines())) for name in names})
    shown = [(name, index, np.asarray(outputs[name])[index]) for name, index in SEQUENCE_MODELS.printed[check]]
    lines = [
        f'gradients["{name}"]{"".join(f"[{at}]" for at in index)} = {str(value.tolist()).replace(",", "")}' for name, index, value in shown
    ]
    return own, "\n".join(lines)


NO_CARRY = ("rnn_backward", "da[:, :, t] + da_prevt", "da[:, :, t]")
MEAN = ("rnn_cell_backward", "np.sum(", "np.mean(")
NO_BIAS = ("rnn_cell_forward", " + ba", "")


@pytest.mark.parametrize(("held", "counted", "line"), [(MEAN, "1 of the 8", "np.mean"), (NO_CARRY, "7 of the 8", "da[:, :, t],")])
def test_numbers_of_two_functions_beside_the_code_of_one(held: tuple[str, str, str], counted: str, line: str) -> None:
    """Both are told, that in the code with its line; and how many of the numbers it prints by itself."""
    own, numbers = of_a_sequence(NO_CARRY, MEAN)
    text = post(numbers, own[held[0]])
    diagnosis = diagnose(text)
    assert [mistake.function for mistake in diagnosis.mistakes] == ["rnn_cell_backward", "rnn_backward"]
    places = {mistake.function: mistake.location.line for mistake in diagnosis.mistakes if mistake.location}
    assert places == {held[0]: text[: text.index(line)].count("\n") + 1}
    assert diagnosis.result.reproduced == diagnosis.result.printed == 8
    wrong, prints = f"{held[0]} is wrong (look at line {places[held[0]]})", f"among right functions the code prints {counted} numbers"
    assert f"{wrong}; {prints}, and with the others" in diagnosis.result.notes[-1]


def test_labels_that_two_checks_print_are_tried_as_numbers_of_both() -> None:
    """Without words they are read as the cell's; the code prints them in the other check."""
    own, numbers = of_a_sequence(("rnn_backward", "da_prevt = gradients", "da_prevt += gradients"))
    shared = "\n".join(line for line in numbers.splitlines() if "dWax" in line or "dba" in line)
    diagnosis = diagnose(f"{own['rnn_backward']}\n\nMy output:\n{shared}\n")
    assert [(mistake.id, mistake.function) for mistake in diagnosis.mistakes] == [("carry-added-up", "rnn_backward")]
    assert diagnosis.result.notes[-1] == "the code prints both numbers that the text shows"


def test_what_the_code_does_is_taken_as_known() -> None:
    """Without it something likelier explains the numbers, by a function that the text does not show."""
    slips = [NO_BIAS, (CHECK, "(1 - a_next ** 2)", "a_next * (1 - a_next)"), MEAN]
    own, numbers = of_a_sequence(*slips)
    mistakes = diagnose(post(numbers, own["rnn_cell_forward"])).mistakes
    assert [(mistake.function, mistake.location is not None) for mistake in mistakes] == [
        ("rnn_cell_forward", True),
        (CHECK, False),
        (CHECK, False),
    ]


def test_code_and_numbers_of_different_mistakes() -> None:
    """The numbers are of another version, and what the code does explains none of them."""
    diagnosis = diagnose(post(printed(*NO_SLOPE), CODE.replace("dtanh, a_prev.T", "dtanh, a_next.T")))
    assert [mistake.quantity for mistake in diagnosis.mistakes] == ["dtanh"]
    assert diagnosis.result.notes[-1].endswith("so another version of it seems to have printed these numbers")


def test_a_function_that_was_mended_may_have_printed_the_numbers_before() -> None:
    """What else explains them is told, and that this is only so if it was not mended."""
    own, numbers = of_a_sequence(("rnn_cell_forward", "(a_next, a_prev, xt", "(a_prev, a_prev, xt"))
    diagnosis = diagnose(post(numbers, own[CHECK]))
    assert {mistake.function for mistake in diagnosis.mistakes} == {"rnn_cell_forward"}
    says = f"{CHECK} is right; but if another version of {CHECK} printed these numbers, a mistake in it explains them too"
    assert diagnosis.result.notes[-1].endswith(says)


PRINTS = ("rnn_cell_backward", "    dtanh", "    print(da_next.shape, 0.5)\n    dtanh")


@pytest.mark.parametrize(("slips", "held"), [((PRINTS, MEAN), CHECK), ((NO_BIAS,), "rnn_cell_forward")])
def test_neither_what_functions_print_themselves_nor_a_lost_axis_disturbs(slips: Sequence[tuple[str, str, str]], held: str) -> None:
    """The code is run as it is, and the line is told."""
    own, numbers = of_a_sequence(*slips)
    head, value = numbers.rsplit(" = ", 1)
    diagnosis = diagnose(post(f"{head} = {value.strip('[]')}", own[held]))
    assert [(mistake.function, mistake.location is not None) for mistake in diagnosis.mistakes] == [(held, True)]
    assert diagnosis.result.notes[-1] == "the code prints all 8 numbers that the text shows"


OTHER_ORDER = ("rnn_cell_forward", "(a_next, a_prev, xt", "(a_prev, a_next, xt")
HELPER = (CHECK, "(1 - a_next ** 2)", "slope(a_next)")


@pytest.mark.parametrize(
    ("slip", "held", "code"),
    [
        (OTHER_ORDER, "rnn_cell_forward", ("", "")),
        (NO_CARRY, CHECK, HELPER[1:]),
        (NO_CARRY, "rnn_backward", ("def ", "def rnn_forward(x, a0, parameters):\n    return (x\n\ndef ")),
    ],
    ids=["another order of the cache", "a helper that is not shown", "a function that cannot be read"],
)
def test_of_versions_and_counts_nothing_is_said_but_by_experiment(slip: tuple[str, str, str], held: str, code: tuple[str, str]) -> None:
    """Where the check that printed the numbers was not run to its end on that code, both stay open."""
    own, numbers = of_a_sequence(slip)
    diagnosis = diagnose(post(numbers, own[held].replace(*code)))
    assert diagnosis.mistakes[-1].function == slip[0]
    assert not any("version" in one or "prints none" in one for one in diagnosis.result.notes)


def test_the_code_is_run_in_the_check_that_printed_the_numbers() -> None:
    """A copy of the notebook draws otherwise: then every number is another one, and the code prints them all."""
    own, numbers = of_a_sequence(
        (f"{CHECK}_check", "ba = np.random.randn(5, 1)", "ba = stale('rnn_forward')['ba']"), (CHECK, *NO_SLOPE), check=CHECK
    )
    diagnosis = diagnose(post(numbers, own[CHECK]))
    assert [(mistake.function, mistake.location is not None) for mistake in diagnosis.mistakes] == [(CHECK, True)]
    drawn = "draws no ba and uses the one that the check of rnn_forward left behind"
    assert f"the numbers of {CHECK} are those of a check that {drawn}" in diagnosis.result.notes
    assert diagnosis.result.notes[-1] == "the code prints all 5 numbers that the text shows"


@pytest.mark.parametrize(
    ("held", "otherwise", "line"),
    [(CHECK, ("a_next, a_prev, xt", "xt, a_prev, a_next"), None), ("rnn_backward", ("'dxt'", "'dx'"), "da[:, :, t],")],
    ids=["the order of the cache", "a key"],
)
def test_what_the_text_does_not_show_is_of_the_layout_that_the_functions_in_it_need(
    held: str, otherwise: tuple[str, str], line: str | None
) -> None:
    """The learner's other functions fit them, so nothing is wrong in that, and no other version printed the numbers."""
    own, numbers = of_a_sequence(NO_CARRY)
    assert otherwise[0] in own[held]
    text = post(numbers, own[held].replace(*otherwise))
    diagnosis = diagnose(text)
    (mistake,) = diagnosis.mistakes
    assert (mistake.id, mistake.function) == ("carry-missing", "rnn_backward")
    assert (mistake.location and mistake.location.line) == (line and text[: text.index(line)].count("\n") + 1)
    assert not any("holds another version" in one or "seems to" in one for one in diagnosis.result.notes)
    assert diagnosis.result.notes[-1].endswith("as those that it shows take them")


@pytest.mark.parametrize(("cell", "told"), [((CHECK, "(1 - a_next ** 2)", "(1 - a_next)"), True), (MEAN, False)])
def test_what_the_numbers_tell_in_part_is_told_beside_the_code(
    cell: tuple[str, str, str], told: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the functions that the text does not show; not where it says of those in the text what they do not do."""
    monkeypatch.setattr(clock, "MOST_SECONDS", 1.0)
    own, numbers = of_a_sequence(NO_CARRY, ("rnn_backward", "dba + gradients", "dba + 0.77 * gradients"), cell)
    diagnosis = diagnose(post(numbers, own[CHECK]))
    assert {mistake.function for mistake in diagnosis.mistakes} == {CHECK}
    says = "that whygrad knows, but 7 are where this is wrong: in rnn_backward, nothing reaches"
    assert (says in diagnosis.result.notes[-1]) is told
